"""Every form is done once, however often it arrives."""

from datetime import timedelta
from http.cookies import SimpleCookie

from django.db.models import Model
from django.test import Client

from portal import clock
from portal.accounts.models import User
from portal.correspondence.models import Message
from portal.workflow import sent_forms
from portal.workflow.models import SentForm
from reports.disclosure.models import Disclosure
from startups.challenges.models import Question
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.journeys.test_kept_words import hidden
from tests.markup import one_line
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


def test_three_equal_messages_at_once_are_kept_once(committed_world: World) -> None:
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
