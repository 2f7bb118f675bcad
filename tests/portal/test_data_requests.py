"""Requests about one's own data: the clock of the law, two people, and who reads what."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal import clock, fiscal
from portal.accounts.models import User
from portal.audit.models import Event
from portal.correspondence.models import Mail
from portal.days import day_said
from portal.privacy import access, asking
from portal.privacy.models import DataRequest
from portal.privacy.ports import draw_answer
from portal.workflow.errors import Forbidden, NotReady, Stale
from tests.conftest import World
from tests.markup import one_line
from tests.reports.test_paper_fields import text_of
from tests.roles import granted
from tools.demonstration import simulation


def made(world: World) -> DataRequest:
    return asking.make(
        kind="correct", about="役員の名簿の住所", wanted="転居した", by=world.outsider
    )


def entered(world: World) -> DataRequest:
    return asking.enter(
        kind="disclose",
        about="電話の記録",
        wanted="",
        name="山田 花子",
        address="札幌市中央区北1条西2丁目",
        identified_by="運転免許証",
        received_on=clock.today() - timedelta(days=3),
        by=world.officer,
    )


def decided(world: World, row: DataRequest, *, outcome: str = "whole") -> DataRequest:
    row = asking.draft(row, outcome=outcome, reason="法78条1項2号に当たるため", by=world.officer)
    return asking.decide(row, by=world.director, seen=row.draft_print)


def test_the_clock_runs_thirty_days_from_the_day_of_the_request(world: World) -> None:
    row, paper = made(world), entered(world)
    assert row.due_on == asking.due(clock.today(), timedelta(days=30))
    assert paper.due_on == asking.due(clock.today(), timedelta(days=27))
    last = simulation.at(row.due_on, 23)
    with clock.at(last):
        assert (row.is_late, row.is_soon) == (False, True)
    with clock.at(last + timedelta(days=1)):
        assert (row.is_late, row.is_soon) == (True, False)
    with pytest.raises(NotReady, match="今日まで"):
        asking.enter(
            kind="stop",
            about="x",
            wanted="x",
            name="x",
            address="x",
            identified_by="x",
            received_on=clock.today() + timedelta(days=1),
            by=world.officer,
        )


def test_it_is_prolonged_once_in_time_and_who_asked_is_told(world: World) -> None:
    row = made(world)
    late = simulation.at(row.due_on + timedelta(days=1), 9)
    with clock.at(late), pytest.raises(NotReady, match="1回だけ"):
        asking.prolong(row, reason="x", by=world.officer)
    row = asking.prolong(row, reason="量が多いため", by=world.officer)
    assert row.due_on == asking.due(row.received_on, timedelta(days=60))
    assert Mail.objects.filter(to=world.outsider, subject__contains="期限を延ばしました").exists()
    with pytest.raises(NotReady, match="1回だけ"):
        asking.prolong(row, reason="x", by=world.officer)


def test_two_people_decide_and_neither_is_who_asked(world: World) -> None:
    row = made(world)
    with pytest.raises(NotReady, match="案がまだ"):
        asking.decide(row, by=world.director, seen=row.draft_print)
    with pytest.raises(NotReady, match="理由を書いて"):
        asking.draft(row, outcome="none", reason="", by=world.officer)
    with pytest.raises(Forbidden):
        asking.draft(row, outcome="whole", reason="", by=world.director)
    row = asking.draft(row, outcome="whole", reason="", by=world.officer)
    with pytest.raises(Forbidden):
        asking.decide(row, by=world.officer, seen=row.draft_print)
    row = asking.send_back(row, by=world.director, seen=row.draft_print)
    assert (row.outcome, row.drafted_by) == ("", None)
    row = decided(world, row, outcome="part")
    assert row.decided_by == world.director
    assert Mail.objects.filter(to=world.outsider, subject__contains="請求に決定しました").exists()
    with pytest.raises(Stale):
        asking.withdraw(row, by=world.outsider)
    with pytest.raises(IntegrityError, match="decided_by_another"), transaction.atomic():
        DataRequest.objects.filter(pk=row.pk).update(decided_by=row.drafted_by)
    own = asking.make(kind="stop", about="x", wanted="x", by=world.officer)
    with pytest.raises(Forbidden, match="ご自分の請求"):
        asking.draft(own, outcome="whole", reason="", by=world.officer)


def test_whoever_answers_for_one_programme_alone_reads_none(world: World) -> None:
    made(world)
    assert access.in_office(world.officer).count() == 1
    granted(world.officer.staff_roles.all(), programme_code="telework")
    assert access.in_office(User.objects.get(pk=world.officer.pk)).count() == 0


def row_print(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


def test_the_pages_of_who_asks_and_of_the_office(world: World, client: Client) -> None:
    client.force_login(world.outsider)
    sent = {"form_key": "a", "kind": "correct", "about": "名簿の住所", "wanted": ""}
    assert client.post(reverse("data_request_new"), sent).status_code == 422
    assert client.post(reverse("data_request_new"), sent | {"wanted": "転居"}).status_code == 302
    row = DataRequest.objects.get()
    page, staff = (reverse(n, args=[row.number]) for n in ("data_request", "data_request_staff"))
    letter = reverse("data_request_letter", args=[row.number])
    assert "名簿の住所" in one_line(client.get(page))
    assert client.get(letter).status_code == 404
    client.force_login(world.officer)
    assert "個人情報の請求が1件" in one_line(client.get("/inbox/"))
    assert row.number in one_line(client.get(reverse("data_request_desk")))
    assert client.post(staff, {"act": "answer", "outcome": "none", "reason": ""}).status_code == 422
    assert client.post(staff, {"act": "prolong", "extension": ""}).status_code == 422
    assert (
        client.post(staff, {"act": "answer", "outcome": "whole", "reason": ""}).status_code == 302
    )
    client.force_login(world.director)
    read = one_line(client.get(staff))
    assert "このとおり決定する" in read
    seen = {"seen": row_print(read)}
    asking.draft(row, outcome="none", reason="あとから替えた案", by=world.officer)
    for sent in ({}, seen):  # by whoever read nothing, or another draft
        refused = client.post(staff, {"act": "decide"} | sent)
        assert refused.status_code == 409
        assert "画面を開いたあとに案が変わりました" in one_line(refused)
    seen = {"seen": row_print(one_line(client.get(staff)))}
    assert client.post(staff, {"act": "decide"} | seen).status_code == 302
    for user, status in ((world.outsider, 200), (world.director, 200), (world.approver, 200)):
        client.force_login(user)
        answer = client.get(letter)
        assert (answer.status_code, answer.content[:5]) == (status, b"%PDF-")
    client.force_login(world.staff["inspector"])
    assert client.get(letter).status_code == 404
    assert client.get(page).status_code == 404


def test_it_is_withdrawn_by_who_asked_and_every_step_is_in_the_record(world: World) -> None:
    row = made(world)
    with pytest.raises(Forbidden):
        asking.withdraw(row, by=world.officer)
    assert not asking.withdraw(row, by=world.outsider).is_open
    actions = Event.objects.filter(chain=f"datarequest:{row.pk}").order_by("pk")
    assert [event.action for event in actions] == ["datarequest.make", "datarequest.withdraw"]


def test_paper_says_who_it_is(world: World) -> None:
    row = entered(world)
    with pytest.raises(IntegrityError, match="somebody_is_known"), transaction.atomic():
        DataRequest.objects.filter(pk=row.pk).update(identified_by="")
    assert decided(world, row).decided_at is not None


@pytest.mark.parametrize(
    ("received", "days", "last"),
    [
        (date(2026, 11, 27), 30, date(2026, 12, 28)),  # the 27th is a Sunday
        (date(2026, 11, 30), 30, date(2027, 1, 4)),  # the office rests until 3 January
        (date(2026, 11, 25), 30, date(2026, 12, 25)),
        (date(2026, 11, 25), 60, date(2027, 1, 25)),  # a Sunday
    ],
)
def test_a_last_day_on_which_the_office_is_closed_moves(
    world: World, received: date, days: int, last: date
) -> None:
    assert asking.due(received, timedelta(days=days)) == last


def told(person: User) -> list[str]:
    return list(Mail.objects.filter(to=person).order_by("pk").values_list("subject", flat=True))


def test_whoever_answers_next_hears_of_it(world: World) -> None:
    row = made(world)
    assert any("個人情報の請求が届きました" in subject for subject in told(world.officer))
    row = asking.draft(row, outcome="whole", reason="", by=world.officer)
    assert any("決定を待っています" in subject for subject in told(world.director))
    asking.send_back(row, by=world.director, seen=row.draft_print)
    assert any("差し戻されました" in subject for subject in told(world.officer))
    Mail.objects.all().delete()
    asking.make(kind="stop", about="x", wanted="x", by=world.officer)
    assert not any("請求が届きました" in subject for subject in told(world.officer))


def test_the_inbox_says_how_many_wait_and_the_first_day(world: World, client: Client) -> None:
    row = made(world)
    client.force_login(world.officer)
    said = (
        f"個人情報の請求が1件、決定を待っています。いちばん早い期限は{day_said(row.due_on)}です。"
    )
    assert said in one_line(client.get(reverse("inbox")))


@pytest.mark.parametrize(("outcome", "is_told"), [("whole", False), ("part", True), ("none", True)])
def test_a_refusal_says_before_whom_one_may_go(world: World, outcome: str, is_told: bool) -> None:
    text = text_of(draw_answer.value(decided(world, made(world), outcome=outcome)))
    wanted = ("教示", "3か月以内に、札幌市長に対して審査請求", "6か月以内に、札幌市を被告として")
    assert [part in text for part in wanted] == [is_told] * 3
    assert "札幌市長" in text.partition("様")[2]


def test_it_is_kept_for_five_years_and_then_disposed_of_by_two_people(
    world: World, client: Client
) -> None:
    row = decided(world, made(world), outcome="none")
    until = row.kept_until
    assert until == fiscal.fiscal_year_end(fiscal.fiscal_year(clock.today()) + 5)
    with pytest.raises(NotReady, match="保存する期間"):
        asking.ask_disposal(row, by=world.officer)
    assert until is not None
    with clock.at(simulation.at(until + timedelta(days=1), 9)):
        with pytest.raises(NotReady, match="提案がまだ"):
            asking.dispose(row, by=world.director)
        asking.ask_disposal(row, by=world.officer)
        with pytest.raises(Forbidden):
            asking.dispose(row, by=world.officer)
        row = asking.dispose(row, by=world.director)
        with pytest.raises(NotReady, match="廃棄されています"):
            asking.ask_disposal(row, by=world.officer)
        client.force_login(world.director)
        letter = reverse("data_request_letter", args=[row.number])
        assert client.get(letter).status_code == 404
    assert [getattr(row, name) for name in DataRequest.ERASED] == [""] * len(DataRequest.ERASED)
    assert (row.person, row.entered_by.is_system) == (None, True)
    assert (row.outcome, str(row.stage[1])) == ("none", "廃棄済み")
    with pytest.raises(IntegrityError, match="disposed_by_another"), transaction.atomic():
        DataRequest.objects.filter(pk=row.pk).update(disposed_by=row.disposal_asked_by)
