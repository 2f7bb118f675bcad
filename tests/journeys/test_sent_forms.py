"""Every form is done once, however often it arrives."""

from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import quote

import pytest
from django.db.models import Model
from django.test import Client

from portal import clock
from portal.accounts import demo
from portal.accounts.models import Invitation, RoleProposal, User
from portal.correspondence.models import Message
from portal.workflow import sent_forms
from portal.workflow.models import SentForm
from reports.disclosure.models import Disclosure
from startups.challenges.models import Question
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.journeys.test_kept_words import hidden
from tests.markup import one_line
from tests.portal.test_factors import PASSWORD, Post, mailed
from tools.demonstration.rooms import challenges


def signed_in(person: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def token(client: Client, page: str) -> dict[str, str]:
    return {"csrfmiddlewaretoken": hidden(one_line(client.get(page)), "csrfmiddlewaretoken")}


def test_control_a_message_without_its_page_is_kept_as_often_as_it_comes(
    committed_world: World,
) -> None:
    assert messages_at_once(committed_world, with_token=False) == 3


def test_three_equal_messages_at_once_are_kept_once(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_forms, "PATIENCE", 20)  # however slow the machine is
    assert messages_at_once(committed_world, with_token=True) == 1


def messages_at_once(world: World, *, with_token: bool) -> int:
    application, person = world.submitted()
    page = f"/cases/{application.case.number}/"
    client = Client()
    client.force_login(person)
    sent = {"body": "いつ届きますか"} | (token(client, page) if with_token else {})

    def send() -> int:
        other = Client()
        other.cookies = SimpleCookie({name: m.value for name, m in client.cookies.items()})
        return other.post(f"{page}messages/", sent).status_code

    assert together(send, send, send) == [302, 302, 302]
    return Message.objects.count()


def test_other_words_or_a_page_loaded_again_are_another_form(world: World) -> None:
    application, person = world.submitted()
    page = f"/cases/{application.case.number}/"
    client = signed_in(person)
    first, second = token(client, page), token(client, page)
    for sent in (first, first, second, first | {"body": "はい"}):
        answer = client.post(f"{page}messages/", {"body": "いいえ"} | sent)
        assert answer.status_code == 302
    assert [*Message.objects.order_by("pk").values_list("body", flat=True)] == [
        "いいえ",
        "いいえ",
        "はい",
    ]


def test_who_pressed_twice_is_led_where_the_first_led_and_told_so(world: World) -> None:
    application, person = world.submitted()
    page = f"/cases/{application.case.number}/"
    client = signed_in(person)
    sent = {"body": "いいえ"} | token(client, page)
    once, twice = (client.post(f"{page}messages/", sent) for _press in range(2))
    assert once.headers["Location"] == twice.headers["Location"]
    assert "先に届いています" in client.get(page).content.decode()


def test_a_refusal_is_asked_again(world: World) -> None:
    application, person = world.submitted()
    page = f"/cases/{application.case.number}/"
    client = signed_in(person)
    sent = {"body": ""} | token(client, page)
    assert [client.post(f"{page}messages/", sent).status_code for _press in range(2)] == [422, 422]
    assert not SentForm.objects.exists()


def test_a_button_that_was_refused_is_asked_again(world: World) -> None:
    """It leads away as one that is done: only the page says why nothing came of it."""
    client = signed_in(world.officer)
    sent = {"do": "", "next": "/cases/"} | token(client, "/cases/")
    for _press in range(2):
        assert client.post("/cases/bulk/", sent)["Location"] == "/cases/"
        assert "案件を1つ以上選んでください" in client.get("/cases/").content.decode()
    assert not SentForm.objects.exists()


class Inviting:
    """Somebody of a firm, signed in by password alone, whose form is held up for a second proof."""

    def __init__(self, world: World) -> None:
        application, self.person = world.draft()
        self.person.set_password(PASSWORD)
        self.person.factor_offered_at = clock.now()
        self.person.save()
        self.client = Client()
        self.client.post("/accounts/login/", {"login": self.person.email, "password": PASSWORD})
        self.page = f"/organisations/{application.case.organisation_id}/"
        self.proof = f"/second-factor/now/?next={quote(f'{self.page}invite/', safe='')}"

    def send(self) -> str:
        """Where the form of one page leads."""
        sent = {"email": "new@firms.example", "role": "member", "csrfmiddlewaretoken": "one page"}
        return self.client.post(f"{self.page}invite/", sent)["Location"]


def test_whoever_goes_back_from_the_page_of_the_proof_is_asked_anew_and_done_once(
    world: World,
) -> None:
    inviting = Inviting(world)
    assert [inviting.send(), inviting.send()] == [inviting.proof] * 2
    assert not SentForm.objects.exists()
    inviting.client.force_login(inviting.person)  # by both
    assert [inviting.send(), inviting.send()] == [inviting.page] * 2
    assert Invitation.objects.count() == 1


def test_a_form_that_went_on_behind_the_proof_is_known_again(world: World, post: Post) -> None:
    inviting = Inviting(world)
    inviting.send()
    inviting.client.post(inviting.proof, {"send": "mail"})
    done = inviting.client.post(inviting.proof, {"code": mailed(post)})
    assert [done["Location"], inviting.send()] == [inviting.page] * 2
    assert Invitation.objects.count() == 1


def test_whoever_goes_back_from_the_page_of_the_password_is_asked_anew(world: World) -> None:
    client = Client()
    client.force_login(world.staff["administrator"])
    today = clock.today()
    sent = {
        "person": str(world.staff["auditor"].pk),
        "role": "inspector",
        "starts_on_y": today.year,
        "starts_on_m": today.month,
        "starts_on_d": today.day,
        "csrfmiddlewaretoken": "one page",
    }
    for _press in range(2):
        asked = client.post("/staff/roles/", sent)["Location"]
        assert asked.startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": demo.PASSWORD})
    assert client.post("/staff/roles/", sent)["Location"] == "/staff/roles/"
    assert RoleProposal.objects.count() == 1


def test_somebody_elses_page_is_no_key_to_mine(world: World) -> None:
    application, person = world.submitted()
    path = f"/cases/{application.case.number}/messages/"
    key = {"csrfmiddlewaretoken": "x" * 64, "body": "いいえ", "internal": "off"}
    for who in (person, world.officer):
        client = Client()
        client.force_login(who)
        assert client.post(path, key).status_code == 302
    assert Message.objects.count() == 2


def test_what_was_sent_is_forgotten_after_a_day(world: World) -> None:
    SentForm.objects.create(person=world.officer, key="x", led_to="/", at=clock.now())
    assert sent_forms.forget() == 0
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert sent_forms.forget() == 1


Form = tuple[User, str, str, dict[str, str], type[Model]]


def forms(world: World) -> dict[str, Form]:
    """Forms of several rooms that begin a row: who, its page, where it goes, what is typed, the row."""
    application, person = world.submitted()
    case = f"/cases/{application.case.number}/"
    number = challenges.published(
        challenges.round_of(world.staff), world.staff, "owner", challenges.SNOW
    ).number
    today = clock.today()
    day = {"received_on_y": today.year, "received_on_m": today.month, "received_on_d": today.day}
    return {
        "message": (person, case, f"{case}messages/", {"body": "x"}, Message),
        "memo": (world.officer, case, f"{case}messages/", {"body": "x", "internal": "on"}, Message),
        "disclosure": (
            world.officer,
            f"{case}disclosures/",
            f"{case}disclosures/",
            {"request_number": "1", "asked": "x"} | {name: str(n) for name, n in day.items()},
            Disclosure,
        ),
        "question": (
            person,
            f"/challenges/{number}/",
            f"/challenges/{number}/ask/",
            {"text": "x"},
            Question,
        ),
    }


def test_each_form_that_begins_a_row_is_kept_once(world: World) -> None:
    """Beside each the control: without the token of its page it is kept twice."""
    kept = {}
    for name, (who, page, path, typed, rows) in forms(world).items():
        bare, client = Client(), signed_in(who)
        bare.force_login(who)
        counts = [rows._default_manager.count()]
        for sender, sent in ((bare, typed), (client, typed | token(client, page))):
            for _press in range(2):
                assert sender.post(path, sent).status_code == 302, name
            counts.append(rows._default_manager.count())
        kept[name] = [counts[1] - counts[0], counts[2] - counts[1]]
    assert kept == {name: [2, 1] for name in kept}
