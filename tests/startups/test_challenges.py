"""Challenges: written by a department, coordinated, published with the road to adoption, asked and answered for all."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from grants.programmes.models import Call
from portal import clock
from portal.audit.models import Event
from portal.audit.verifying import first_fault
from portal.correspondence.models import Mail
from portal.workflow.door import actions, begin, perform
from portal.workflow.drafts import keep
from portal.workflow.errors import Forbidden, NotReady, WrongState
from startups.challenges import writing
from startups.challenges.models import Challenge
from tests.conftest import World
from tests.markup import one_line
from tests.startups import ERA
from tools.demonstration import simulation
from tools.demonstration.rooms import challenges


@pytest.fixture
def call(world: World) -> Call:
    return challenges.round_of(world.staff)


def typed(call: Call, **change: str) -> dict[str, str]:
    return challenges.typed(challenges.SNOW, call) | change


def draft(world: World, call: Call, who: str = "owner") -> Challenge:
    return begin(Challenge, by=world.staff[who], call=call, municipality_codes=["011002"])


def test_a_department_writes_hands_in_and_the_concierge_publishes(world: World, call: Call) -> None:
    challenge = keep(draft(world, call), typed(call), seen=0 + draft(world, call).version)
    done = writing.hand_in(challenge, by=world.staff["owner"])
    assert (done.state, done.content["support"], done.content["work"][0]["number"]) == (
        "coordinating",
        500_000,
        4,
    )
    assert [row["target"] for row in done.content["indicators"]] == ["3:00", "5"]
    done = perform(done, "publish", by=world.staff["concierge"])
    assert Challenge.objects.public().get() == done
    assert Challenge.objects.search("除雪").get() == done
    assert done.route is not None
    assert first_fault() == ""


def test_a_coordinated_challenge_waits_on_the_inbox_of_who_may_publish_it(
    world: World, call: Call, client: Client
) -> None:
    words = "調整中の行政課題が1件、公表の判断を待っています。"
    client.force_login(world.staff["concierge"])
    assert words not in one_line(client.get("/inbox/"))
    challenge = challenges.handed_in(call, world.staff, "owner", challenges.SNOW)
    assert words in one_line(client.get("/inbox/"))
    perform(challenge, "publish", by=world.staff["concierge"])
    assert words not in one_line(client.get("/inbox/"))
    mine = begin(Challenge, by=world.staff["concierge"], call=call, municipality_codes=["011002"])
    writing.hand_in(keep(mine, typed(call), seen=mine.version), by=world.staff["owner"])
    assert words not in one_line(client.get("/inbox/"))


def test_whoever_wrote_a_challenge_does_not_publish_it(world: World, call: Call) -> None:
    challenge = begin(
        Challenge, by=world.staff["concierge"], call=call, municipality_codes=["011002"]
    )
    challenge = writing.hand_in(
        keep(challenge, typed(call), seen=challenge.version), by=world.staff["owner"]
    )
    with pytest.raises(Forbidden, match="課題の作成"):
        perform(challenge, "publish", by=world.staff["concierge"])


def test_without_a_road_to_adoption_nothing_is_published(world: World, call: Call) -> None:
    challenge = challenges.handed_in(call, world.staff, "owner", challenges.PAPERS)
    with pytest.raises(
        NotReady, match="本格導入の方法、本格導入の予算の年度、本格導入までの進め方"
    ):
        perform(challenge, "publish", by=world.staff["concierge"])
    back = perform(
        challenge, "send_back", by=world.staff["concierge"], reason="道すじを決めてください。"
    )
    assert (back.state, back.reason) == ("draft", "道すじを決めてください。")
    mails = [
        (mail.to, mail.subject)
        for mail in Mail.objects.filter(subject__startswith="課題").order_by("pk")
    ]
    assert mails == [
        (world.staff["concierge"], f"課題が調整に回りました：行政課題 CH{ERA}-001"),
        (world.staff["owner"], f"課題を担当課に戻しました：行政課題 CH{ERA}-001"),
    ]
    keep(back, typed(call), seen=back.version)
    again = writing.hand_in(Challenge.objects.get(pk=back.pk), by=world.staff["owner"])
    assert perform(again, "publish", by=world.staff["concierge"]).published_at is not None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "課題"),
        ({"support": "多め"}, "支援額"),
        ({"adoption_year": "1999"}, "5年以内の年度"),
        ({"work-0-number": "たくさん"}, "1行目の数"),
        (
            {
                "kpi-0-name": "",
                "kpi-0-unit": "",
                "kpi-0-baseline": "",
                "kpi-0-target": "",
                "kpi-0-method": "",
                "kpi-1-name": "",
                "kpi-1-unit": "",
                "kpi-1-baseline": "",
                "kpi-1-target": "",
                "kpi-1-method": "",
            },
            "1行以上",
        ),
        ({"ends_on_y": "2020"}, "始まりより後"),
        ({"kpi-0-target": ""}, "目標値"),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    world: World, call: Call, change: dict[str, str], words: str
) -> None:
    row = draft(world, call)
    challenge = keep(row, typed(call, **change), seen=row.version)
    with pytest.raises(NotReady) as refused:
        writing.hand_in(challenge, by=world.staff["owner"])
    assert any(words in reason for reason in refused.value.reasons), refused.value.reasons
    assert Challenge.objects.get(pk=row.pk).typed["background"] == challenges.SNOW["background"]


def test_another_municipality_neither_sees_nor_writes_it(
    world: World, call: Call, client: Client
) -> None:
    challenge = challenges.handed_in(call, world.staff, "owner", challenges.SNOW)
    other = world.staff["eniwa_owner"]
    assert not Challenge.objects.visible_to(other).exists()
    client.force_login(other)
    assert client.get(challenge.get_absolute_url()).status_code == 404
    with pytest.raises(Forbidden):
        begin(Challenge, by=other, call=call, municipality_codes=["011002"])
    with pytest.raises(Forbidden):
        writing.comment(challenge, kind="comment", text="x", by=other)
    shared = challenges.handed_in(
        call, world.staff, "eniwa_owner", challenges.VISITORS, more=("011002",)
    )
    assert set(Challenge.objects.visible_to(world.staff["owner"])) == {challenge, shared}


def test_the_board_reads_what_is_published_and_what_it_is_asked_about(
    world: World, call: Call, client: Client
) -> None:
    board, other = world.staff["reviewer"], world.staff["second_reviewer"]
    row = challenges.handed_in(call, world.staff, "owner", challenges.SNOW)
    public = challenges.published(call, world.staff, "owner", challenges.SNOW)
    client.force_login(board)

    def opened() -> list[int]:
        listed = client.get("/staff/challenges/").content.decode()
        assert (row.number in listed) is (client.get(row.get_absolute_url()).status_code == 200)
        paths = [row.get_absolute_url(), f"{row.get_absolute_url()}comment/"]
        return [client.get(paths[0]).status_code, client.post(paths[1]).status_code]

    assert client.get(public.get_absolute_url()).status_code == 200
    assert opened() == [404, 404]
    for asking in (world.officer, board):
        with pytest.raises(Forbidden):
            writing.comment(row, kind="comment", text="x", by=asking, asks=board)
    writing.comment(row, kind="comment", text="助言を", by=world.staff["concierge"], asks=board)
    assert opened() == [200, 422]
    letter = Mail.objects.get(to=board, subject__contains="助言")
    assert row.get_absolute_url() in letter.body
    assert not Challenge.objects.visible_to(other).filter(pk=row.pk).exists()
    with pytest.raises(Forbidden):  # the public page is there for everybody
        writing.comment(public, kind="comment", text="x", by=world.staff["concierge"], asks=board)


def test_the_buttons_of_each_role_and_state(world: World, call: Call) -> None:
    row = challenges.handed_in(call, world.staff, "owner", challenges.SNOW)
    found: dict[str, dict[str, str]] = {}
    for state in Challenge.STATES:
        row.__dict__["state"] = state  # only in memory: the table asks, nothing is performed
        for who in (
            "concierge",
            "owner",
            "officer",
            "approver",
            "reviewer",
            "accountant",
            "auditor",
            "administrator",
        ):
            if names := ",".join(sorted(a.spec.name for a in actions(world.staff[who], row))):
                found.setdefault(state, {})[who] = names
    assert found == {
        "draft": {"concierge": "cancel"},
        "coordinating": {"concierge": "cancel,publish,send_back,split"},
        "published": {
            "concierge": "ask_calling_off,call_off,decide,go_on",
            "owner": "ask_calling_off,go_on",
            "approver": "call_off,go_on",
        },
        "decided": {"concierge": "archive"},
    }


def test_a_question_is_answered_for_all_and_its_asker_stays_unnamed(
    world: World, call: Call, client: Client
) -> None:
    challenge = challenges.published(call, world.staff, "owner", challenges.SNOW)
    asker, reader = world.people["representative"], world.people["member"]
    first = "はじめにログイン"
    assert first in client.get(challenge.public_url).content.decode()
    client.force_login(asker)
    assert first not in client.get(challenge.public_url).content.decode()
    client.force_login(reader)
    assert client.post(f"/challenges/{challenge.number}/follow/").status_code == 302
    client.force_login(asker)
    assert client.post(f"/challenges/{challenge.number}/ask/", {"text": ""}).status_code == 422
    client.post(
        f"/challenges/{challenge.number}/ask/", {"text": "三上製作所の者です。映像は何枚ですか。"}
    )
    page = client.get(challenge.public_url).content.decode()
    assert "映像は何枚" not in page  # nothing is public before it is answered
    question = challenge.questions.get()
    client.force_login(world.staff["owner"])
    where = f"/staff/challenges/{challenge.number}/questions/{question.pk}/"
    said = {"shown": "映像は何枚ですか。", "answer": "1分に1枚です。", "seen": question.said}
    assert client.post(where, said).status_code == 302
    client.logout()
    page = client.get(challenge.public_url).content.decode()
    assert "映像は何枚ですか。" in page
    assert "1分に1枚です。" in page
    assert "三上" not in page
    told = Mail.objects.filter(subject__contains="質問への答え")
    assert {row.to for row in told} == {asker, reader}
    assert all("映像" not in row.body and challenge.public_url in row.body for row in told)
    [asked] = Mail.objects.filter(subject__contains="質問が届きました")
    assert asked.to == world.staff["owner"]
    assert challenge.get_absolute_url() in asked.body
    assert mail.outbox == []
    client.force_login(reader)
    client.post(f"/challenges/{challenge.number}/follow/", {"stop": "1"})
    assert not challenge.followers.filter(person=reader).exists()


def test_an_answer_does_not_write_over_one_that_came_meanwhile(
    world: World, call: Call, client: Client
) -> None:
    challenge = challenges.published(call, world.staff, "owner", challenges.SNOW)
    question = writing.ask(challenge, text="何枚ですか。", by=world.people["representative"])
    where = f"/staff/challenges/{challenge.number}/questions/{question.pk}/"
    client.force_login(world.staff["owner"])
    opened = client.get(where).context["form"].initial["seen"]
    writing.answer(question, shown="何枚ですか。", answer="2枚です。", by=world.staff["concierge"])
    mine = {"shown": "何枚ですか。", "answer": "3枚です。", "seen": opened}
    refused = client.post(where, mine)
    assert refused.status_code == 409
    assert "先に答えが公表" in one_line(refused)
    assert [(d.saved, d.mine) for d in refused.context["differences"]] == [
        ("2枚です。", "3枚です。")
    ]
    assert refused.context["form"]["answer"].value() == "2枚です。"  # what stands, to start from
    assert challenge.questions.get().answer == "2枚です。"
    again = mine | {"seen": refused.context["form"]["seen"].value()}
    assert "答えを改めました" not in one_line(client.get(challenge.public_url))
    assert client.post(where, again).status_code == 302
    assert challenge.questions.get().answer == "3枚です。"
    assert "答えを改めました" in one_line(client.get(challenge.public_url))
    kept = str(Event.objects.get(action="question.earlier").payload.data()["text"])
    assert "2枚です。" in kept
    assert Mail.objects.filter(subject__contains="答えを改めました").count() == 1
    challenge = challenges.called_off(challenge, world.staff, "x")
    with pytest.raises(NotReady, match="募集は終わった"):
        writing.answer(question, shown="x", answer="4枚です。", by=world.staff["concierge"])


def test_one_town_answers_for_no_other(world: World, call: Call) -> None:
    common = challenges.published(
        call, world.staff, "eniwa_owner", challenges.VISITORS, more=("012351",)
    )
    question = writing.ask(common, text="x", by=world.people["representative"])
    with pytest.raises(Forbidden):
        writing.answer(question, shown="x", answer="y", by=world.staff["eniwa_owner"])
    writing.answer(question, shown="x", answer="y", by=world.staff["concierge"])


def test_questions_end_on_their_day_and_with_the_call(world: World, call: Call) -> None:
    challenge = challenges.published(call, world.staff, "owner", challenges.SNOW)
    last = writing.day(challenge, "questions_until")
    assert last is not None
    with clock.at(simulation.at(last, 16)):
        assert writing.may_ask(challenge)
    with clock.at(simulation.at(last + timedelta(days=1), 9)):
        assert not writing.may_ask(challenge)
        with pytest.raises(NotReady, match="質問の受付は終わりました"):
            writing.ask(challenge, text="x", by=world.people["representative"])


def test_a_challenge_is_decided_only_after_the_round(world: World, call: Call) -> None:
    challenge = challenges.published(call, world.staff, "owner", challenges.SNOW)
    with pytest.raises(NotReady, match="まだ提案を受け付けています"):
        perform(challenge, "decide", by=world.staff["concierge"])
    writing.follow(challenge, by=world.people["representative"])
    with world.after_intake(call):
        perform(call, "select", by=world.staff["officer"])
    assert (
        perform(Challenge.objects.get(pk=challenge.pk), "decide", by=world.staff["concierge"]).state
        == "decided"
    )
    assert Mail.objects.filter(subject__contains="結果が決まりました").count() == 1


def test_neither_a_pause_nor_the_days_between_two_periods_end_the_intake(
    world: World, call: Call
) -> None:
    challenge = challenges.published(call, world.staff, "owner", challenges.SNOW)
    call = perform(call, "suspend", by=world.approver, public_reason="x")
    assert not call.is_open
    with pytest.raises(NotReady, match="まだ提案を受け付けています"):
        perform(challenge, "decide", by=world.staff["concierge"])
    call = perform(call, "resume", by=world.approver)
    last = call.periods.get()
    gap = last.closes_at + timedelta(days=9)
    call.periods.create(n=2, opens_at=gap, closes_at=gap + timedelta(days=9))
    between = clock.at(gap - timedelta(days=2))
    with between, pytest.raises(NotReady, match="まだ提案を受け付けています"):
        perform(challenge, "decide", by=world.staff["concierge"])
    with clock.at(gap + timedelta(days=12)):
        assert perform(challenge, "decide", by=world.staff["concierge"]).state == "decided"


def test_a_published_challenge_is_called_off_by_two(
    world: World, call: Call, client: Client
) -> None:
    """Nobody who proposed it confirms it, and neither press goes without the other."""
    row = challenges.published(call, world.staff, "owner", challenges.SNOW)
    concierge, approver = world.staff["concierge"], world.approver
    with pytest.raises(WrongState):
        perform(row, "cancel", by=concierge, reason="x")
    with pytest.raises(NotReady, match="先に、別の職員が"):
        perform(row, "call_off", by=approver)
    Mail.objects.all().delete()
    row = perform(row, "ask_calling_off", by=concierge, reason="予算が認められなかったため")
    assert approver in {mail.to for mail in Mail.objects.all()}
    assert "予算が認められなかったため" not in client.get(row.public_url).content.decode()
    words = "中止を提案された行政課題が1件、確認を待っています。"
    for person, is_said in ((concierge, False), (approver, True)):
        client.force_login(person)
        assert (words in one_line(client.get("/inbox/"))) is is_said
    page = client.get(row.get_absolute_url())
    assert "予算が認められなかったため" in page.content.decode()
    with pytest.raises(NotReady, match="すでに提案"):
        perform(row, "ask_calling_off", by=world.staff["owner"], reason="x")
    with pytest.raises(Forbidden, match="課題の中止の提案"):
        perform(row, "call_off", by=concierge)
    row = perform(row, "go_on", by=approver, reason="予算が付いたため")
    assert (row.state, row.calling_off) == ("published", "")
    row = perform(row, "ask_calling_off", by=world.staff["owner"], reason="取りやめるため")
    assert perform(row, "call_off", by=approver).reason == "取りやめるため"


def test_a_cancelled_challenge_says_why_in_public_and_a_cancelled_draft_stays_inside(
    world: World, call: Call, client: Client
) -> None:
    shown = challenges.published(call, world.staff, "owner", challenges.SNOW)
    inside = draft(world, call)
    writing.follow(shown, by=world.people["representative"])
    Mail.objects.all().delete()
    challenges.called_off(shown, world.staff, "予算が認められなかったため")
    perform(inside, "cancel", by=world.staff["concierge"], reason="予算が認められなかったため")
    [told] = Mail.objects.filter(subject__contains="課題が中止になりました")
    assert (told.to, shown.public_url in told.body) == (world.people["representative"], True)
    assert "予算が認められなかったため" in client.get(shown.public_url).content.decode()
    assert client.get(inside.public_url).status_code == 404
    assert list(Challenge.objects.public()) == [shown]


def test_only_a_call_for_proposals_takes_challenges(world: World) -> None:
    with pytest.raises(NotReady, match="課題を出せません"):
        begin(
            Challenge,
            by=world.staff["owner"],
            call=world.calls["telework"],
            municipality_codes=["011002"],
        )


def test_the_pages_from_the_first_word_to_the_public(
    world: World, call: Call, client: Client
) -> None:
    client.force_login(world.staff["owner"])
    assert client.post("/staff/challenges/new/", {"call": "x"}).status_code == 422
    started = client.post("/staff/challenges/new/", {"call": call.pk, "municipality": "011002"})
    edit = started["Location"]
    number = edit.split("/")[3]
    assert client.post(edit, {"version": "1", "title": "途中", "go_on": "1"}).status_code == 422
    assert "途中" in client.get(edit).content.decode()
    version = Challenge.objects.get(number=number).version
    assert client.post(edit, typed(call) | {"version": str(version - 1)}).status_code == 409
    assert (
        client.post(edit, typed(call) | {"version": str(version), "go_on": "1"}).status_code == 302
    )
    assert client.get(edit).status_code == 404
    staff_page = f"/staff/challenges/{number}/"
    assert (
        client.post(
            f"{staff_page}comment/", {"kind": "comment", "text": "確かめました。"}
        ).status_code
        == 302
    )
    board = world.staff["reviewer"]
    client.force_login(board)
    assert client.get(staff_page).status_code == 404  # nobody asked them
    client.force_login(world.staff["concierge"])
    client.post(f"{staff_page}comment/", {"kind": "comment", "text": "助言を。", "asks": board.pk})
    client.force_login(board)
    assert client.post(f"{staff_page}comment/", {"kind": "comment", "text": "x"}).status_code == 422
    assert (
        client.post(
            f"{staff_page}comment/", {"kind": "advice", "text": "路面の計測も。"}
        ).status_code
        == 302
    )
    assert "路面の計測も。" in client.get(staff_page).content.decode()
    client.force_login(world.staff["concierge"])
    row = Challenge.objects.get(number=number)
    assert (
        client.post(
            f"/do/challenge/{row.pk}/publish/", {"seen": row.version, "key": "k"}
        ).status_code
        == 302
    )
    client.logout()
    for address in ("/challenges/?q=除雪", "/challenges/?municipality=011002&open=on"):
        assert row.public_url in client.get(address).content.decode()
    assert row.public_url not in client.get("/challenges/?municipality=012319").content.decode()
    assert "snow ploughs" in client.get(f"/en/challenges/{number}/").content.decode()
    calendar = client.get(f"/challenges/{number}/dates.ics")
    assert calendar.content.decode().count("BEGIN:VEVENT") == 3
    entrance = client.get(f"/programmes/{call.code}/").content.decode()
    assert f"/challenges/?call={call.code}" in entrance


def test_a_common_theme_is_split_into_a_municipal_one(world: World) -> None:
    call = challenges.round_of(world.staff)
    common = challenges.handed_in(
        call, world.staff, "eniwa_owner", challenges.VISITORS, more=("012351",)
    )
    concierge, ishikari_owner = world.staff["concierge"], world.staff["ishikari_owner"]
    common = perform(common, "split", by=concierge, municipality="012351")
    assert common.municipality_codes == ["012319"]
    own = Challenge.objects.get(state="draft")
    assert (own.municipality_codes, own.typed["title"], own.typed["theme"]) == (
        ["012351"],
        challenges.VISITORS["title"],
        "municipal",
    )
    [told] = Mail.objects.filter(subject__contains="市町村のテーマに分かれました")
    assert (told.to, own.get_absolute_url() in told.body) == (ishikari_owner, True)
    own = writing.hand_in(own, by=ishikari_owner)
    assert own.written_by == ishikari_owner
    assert perform(own, "publish", by=concierge).state == "published"  # to split is not to write
    with pytest.raises(NotReady, match="いくつかの市町村"):
        perform(common, "split", by=concierge, municipality="012319")
