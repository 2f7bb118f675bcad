"""The consultation inbox: asked, answered, handed over to a programme; offers go to the departments too."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.accounts.models import Membership, Organisation, User
from portal.audit.models import Event
from portal.audit.verifying import first_fault
from portal.closures import calendars
from portal.correspondence.models import Mail
from portal.days import day_said
from portal.workflow.door import actions, begin, perform
from portal.workflow.errors import Forbidden, NotReady
from startups.concierge import access
from startups.concierge.models import Consultation
from tests.conftest import World
from tests.markup import one_line
from tests.startups import ERA
from tools.demonstration import simulation


def asked(world: World, kind: str = "question") -> Consultation:
    return begin(
        Consultation,
        by=world.people["representative"],
        kind=kind,
        title="何から始めるか",
        text="FAXの注文を変えたい。",
    )


def test_a_question_is_answered_and_handed_over(world: World) -> None:
    row = perform(asked(world), "answer", by=world.staff["concierge"], text="5社から始めましょう。")
    row = perform(row, "ask_again", by=world.people["representative"], text="費用は。")
    row = perform(
        row,
        "hand_over",
        by=world.staff["concierge"],
        call=world.calls["telework"],
        text="この補助金です。",
    )
    assert (row.state, row.handed_to, row.number.rsplit("-")[0]) == (
        "handed_over",
        world.calls["telework"],
        f"Q{ERA}",
    )
    assert [reply.text for reply in row.replies.all()] == [
        "FAXの注文を変えたい。",
        "5社から始めましょう。",
        "費用は。",
        "この補助金です。",
    ]
    mails = list(Mail.objects.order_by("pk"))
    desk, asker = world.staff["concierge"], world.people["representative"]
    assert [(mail.to, mail.subject) for mail in mails] == [
        (desk, f"相談が届きました：相談 {row.number}"),
        (asker, f"ご相談に回答が届きました：相談 {row.number}"),
        (desk, f"相談の続きが届きました：相談 {row.number}"),
        (asker, f"使える制度のご案内が届きました：相談 {row.number}"),
    ]
    assert all("FAX" not in mail.body and row.get_absolute_url() in mail.body for mail in mails)
    assert perform(row, "close", by=world.people["representative"]).state == "closed"
    assert first_fault() == ""


def test_a_call_that_is_not_public_is_not_suggested(world: World) -> None:
    call = world.calls["telework"]
    world.called_off(call)
    with pytest.raises(NotReady, match="公表されている"):
        perform(
            asked(world),
            "hand_over",
            by=world.staff["concierge"],
            call=type(call).objects.get(pk=call.pk),
            text="x",
        )


def test_departments_read_and_answer_offers_alone(world: World, client: Client) -> None:
    question, pitch = asked(world), asked(world, "pitch")
    owner = world.staff["eniwa_owner"]
    assert list(Consultation.objects.visible_to(owner)) == [pitch]
    assert perform(pitch, "answer", by=owner, text="道路があります。").state == "answered"
    with pytest.raises(Forbidden):
        perform(question, "answer", by=owner, text="x")
    for who, status in (
        (owner, 404),
        (world.outsider, 404),
        (world.officer, 404),
        (world.staff["auditor"], 200),
        (world.staff["concierge"], 200),
        (world.people["representative"], 200),
    ):
        client.force_login(who)
        assert client.get(question.get_absolute_url()).status_code == status, who


def test_the_buttons_of_each_role_and_state(world: World) -> None:
    row = asked(world, "pitch")
    people = {
        "asker": world.people["representative"],
        "concierge": world.staff["concierge"],
        "owner": world.staff["owner"],
        "auditor": world.staff["auditor"],
    }
    found = {}
    for state in Consultation.STATES:
        row.__dict__["state"] = state  # only in memory: the table asks, nothing is performed
        seen = {
            name: ",".join(sorted(a.spec.name for a in actions(user, row)))
            for name, user in people.items()
        }
        found[state] = {name: names for name, names in seen.items() if names}
    assert found == {
        "asked": {"asker": "close", "concierge": "answer,close,hand_over", "owner": "answer"},
        "answered": {
            "asker": "ask_again,close",
            "concierge": "answer,close,hand_over",
            "owner": "answer",
        },
        "handed_over": {"asker": "ask_again,close", "concierge": "close"},
        "closed": {},
    }


def test_the_pages_from_the_question_to_the_programme(world: World, client: Client) -> None:
    person = world.people["member"]
    client.force_login(person)
    assert "まだ相談はありません" in client.get("/consult/").content.decode()
    assert (
        client.post("/consult/new/", {"kind": "question", "title": "", "text": "x"}).status_code
        == 422
    )
    sent = {
        "kind": "question",
        "title": "端末",
        "text": "在宅勤務の端末は対象ですか。",
        "form_key": "k1",
    }
    where = client.post("/consult/new/", sent)["Location"]
    assert client.post("/consult/new/", sent)["Location"] == where  # pressed twice, asked once
    assert Consultation.objects.get().asked_by == User.objects.get(pk=person.pk)
    client.force_login(world.staff["concierge"])
    row = Consultation.objects.get()
    assert row.number in client.get("/staff/consult/").content.decode()
    done = client.post(
        f"/do/consultation/{row.pk}/hand_over/",
        {
            "seen": row.version,
            "key": "k",
            "call": world.calls["telework"].pk,
            "text": "こちらです。",
        },
    )
    assert done.status_code == 302
    client.force_login(person)
    page = client.get(where).content.decode()
    assert world.calls["telework"].public_url in page
    assert "こちらです。" in page


def test_an_offer_is_public_only_where_its_maker_wishes_and_the_office_has_looked(
    world: World, client: Client
) -> None:
    person = world.people.get("representative", world.outsider)
    shown = begin(
        Consultation,
        by=person,
        kind="pitch",
        title="路面センサー",
        text="試せる道路をさがしています",
        is_public=True,
    )
    secret = begin(Consultation, by=person, kind="pitch", title="まだ内緒の提案", text="x")
    begin(Consultation, by=person, kind="question", title="ただの相談", text="x", is_public=True)
    assert "路面センサー" not in client.get("/offers/").content.decode()
    path = f"/consult/{shown.number}/show/"
    for who, status in ((person, 404), (world.officer, 403), (world.staff["auditor"], 403)):
        client.force_login(who)
        assert client.post(path, {"shown": "1"}).status_code == status
    client.force_login(world.staff["eniwa_owner"])
    assert "内容を見たので公表する" in client.get(shown.get_absolute_url()).content.decode()
    assert client.post(path, {"shown": "1"}).status_code == 302
    with pytest.raises(NotReady, match="望んでいません"):
        access.show(secret, by=world.staff["concierge"])
    page = Client().get("/offers/").content.decode()
    assert "路面センサー" in page
    assert "内緒" not in page
    assert "ただの相談" not in page
    assert (person.email or "x") not in page
    client.post(path, {"shown": "0"})
    assert "路面センサー" not in Client().get("/offers/").content.decode()
    client.post(path, {"shown": "1"})
    acts = Event.objects.filter(subject=shown.subject_key).values_list("action", flat=True)
    assert [act for act in acts.order_by("pk") if "." in act][1:] == [
        "consultation.show",
        "consultation.hide",
        "consultation.show",
    ]
    perform(Consultation.objects.get(pk=shown.pk), "close", by=person)
    assert "路面センサー" not in Client().get("/offers/").content.decode()


def test_an_offer_bears_no_name_of_a_firm_that_nobody_proved(world: World, client: Client) -> None:
    """Anybody registers any number: a stranger's words would stand on a page of the city as those of a
    known firm. Nor does the name come back once the true people proved it, where who asked is none
    of them.
    """
    firm, person = simulation.organisation(world.sim)
    stranger = world.outsider
    Membership.objects.create(user=stranger, organisation=firm, role="representative")
    Organisation.objects.filter(pk=firm.pk).update(proved_how="", proved_at=None)
    offer = begin(
        Consultation,
        by=stranger,
        organisation=firm,
        kind="pitch",
        title="路面センサー",
        text="x",
        is_public=True,
    )
    owner = world.staff["owner"]
    client.force_login(owner)
    for page in (offer.get_absolute_url(), "/staff/consult/"):
        text = one_line(client.get(page))
        assert firm.name in text
        assert "未確認" in text
    access.show(offer, by=owner)

    def read() -> str:
        return Client().get("/offers/").content.decode()

    assert offer.title in read()
    assert firm.name not in read()
    Organisation.objects.filter(pk=firm.pk).update(proved_how="letter", proved_at=clock.now())
    assert firm.name in read()
    assert "未確認" not in one_line(client.get(offer.get_absolute_url()))
    Membership.objects.filter(user=stranger).update(left_at=clock.now())
    assert firm.name not in read()
    assert person.name not in read()


def test_who_looks_for_an_it_firm_asks_and_comes_back_to_the_draft(
    world: World, client: Client
) -> None:
    application, person = world.draft(call=world.call("dx_promotion"))
    client.force_login(person)
    section = reverse("application_section", args=[application.case.number, "eligibility"])
    way = unescape(re.search(r'href="(/consult/new/[^"]+)"', one_line(client.get(section)))[1])  # type: ignore[index]
    page = one_line(client.get(way))
    assert "一緒に進めるIT企業をさがしています（中小企業DX推進補助金）" in page
    assert "3営業日をめどにお答えします。" in page
    assert f'href="{section}"' in page  # the way back without asking
    assert page.count(" selected") == 1  # the one firm
    assert "・いま困っていること：" in page
    assert "リバースピッチ" not in page
    assert "リバースピッチ" in one_line(client.get(reverse("consultation_new")))
    asked = {
        "kind": "reverse_pitch",
        "is_public": "on",
        "title": "IT企業",
        "text": "受発注のシステム",
    }
    answer = client.post(way, asked, follow=True)
    assert answer.redirect_chain == [(section, 302)]
    row = Consultation.objects.get()
    assert (row.kind, row.is_public) == ("question", False)
    said = f"{day_said(row.answer_by)}までをめどにお答えし、メールでお知らせします。"
    assert said in one_line(answer)
    assert calendars.office("011002").between(clock.day_of(row.asked_at), row.answer_by) == 3
    assert said.partition("お答え")[0] in one_line(client.get(row.get_absolute_url()))


def test_the_check_leads_to_the_same_question(world: World, client: Client) -> None:
    call = world.call("dx_promotion")
    at = f"{call.public_url}check/?kind=sole_proprietor"
    page = one_line(client.get(at))
    assert f"/consult/new/?partner={call.code}&amp;next=" in page
    telework = f"{world.calls['telework'].public_url}check/?kind=sole_proprietor"
    assert "/consult/new/?partner" not in one_line(client.get(telework))


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_one_is_led_back_to_pages_of_ours_alone(world: World, client: Client, back: str) -> None:
    client.force_login(world.people["representative"])
    at = f"/consult/new/?partner=none&next={quote(back)}"
    assert f'href="{back}"' not in client.get(at).content.decode()
    answer = client.post(at, {"kind": "question", "title": "IT", "text": "a"})
    assert answer["Location"] == Consultation.objects.get().get_absolute_url()
