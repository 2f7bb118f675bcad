"""The completion report: checks shown to both sides, inspection, cuts, and the amount fixed with a trace of every yen."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grants.applications import formal, submit
from grants.applications.models import Application
from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.completion import acts, cutting, reporting, rules, summing
from grants.completion.models import CompletionReport, Cut, InspectionSheet
from grants.programmes.loading import DATA
from grants.programmes.parameters import read
from portal import clock, fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.cases import interests
from portal.closures import calendars
from portal.days import day_said
from portal.documents.models import Document
from portal.notices.models import Notice
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.drafts import keep
from portal.workflow.errors import Forbidden, NotReady, Stale, WrongState
from tests.absences import deputised
from tests.beginning import begins
from tests.conftest import World, check_files, seen_on, set_costs
from tests.ledger import all_clear
from tests.markup import one_line
from tools.demonstration.rooms.payments import typed
from tools.demonstration.simulation import at, paper
from tools.demonstration.simulation.answers import parts
from tools.demonstration.simulation.files import attach

STATED = read((DATA / "telework.toml").read_text(encoding="utf-8"))
FRAME = rules.Frame(
    STATED,
    "株式会社申請者",
    date(2026, 12, 1),
    date(2027, 2, 28),
    [("ノートパソコン", "equipment", 400_000)],
)
GOOD: Given = {
    "key": "1",
    "what": "ノートパソコン",
    "category": "equipment",
    "vendor": "有限会社事務機",
    "payee": "有限会社事務機",
    "amount": 400_000,
    "amount_with_tax": 440_000,
    "quoted_on": "2026-12-02",
    "ordered_on": "2026-12-03",
    "delivered_on": "2026-12-10",
    "invoiced_on": "2026-12-11",
    "paid_on": "2026-12-20",
    "own_account": "yes",
    "invoice_number": "T8700110005901",
    "second_vendor": "",
    "files": 1,
}


def found(**change: object) -> list[tuple[str, str]]:
    return [(f.tone, f.what) for f in rules.findings([rules.Item.of(1, GOOD | change)], FRAME)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"files": 0}, [("stop", "証拠書類がありません")]),
        ({"quoted_on": "2026-12-05"}, [("care", "日付の順序")]),
        ({"invoiced_on": "2026-12-21"}, [("care", "日付の順序")]),
        ({"quoted_on": "2026-11-20", "ordered_on": "2026-11-30"}, [("stop", "交付決定の前の発注")]),
        ({"ordered_on": "2026-12-01", "quoted_on": "2026-12-01"}, []),
        ({"paid_on": "2027-03-01"}, [("stop", "事業の期間")]),
        ({"paid_on": "2027-02-28"}, []),
        ({"vendor": "株式会社申請者", "payee": "株式会社申請者"}, [("stop", "自社への発注")]),
        ({"payee": "別の会社"}, [("care", "支払先")]),
        ({"payee": "㈲事務機"}, [("care", "支払先")]),
        ({"own_account": "no"}, [("care", "支払いの口座")]),
        ({"invoice_number": "T123"}, [("care", "登録番号の形")]),
        ({"invoice_number": "Ｔ８７００１１０００５９０１"}, []),
        ({"invoice_number": ""}, []),
        ({"amount_with_tax": 500_000}, [("care", "税抜の金額")]),
        ({"amount_with_tax": 432_000}, []),
        ({"category": "training"}, [("stop", "計画にない経費")]),
        ({"what": "デスクトップ"}, [("care", "内容の書き方")]),
        ({"amount": 500_000, "amount_with_tax": 550_000}, [("care", "計画を超える金額")]),
        ({"amount": 400_000, "amount_with_tax": 440_000, "second_vendor": "有限会社事務機"}, []),
    ],
)
def test_each_check_of_a_report(change: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert found(**change) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("", "見積書が1社分"),
        ("有限会社事務機", "2社目の見積"),
        ("株式会社申請者", "2社目の見積"),
        ("ほかの店", ""),
    ],
)
def test_two_quotes_above_the_limit_from_two_others(second: str, expected: str) -> None:
    frame = rules.Frame(
        STATED,
        "株式会社申請者",
        date(2026, 12, 1),
        date(2027, 2, 28),
        [("ノートパソコン", "equipment", 2_000_000)],
    )
    item = rules.Item.of(
        1, GOOD | {"amount": 1_000_000, "amount_with_tax": 1_100_000, "second_vendor": second}
    )
    assert [f.what for f in rules.findings([item], frame)] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({}, [("care", 1, "分けて書いた注文")]),
        ({"second_vendor": "ほかの店"}, [("care", 1, "分けて書いた注文")]),
        ({"ordered_on": "2026-12-04"}, []),
        ({"vendor": "ほかの店", "payee": "ほかの店"}, []),
        ({"amount": 500_000, "amount_with_tax": 550_000}, []),
    ],
)
def test_one_order_that_was_split_into_rows_is_noticed(
    second: Given, expected: list[tuple[str, int, str]]
) -> None:
    frame = replace(FRAME, plan=[("ノートパソコン", "equipment", 2_000_000)])
    half = GOOD | {"amount": 450_000, "amount_with_tax": 495_000}
    other = half | {"amount": 500_000, "amount_with_tax": 550_000} | second
    if other["amount"] == 500_000 and second.get("amount"):
        half |= {"amount": 400_000, "amount_with_tax": 440_000}
    items = [rules.Item.of(1, half), rules.Item.of(2, other)]
    assert [(f.tone, f.item, f.what) for f in rules.findings(items, frame)] == expected


def awarded(world: World, *amounts: int) -> tuple[Award, User]:
    application, person = world.draft()
    return granted(world, application, person, *amounts), person


def granted(world: World, application: Application, person: User, *amounts: int) -> Award:
    """The award of a draft that is complete but for its costs."""
    set_costs(application, person, *(amounts or (420_000,)))
    application = submit.submit(application, by=person)
    all_clear(application, by=world.officer)
    application = perform(application, "accept", by=world.officer)
    world.decided("award", [application])
    return Award.objects.get(application=application)


def reported(world: World, award: Award, person: User, *amounts: int) -> CompletionReport:
    return reporting.submit(written(award, person, *amounts), by=person)


def written(award: Award, person: User, *amounts: int) -> CompletionReport:
    """Whole, and not handed in."""
    report = begin(CompletionReport, by=person, award=award)
    report = keep(report, typed(award, *amounts), seen=report.version)
    for item in reporting.items_of(report):
        attach(
            award.case,
            key=reporting.file_key(item),
            name="証拠.pdf",
            data=paper(f"{award.pk} {item.n}"),
            by=person,
        )
    return CompletionReport.objects.get(pk=report.pk)


def inspected(world: World, report: CompletionReport) -> CompletionReport:
    return perform(
        report,
        "inspect",
        by=world.staff["inspector"],
        inspected_on=clock.today(),
        inspection_kind="paper",
        inspection_note="現物と帳簿を確かめた。",
    )


@pytest.mark.parametrize(("floor_at_fixing", "amount"), [(False, 80_000), (True, 0)])
def test_less_than_the_floor_is_nothing_at_fixing_where_the_programme_says_so(
    world: World, floor_at_fixing: bool, amount: int
) -> None:
    """Two thirds of 120,000 yen, and a floor of 100,000."""
    award, person = awarded(world)
    award.parameters["floor_at_fixing"] = floor_at_fixing
    award.save()
    report = reported(world, award, person, 120_000)
    assert summing.aid(report, reporting.items_of(report)).amount == amount


def test_a_case_is_reported_inspected_and_fixed_with_a_cut(world: World) -> None:
    award, person = awarded(world, 300_000, 120_000)
    line = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    report = reported(world, award, person)
    cutting.cut(
        report,
        by=world.officer,
        item="2",
        amount=60_000,
        cite="要綱 第4条",
        reason="付属品は対象外",
    )
    world.decided("fix", [inspected(world, report)])
    award = Award.objects.get(pk=award.pk)
    assert (award.state, award.awarded_amount, award.fixed_amount) == (
        "amount_fixed",
        280_000,
        240_000,
    )
    assert award.fixed_trace == [
        ["要綱 第4条：付属品は対象外", 2, world.officer.name, 120_000, 60_000]
    ]
    after = BudgetLine.objects.get(pk=line.pk)
    assert (line.committed, after.committed) == (280_000, 240_000)
    notice = Notice.objects.get(case=award.case, kind="fixing")
    text = " ".join(" ".join(row) for row in notice.facts["items"])
    assert "金　240,000円" in text
    assert "要綱 第4条：付属品は対象外" in text
    assert world.officer.name not in text  # who cut it is kept, and not told


@begins(awarded)
def test_a_report_filed_before_nine_in_the_morning_bears_the_day_of_sapporo(world: World) -> None:
    award, person = world.begun(awarded)
    day = clock.today() + timedelta(days=1)
    with clock.at(datetime.combine(day, time(8, 30), tzinfo=clock.JST)):
        report = inspected(world, reported(world, award, person))
        world.decided("fix", [report])
    receipt, fixing = (
        Notice.objects.get(case=award.case, kind=kind) for kind in ("completion_receipt", "fixing")
    )
    assert ["受付日", fiscal.era(day)] in receipt.facts["items"]
    assert fixing.facts["body"].startswith(f"{fiscal.era(day)}に提出のあった")


def test_the_fixed_amount_never_exceeds_the_award(world: World) -> None:
    award, person = awarded(world, 420_000)
    report = inspected(world, reported(world, award, person, 900_000))
    assert reporting.computed(report).amount == award.awarded_amount
    assert [(row[0], row[3], row[4]) for row in reporting.fixing(report)[1]] == [
        ("cap", 600_000, 400_000),
        ("award", 400_000, 280_000),
    ]


@begins(awarded)
def test_who_inspects_does_not_approve_the_fixing(world: World) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    with pytest.raises(Forbidden):
        perform(
            report,
            "inspect",
            by=world.officer,
            inspected_on=clock.today(),
            inspection_kind="paper",
            inspection_note="x",
        )
    world.staff["inspector"].staff_roles.create(
        role="approver", starts_on=clock.today(), granted_by=world.staff["administrator"]
    )
    report = inspected(world, report)
    world.staff["inspector"].forget_roles()
    deputised(world.director, world.staff["inspector"])
    approval = world.approval("fix", [report])
    with pytest.raises(NotReady, match="検査をしたあなたは"):
        perform(
            approval, "approve_as_deputy", by=world.staff["inspector"], reason="部長が不在のため"
        )


@begins(awarded)
def test_a_report_without_papers_or_half_filled_is_not_submitted_and_nothing_is_lost(
    world: World,
) -> None:
    award, person = world.begun(awarded)
    report = begin(CompletionReport, by=person, award=award)
    half = typed(award) | {"item-0-vendor": ""}
    report = keep(report, half, seen=report.version)
    with pytest.raises(NotReady, match="入力の途中"):
        reporting.submit(report, by=person)
    report = keep(report, typed(award), seen=report.version)
    with pytest.raises(NotReady, match="証拠書類の付いていない"):
        reporting.submit(report, by=person)
    assert CompletionReport.objects.get(pk=report.pk).typed["item-0-vendor"] == "有限会社架空事務機"


@begins(awarded)
def test_two_tabs_are_told_of_each_other(world: World) -> None:
    award, person = world.begun(awarded)
    report = begin(CompletionReport, by=person, award=award)
    seen = report.version
    keep(report, typed(award), seen=seen)
    with pytest.raises(Stale):
        keep(report, typed(award) | {"result": "別の文"}, seen=seen)


@begins(awarded)
def test_a_report_is_begun_and_filed_once(world: World) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    with pytest.raises(NotReady, match="すでに"):
        begin(CompletionReport, by=person, award=award)
    with pytest.raises(WrongState):
        reporting.submit(report, by=person)


@begins(awarded)
def test_returned_in_one_pass_mended_and_filed_again(world: World) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    report = perform(
        report,
        "return_for_correction",
        by=world.officer,
        reason="請求書の日付が読めません。",
        correct_by=clock.today() + timedelta(days=14),
    )
    assert award.case.turns.get().what == "実績報告を直して出し直す"
    assert Notice.objects.filter(case=award.case, kind="completion_correction").count() == 1
    again = reporting.submit(report, by=person)
    assert (
        again.state,
        Notice.objects.filter(case=award.case, kind="completion_receipt").count(),
    ) == ("submitted", 2)


@begins(awarded)
@pytest.mark.parametrize(("days", "is_taken"), [(0, False), (1, True), (120, True), (121, False)])
def test_a_returned_report_is_corrected_within_a_hundred_and_twenty_days(
    world: World, client: Client, days: int, is_taken: bool
) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    client.force_login(world.officer)
    day = clock.today() + timedelta(days=days)
    sent = {"correct_by_y": day.year, "correct_by_m": day.month, "correct_by_d": day.day}
    client.post(
        f"/do/completionreport/{report.pk}/return_for_correction/",
        sent | {"reason": "請求書の日付が読めません。", "seen": report.version, "key": "k"},
    )
    assert (CompletionReport.objects.get().state == "returned") is is_taken


@begins(awarded)
def test_a_cut_never_exceeds_its_item_and_can_be_taken_back_before_fixing(world: World) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    with pytest.raises(NotReady, match="超えています"):
        cutting.cut(report, by=world.officer, item="1", amount=420_001, cite="x", reason="y")
    made = cutting.cut(report, by=world.officer, item="1", amount=120_000, cite="x", reason="y")
    assert reporting.computed(report).amount == 200_000
    cutting.uncut(made, by=world.officer, why="見積書で確かめた")
    assert reporting.computed(report).amount == 280_000


@begins(awarded)
def test_a_cut_goes_to_the_item_of_its_address(world: World, client: Client) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    client.force_login(world.officer)
    address = reverse("completion_cut", args=[award.case.number, 1])
    typed = {"amount": "1,000", "cite": "要綱", "reason": "対象外", "item": "2"}
    assert client.post(address, typed).status_code == 302
    assert [row.key for row in report.cuts.all()] == ["1"]


def seen_to_move(world: World) -> tuple[CompletionReport, Approval, Cut]:
    """A fixing in circulation with one cut, and two people still to speak."""
    award, person = awarded(world)
    report = reported(world, award, person)
    made = cutting.cut(report, by=world.officer, item="1", amount=120_000, cite="x", reason="y")
    report = inspected(world, report)
    steps = [("agree", world.approver), ("decide", world.director)]
    rows: list[tuple[CompletionReport, Given]] = [(report, {})]
    approval = begin(Approval, by=world.officer, act="fix", title="件名", rows=rows, steps=steps)
    return report, perform(approval, "circulate", by=world.officer), made


@begins(seen_to_move)
def test_nothing_is_cut_or_given_back_while_others_agree_to_the_amount(
    world: World, client: Client
) -> None:
    report, approval, made = world.begun(seen_to_move)
    inspector, why = world.staff["inspector"], "付属品を見直す"
    with pytest.raises(NotReady, match="回議中"):
        cutting.uncut(made, by=world.officer, why="x")
    with pytest.raises(NotReady, match="回議中"):
        cutting.cut(report, by=world.officer, item="1", amount=1, cite="x", reason="x")
    with pytest.raises(NotReady, match="回議中"):
        perform(report, "inspect_again", by=inspector, reason=why)
    client.force_login(world.officer)
    case = report.case.get_absolute_url()
    perform(approval, "send_back", by=world.approver, reason="付属品も見てください。")
    assert "uncut" not in client.get(case).content.decode()
    report = perform(report, "inspect_again", by=inspector, reason=why)
    assert "uncut" in client.get(case).content.decode()
    cutting.uncut(made, by=world.officer, why="対象だった")
    with pytest.raises(NotReady, match="すでに取り消されて"):
        cutting.uncut(made, by=world.officer, why="対象だった")
    inspected(world, report)
    perform(approval, "circulate", by=world.officer)
    perform(approval, "agree", by=world.approver)
    perform(approval, "approve", by=world.director)
    assert Award.objects.get(case=report.case).fixed_amount == 280_000


@begins(seen_to_move)
def test_what_is_decided_is_what_was_put_into_circulation(world: World, client: Client) -> None:
    report, approval, _made = world.begun(seen_to_move)
    perform(approval, "agree", by=world.approver)
    Cut.objects.all().delete()  # by whatever way
    with pytest.raises(NotReady, match="内容が動いています"):
        perform(approval, "approve", by=world.director)
    client.force_login(world.director)
    assert "内容が動いています" in client.get(approval.get_absolute_url()).content.decode()
    perform(approval, "send_back", by=world.director, reason="額が動いています。")
    perform(approval, "circulate", by=world.officer)
    assert Award.objects.get(case=report.case).fixed_amount is None
    Cut.objects.create(
        report=report,
        key="1",
        what="機器0",
        category="equipment",
        item_amount=420_000,
        amount=60_000,
        cite="x",
        reason="x",
        made_by=world.officer,
    )
    with pytest.raises(NotReady, match="内容が動いています"):
        perform(approval, "agree", by=world.approver)


@begins(awarded)
def test_a_cut_sent_twice_is_one(world: World, client: Client) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    client.force_login(world.officer)
    page = f"/cases/{award.case.number}/report/cuts/1/"
    given = {"item": "1", "amount": "120,000", "cite": "x", "reason": "y"}
    given |= {"csrfmiddlewaretoken": "one page"}
    for _twice in range(2):
        assert client.post(page, given).status_code == 302
    assert reporting.cuts_of(report) == {1: 120_000}
    assert client.post(page, given | {"amount": "100"}).status_code == 409
    cutting.uncut(Cut.objects.get(), by=world.officer, why="x")
    client.post(page, given)
    assert reporting.cuts_of(report) == {}
    client.post(page, given | {"csrfmiddlewaretoken": "another"})
    assert reporting.cuts_of(report) == {1: 120_000}


@begins(awarded)
@pytest.mark.parametrize(
    ("after", "counts"),  # days from the award on which the project ended
    [(10, True), (0, True), (-1, False), (None, False)],
)
def test_the_report_falls_due_from_the_day_on_which_the_project_ended(
    world: World, client: Client, after: int | None, counts: bool
) -> None:
    award, person = world.begun(awarded)
    days, calendar = award.stated.periods.report_days, calendars.of_case(award.application.call)
    latest = calendar.next_open(award.project_ends_on + timedelta(days=days))

    def due() -> date | None:
        return award.case.turns.get(side="applicant").due_on

    with clock.at(at(award.awarded_on + timedelta(days=12), 10)):
        report = begin(CompletionReport, by=person, award=award)
        assert due() == latest
        ended = None if after is None else award.awarded_on + timedelta(days=after)
        client.force_login(person)
        said = typed(award)
        said |= parts("finished_on", ended) or dict.fromkeys(
            parts("finished_on", clock.today()), ""
        )
        saved = client.post(
            reverse("completion_autosave", args=[award.case.number]),
            said | {"version": str(report.version)},
        )
        assert saved.status_code == 200
        expected = calendar.next_open(ended + timedelta(days=days)) if ended and counts else latest
        assert due() == expected
        assert day_said(expected) in one_line(client.get(award.case.get_absolute_url()))
        report = reporting.keep_typed(
            CompletionReport.objects.get(), {}, seen=CompletionReport.objects.get().version
        )
        assert due() == latest


@begins(awarded)
def test_fixing_waits_for_the_inspection(world: World) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    assert acts.obstacles(report) == ["検査が終わると、額の確定を起案できます。"]
    with pytest.raises(NotReady):
        world.approval("fix", [report])


@begins(awarded)
def test_the_pages_of_the_report_from_start_to_submission(world: World, client: Client) -> None:
    award, person = world.begun(awarded)
    number = award.case.number
    client.force_login(person)
    assert "実績報告を始める" in client.get(f"/cases/{number}/").content.decode()
    days = "事業が終わった日から30日以内、遅くとも"
    assert days in one_line(client.get(f"/cases/{number}/"))
    assert client.post(f"/cases/{number}/report/start/").status_code == 302
    assert days in one_line(client.get(f"/cases/{number}/"))
    page = client.get(f"/cases/{number}/report/").content.decode()
    assert "機器0" in page
    bad = client.post(
        f"/cases/{number}/report/", typed(award) | {"item-0-amount": "abc", "version": "1"}
    )
    assert bad.status_code == 422
    assert "有限会社架空事務機" in bad.content.decode()
    seen = CompletionReport.objects.get().version
    assert (
        client.post(
            f"/cases/{number}/report/", typed(award) | {"version": str(seen), "go_on": "1"}
        ).status_code
        == 302
    )
    bare = {"seen": seen_on(client.get(f"/cases/{number}/report/review/"))}
    assert client.post(f"/cases/{number}/report/review/", bare).status_code == 422
    attach(award.case, key="evidence_1", name="証拠.pdf", data=paper("e"), by=person)
    seen_page = seen_on(client.get(f"/cases/{number}/report/review/"))
    attach(award.case, key="evidence_1", name="後から.pdf", data=paper("later"), by=person)
    late = client.post(f"/cases/{number}/report/review/", {"seen": seen_page})
    assert late.status_code == 409
    assert "見直しのあとに内容が変わりました" in late.content.decode()
    assert CompletionReport.objects.get().state == "draft"
    assert (
        client.post(f"/cases/{number}/report/review/", {"seen": seen_on(late)}).status_code == 302
    )
    assert CompletionReport.objects.get().state == "submitted"
    assert all(Document.objects.filter(key="evidence_1").values_list("frozen", flat=True))
    client.force_login(world.staff["inspector"])
    answer = client.get(f"/cases/{number}/").content.decode()
    assert "検査する\n" in answer
    assert "documents.evidence_1" not in answer  # evidence is no part of the application
    client.force_login(person)
    assert "実績報告を提出しました" in client.get(f"/cases/{number}/").content.decode()
    client.force_login(world.outsider)
    assert client.get(f"/cases/{number}/report/").status_code == 404


TO_COME = ["finished_on", *(f"item-0-{name}_on" for name in ("quoted", "ordered", "delivered"))]
TO_COME += [f"item-0-{name}_on" for name in ("invoiced", "paid")]


@begins(awarded)
def test_no_day_of_a_report_is_still_to_come(world: World, client: Client) -> None:
    """Neither goes its page on, nor is the report taken in."""
    award, person = world.begun(awarded)
    report = begin(CompletionReport, by=person, award=award)
    attach(award.case, key="evidence_1", name="証拠.pdf", data=paper("e"), by=person)
    client.force_login(person)
    for field in TO_COME:
        said = typed(award) | parts(field, clock.today() + timedelta(days=1))
        seen = CompletionReport.objects.get().version
        page = client.post(
            f"/cases/{award.case.number}/report/", said | {"version": str(seen), "go_on": "1"}
        )
        refused = "今日までの日を入力してください。" in page.content.decode()
        assert (field, page.status_code, refused) == (field, 422, True)
        report = keep(report, said, seen=CompletionReport.objects.get().version)
        with pytest.raises(NotReady, match="入力の途中の項目"):
            reporting.submit(report, by=person)
    report = keep(report, typed(award), seen=report.version)
    assert reporting.submit(report, by=person).state == "submitted"


@begins(awarded)
def test_a_report_with_nothing_in_it_offers_no_submission(world: World, client: Client) -> None:
    award, person = world.begun(awarded)
    begin(CompletionReport, by=person, award=award)
    client.force_login(person)
    text = one_line(client.get(f"/cases/{award.case.number}/report/review/"))
    assert "先に経費を入力して保存してください。" in text
    assert "実績報告を提出する</button>" not in text


@begins(awarded)
def test_the_inspector_keeps_photographs_that_the_applicant_does_not_see(
    world: World, client: Client
) -> None:
    award, person = world.begun(awarded)
    reported(world, award, person)
    page = f"/cases/{award.case.number}/report/inspection/"
    client.force_login(world.staff["inspector"])
    photograph = SimpleUploadedFile("現物.pdf", paper("photograph"), "application/pdf")
    assert client.post(page, {"key": "inspection", "file": photograph}).status_code == 302
    check_files()
    document = Document.objects.get(case=award.case, key="inspection")
    assert "現物.pdf" in client.get(f"/cases/{award.case.number}/").content.decode()
    assert client.post(page, {"key": "inspection"}).status_code == 422
    client.force_login(world.officer)
    assert client.post(f"{page}{document.pk}/remove/").status_code == 404  # another's
    client.force_login(person)
    assert client.get(page).status_code == 404
    assert client.get(f"/documents/{document.pk}/original").status_code == 404
    assert "現物.pdf" not in client.get(f"/cases/{award.case.number}/").content.decode()
    archive = zipfile.ZipFile(
        io.BytesIO(client.get(f"/cases/{award.case.number}/case.zip").getvalue())
    )
    assert not any("現物" in name for name in archive.namelist())
    client.force_login(world.staff["inspector"])
    assert client.post(f"{page}{document.pk}/remove/").status_code == 302
    assert not Document.objects.live().filter(case=award.case, key="inspection").exists()


@begins(awarded)
def test_an_inspection_is_kept_as_typed_and_never_over_another_tab(
    world: World, client: Client
) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    page = f"/cases/{award.case.number}/report/inspection/"
    inspector = world.staff["inspector"]
    client.force_login(inspector)
    assert "検査する\n" in client.get(f"/cases/{award.case.number}/").content.decode()
    first = {"version": "0", "inspected_on_y": "まだ", "inspection_note": "型番を見た"}
    kept = client.post(f"{page}autosave/", first)
    assert kept.json()["version"] == 1
    late = client.post(f"{page}autosave/", first | {"inspection_note": "別の画面"})
    assert late.status_code == 409
    later = client.post(page, first | {"inspection_note": "別の画面"})  # without a script
    beside = one_line(later)
    assert later.status_code == 409
    assert "保存されている内容：型番を見た" in beside
    assert "あなたの入力：<strong>別の画面</strong>" in beside
    ended = client.post(page, first | {"inspection_note": "別の画面", "go_on": "1"})
    assert ended.status_code == 409  # nor is it ended over the other screen's words
    assert client.post(page, first | {"version": "1", "inspection_kind": "site"}).status_code == 302
    shown = client.get(page).content.decode()
    assert all(words in shown for words in ('value="まだ"', "型番を見た"))
    assert "検査の続きを書く" in client.get(f"/cases/{award.case.number}/").content.decode()
    sheet = InspectionSheet.objects.get(report=report)
    assert (sheet.inspector, sheet.version, sheet.typed["inspection_kind"]) == (
        inspector,
        2,
        "site",
    )
    photograph = SimpleUploadedFile("現物.pdf", paper("kept"), "application/pdf")
    client.post(page, {"key": "inspection", "file": photograph})
    assert "型番を見た" in client.get(page).content.decode()
    for reader in (world.officer, person):
        client.force_login(reader)
        assert "型番を見た" not in client.get(page).content.decode()
    client.force_login(world.officer)
    assert client.post(f"{page}autosave/", first).status_code == 409


@begins(awarded)
def test_an_inspection_ends_whole_once_and_only_of_the_report_that_was_seen(
    world: World, client: Client
) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    page = f"/cases/{award.case.number}/report/inspection/"
    client.force_login(world.staff["inspector"])
    words = {"version": "0", "seen": str(report.version), "inspection_note": "帳簿を見た"}
    half = client.post(page, words | {"go_on": "1"})
    assert (half.status_code, "帳簿を見た" in half.content.decode()) == (422, True)
    assert InspectionSheet.objects.get(report=report).typed["inspection_note"] == "帳簿を見た"
    perform(report, "return_for_correction", by=world.officer, reason="請求書の写し")
    late = client.post(f"{page}autosave/", words | {"version": "1"})
    assert (late.status_code, "実績報告の補正" in late.json()["message"]) == (409, True)
    reporting.submit(CompletionReport.objects.get(pk=report.pk), by=person)
    today = clock.today()
    day = {"inspected_on_y": today.year, "inspected_on_m": today.month, "inspected_on_d": today.day}
    whole = words | day | {"inspection_kind": "site", "go_on": "1"}
    over = client.post(page, whole)  # of a sheet that another screen kept since
    assert (over.status_code, "ほかの画面で" in over.content.decode()) == (409, True)
    whole["version"] = "1"
    late = client.post(page, whole)
    assert (late.status_code, "ほかの人が先に更新しました" in late.content.decode()) == (409, True)
    whole["seen"] = str(CompletionReport.objects.get(pk=report.pk).version)
    for _twice in range(2):
        assert client.post(page, whole).status_code == 302
    report = CompletionReport.objects.get(pk=report.pk)
    assert (report.state, report.inspection_note) == ("inspected", "帳簿を見た")
    assert InspectionSheet.objects.get(report=report).typed == {}


@begins(awarded)
def test_an_officer_with_an_interest_does_no_duty_beside_a_transition_either(
    world: World, client: Client
) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    interests.declare(award.case, by=world.officer, detail="親族の会社")
    with pytest.raises(Forbidden):
        cutting.cut(report, by=world.officer, item="1", amount=1, cite="x", reason="x")
    with pytest.raises(Forbidden):
        formal.check(
            award.application.checks.all()[0], by=world.officer, result="clear", evidence="x"
        )
    client.force_login(world.officer)
    number = award.case.number
    assert client.get(f"/cases/{number}/report/inspection/").status_code == 404
    assert (
        client.post(
            f"/cases/{number}/checks/tax/", {"result": "clear", "evidence": "x"}
        ).status_code
        == 404
    )
    assert client.post(f"/cases/{number}/registered-name/").status_code == 404
    cutting.cut(report, by=world.staff["inspector"], item="1", amount=1, cite="x", reason="x")
