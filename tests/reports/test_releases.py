"""Releases: two people, immutable, reconciled to the yen or not at all, differences with their
causes.
"""

from io import StringIO
from typing import Any

import pandas as pd
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pypdfium2 import PdfDocument

from grants.awards.models import Award
from grants.budget.carrying import carry_over
from grants.budget.models import BudgetEntry, BudgetLine, commit, decommit
from portal import clock, fiscal
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady, WrongState
from reports.statistics import jobs
from reports.statistics.models import Release, ReleaseTable
from reports.statistics.page import wording
from reports.statistics.paper import annual
from reports.statistics.pipeline import frames, reconciling
from reports.statistics.pipeline.frames import cases, money
from reports.statistics.pipeline.reconciling import reconcile
from reports.statistics.releasing import building, differences, drafting
from reports.statistics.releasing.snapshot import digest, thawed
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants import test_recovery as recoveries

YEAR = fiscal.fiscal_year(clock.today())


def rows(release: Release, name: str) -> pd.DataFrame:
    kept = ReleaseTable.objects.get(release=release, name=name)
    return thawed(kept.columns, kept.rows)


def publish(world: World, note: str = "") -> Release:
    return building.publish(YEAR, by=world.officer, approved_by=world.approver, note=note)


def test_an_empty_portal_publishes_an_empty_release(db: None) -> None:
    world = World.build(())
    release = publish(world)
    assert (release.state, release.row_counts["awards"], release.faults) == ("approved", 0, [])


def test_a_release_holds_what_happened_and_agrees_with_the_book(world: World) -> None:
    award, _person = payments.fixed(world)
    world.submitted()
    release = publish(world)
    awards = rows(release, "awards")
    assert awards[["awarded_yen", "fixed_yen", "paid_yen"]].to_numpy().tolist() == [
        [award.awarded_amount, award.fixed_amount, 0]
    ]
    assert all(ours == book for _what, ours, book in release.checks)
    assert {what for what, _ours, _book in release.checks} <= wording.CHECKS.keys()
    by = rows(release, "awards_by")
    assert by.loc[
        (by["programme"] == "all") & (by["dimension"] == "all"), "awarded_yen"
    ].tolist() == [award.awarded_amount]


def test_whoever_drafts_a_release_does_not_approve_it(world: World) -> None:
    release = building.build(begin(Release, by=world.officer, fiscal_year=YEAR))
    world.officer.staff_roles.create(
        role="approver", starts_on=clock.today(), granted_by=world.director
    )
    world.officer.forget_roles()
    with pytest.raises(Forbidden, match="別の職員"):
        perform(release, "approve", by=world.officer)
    assert Release.objects.get().state == "draft"


def test_one_person_alone_publishes_nothing_and_leaves_nothing(transactional_db: None) -> None:
    world = World.build(())
    with pytest.raises(Forbidden):
        building.publish(YEAR, by=world.officer, approved_by=world.officer)
    assert Release.objects.count() == 0


def test_a_release_is_approved_once_and_the_next_one_supersedes_it(world: World) -> None:
    first = publish(world)
    with pytest.raises(WrongState):
        perform(first, "approve", by=world.approver)
    second = publish(world, "訂正")
    assert list(Release.objects.order_by("n").values_list("number", "state")) == [
        (f"{YEAR}-01", "superseded"),
        (f"{YEAR}-02", "approved"),
    ]
    assert second.before == first


def test_a_release_that_is_not_built_or_overtaken_cannot_be_approved(world: World) -> None:
    waiting = begin(Release, by=world.officer, fiscal_year=YEAR)
    with pytest.raises(NotReady, match="まだできていません"):
        perform(waiting, "approve", by=world.approver)
    publish(world)
    with pytest.raises(NotReady, match="すでに公表されています"):
        perform(building.build(waiting), "approve", by=world.approver)


def test_a_book_that_differs_by_one_yen_stops_the_release(world: World) -> None:
    call = world.call("iot", round_no=3)
    application, _person = world.accepted(call=call)
    line = call.budget_lines.filter(unit="yen")[0]
    entry = BudgetEntry(
        line=line, kind="commitment", amount=1, case=application.case, booked_by=world.officer
    )
    entry.save()
    release = building.build(begin(Release, by=world.officer, fiscal_year=YEAR))
    assert ["awarded", 1, 1] in release.faults
    with pytest.raises(NotReady, match="台帳と合わない"):
        perform(release, "approve", by=world.approver)
    with pytest.raises(NotReady):
        publish(world)
    assert Release.objects.exclude(state="draft").count() == 0


def test_money_paid_back_is_reconciled_too(world: World) -> None:
    recoveries.paid(world)
    found = reconcile(frames.read())
    assert found.faults == []
    assert int({what: ours for what, ours, _book in found.checks}["paid"]) > 0


def test_what_is_given_up_of_carried_money_is_reconciled(world: World) -> None:
    """A line carries 280,000 yen over; 30,000 of it are given up, and are carried again once they are
    committed again.
    """
    award, _person = payments.fixed(world)
    call, case, by = award.application.call, award.case, world.staff["accountant"]
    line = BudgetLine.objects.get(call=call, frame=award.frame, unit="yen")
    carry_over(line, 280_000, by=by, note="x", case=case)
    decommit(call, award.frame, 30_000, by=by, case=case, slot=False)
    assert BudgetLine.objects.get(pk=line.pk).carried == 250_000
    read = frames.read()
    assert reconciling.carried(read.carries).to_dict() == {line.pk: 250_000}
    assert [what for what, _n, _yen in reconcile(read).faults] == [
        "held"
    ]  # given up behind the award's back
    commit(call, award.frame, 30_000, by=by, case=case)
    assert reconciling.carried(money.carries()).to_dict() == {line.pk: 280_000}
    assert BudgetLine.objects.get(pk=line.pk).carried == 280_000


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE reports_statistics_releasetable SET rows = '[]'",
        "DELETE FROM reports_statistics_releasetable",
        "UPDATE reports_statistics_release SET sha256 = 'x'",
        "UPDATE reports_statistics_release SET note = 'x'",
        "DELETE FROM reports_statistics_release",
        "UPDATE reports_statistics_release SET state = 'draft'",
        "INSERT INTO reports_statistics_releasetable (release_id, name, columns, rows, sha256) "
        "SELECT id, 'more', '[]', '[]', '' FROM reports_statistics_release",
        "TRUNCATE reports_statistics_releasetable",
        "TRUNCATE reports_statistics_release CASCADE",
    ],
)
def test_the_database_refuses_to_change_a_published_release(world: World, sql: str) -> None:
    publish(world)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # nothing waits that would stop a TRUNCATE by itself
        with (
            pytest.raises(DatabaseError, match=r"never changes?|never truncated"),
            transaction.atomic(),
        ):
            cursor.execute(sql)


def test_the_same_moment_gives_the_same_figures_and_fingerprint(world: World) -> None:
    world.submitted()
    first, second = publish(world), publish(world)
    assert first.sha256 == second.sha256
    for table in second.tables.all():
        assert table.sha256 == digest({"columns": table.columns, "rows": table.rows})


def test_differences_name_the_cause_of_every_yen(world: World) -> None:
    award, person = payments.fixed(world)
    publish(world)
    payments.account(world, person)
    batch = payments.batched(world, payments.ordered(world, award, person))
    payments.taken_in(world, batch, payments.answer(batch))
    other, _p = world.accepted(call=world.call("telework", round_no=4))
    world.decided("award", [other])
    release = publish(world)
    found = {row["measure"]: row for row in release.differences}
    assert found["awards"]["causes"] == [{"cause": "new", "awards": 1, "amount": 1}]
    assert found["paid_yen"]["causes"] == [{"cause": "more", "awards": 1, "amount": 280_000}]
    for row in release.differences:
        assert sum(cause["amount"] for cause in row["causes"]) == row["after"] - row["before"]


def test_explained_changes_add_up_or_raise() -> None:
    def table(*given: tuple[str, int, int | None]) -> pd.DataFrame:
        frame = pd.DataFrame(given, columns=["id", "awarded_yen", "fixed_yen"]).astype(
            {"fixed_yen": "Int64"}
        )
        return frame.assign(paid_yen=0, returned_yen=0)

    found = differences.explain(
        table(("a", 100, None), ("b", 50, 50), ("c", 10, None)),
        table(("a", 100, 90), ("b", 40, 40), ("d", 7, None)),
    )
    by = {row["measure"]: (row["before"], row["after"], row["causes"]) for row in found}
    assert by["awarded_yen"] == (
        160,
        147,
        [
            {"cause": "new", "awards": 1, "amount": 7},
            {"cause": "gone", "awards": 1, "amount": -10},
            {"cause": "less", "awards": 1, "amount": -10},
        ],
    )
    assert by["fixed_yen"] == (
        50,
        130,
        [
            {"cause": "more", "awards": 1, "amount": 90},
            {"cause": "less", "awards": 1, "amount": -10},
        ],
    )


def test_the_command_publishes_and_refuses_with_a_sentence(world: World) -> None:
    out = StringIO()
    given = {"by": world.officer.email, "approved_by": world.approver.email}
    call_command("publish_statistics", fiscal_year=YEAR, stdout=out, **given)
    assert f"{YEAR}-01 sha256" in out.getvalue()
    for wrong, words in (
        ({"approved_by": world.officer.email}, "職務"),
        ({"by": "nobody@firms.example"}, "Nobody signs in"),
        ({"fiscal_year": 12}, "no fiscal year"),
        ({"threshold": 2}, "would tell"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("publish_statistics", **({"fiscal_year": YEAR} | given | wrong))
    assert Release.objects.count() == 1


def test_a_job_builds_a_draft_once(world: World) -> None:
    release = drafting.draft(YEAR, by=world.officer)
    jobs.build_release(release.pk)
    built = Release.objects.get()
    assert (built.state, built.as_of is not None, built.tables.count()) == (
        "draft",
        True,
        len(built.row_counts),
    )
    version = built.version
    jobs.build_release(release.pk)
    assert Release.objects.get().version == version


def test_the_desk_drafts_and_another_approves_on_the_page(world: World) -> None:
    officer, approver = Client(), Client()
    officer.force_login(world.officer)
    approver.force_login(world.approver)
    assert (
        officer.post("/staff/statistics/releases/", {"fiscal_year": "12", "note": ""}).status_code
        == 422
    )
    answer = officer.post(
        "/staff/statistics/releases/", {"fiscal_year": str(YEAR), "note": "はじめて"}
    )
    assert answer["Location"] == f"/staff/statistics/releases/{YEAR}-01/"
    assert "数値を作っています" in officer.get(answer["Location"]).content.decode()
    assert (
        approver.post(
            "/staff/statistics/releases/", {"fiscal_year": str(YEAR), "note": ""}
        ).status_code
        == 403
    )
    jobs.build_release(Release.objects.get().pk)
    page = approver.get(answer["Location"]).content.decode()
    preview = approver.get(f"{answer['Location']}preview/").content.decode()
    assert ("まだ公表していません" in preview, "tables/awards.csv" in preview) == (True, False)
    assert approver.get(f"{answer['Location']}report.pdf").content[:4] == b"%PDF"
    assert f"/do/release/{Release.objects.get().pk}/approve/" in page
    assert (
        f"/do/release/{Release.objects.get().pk}/approve/"
        not in officer.get(answer["Location"]).content.decode()
    )
    assert officer.get(f"/statistics/releases/{YEAR}-01/").status_code == 404


def test_sole_proprietors_stand_in_no_list_and_their_lone_award_in_no_sum(world: World) -> None:
    application, _person = world.accepted()
    firm = application.case.organisation
    firm.kind, firm.corporate_number, firm.name = "sole_proprietor", None, "ゆきあかり個人"
    firm.save()
    corporate, _p = world.accepted(call=world.call("telework", round_no=2))
    world.decided("award", [application])
    world.decided("award", [corporate])
    release = publish(world)
    text = str(list(release.tables.values_list("rows", flat=True)))
    assert ("ゆきあかり個人" in text, len(rows(release, "awards"))) == (False, 1)
    people = rows(release, "people")
    assert (people["suppressed"].tolist(), people["awards"].isna().tolist()) == ([True], [True])
    whole = sum(row.awarded_amount for row in Award.objects.all())
    for path in (
        f"/statistics/releases/{release.number}/",
        f"/api/v1/releases/{release.number}",
        "/statistics/",
        f"/programmes/{application.call.code}/",
    ):
        page = Client().get(path).content.decode()
        assert (f"{whole:,}" in page, str(whole) in page) == (False, False), path
    text = "".join(
        page.get_textpage().get_text_bounded() for page in PdfDocument(annual.pdf(release))
    )
    assert f"{whole:,}" not in text
    book = rows(release, "ledger")
    assert book.loc[book["programme"].isin(["telework", "all"]), "suppressed"].all()


def test_a_draft_is_reckoned_anew_once_another_release_was_published(world: World) -> None:
    """What it hides was reckoned beside the releases of that time."""
    drafts = [building.build(begin(Release, by=world.officer, fiscal_year=YEAR)) for _ in range(2)]
    perform(drafts[0], "approve", by=world.approver)
    with pytest.raises(NotReady, match="作り直してください"):
        perform(drafts[1], "approve", by=world.approver)
    perform(building.build(drafts[1]), "approve", by=world.approver)
    assert list(Release.objects.order_by("n").values_list("state", flat=True)) == [
        "superseded",
        "approved",
    ]


def test_one_sole_proprietor_decided_between_two_releases_is_not_their_difference(
    world: World, client: Client
) -> None:
    """The book of the second, less the first's, would be that award to the yen; both stay public."""
    own = []
    for _n in range(5):
        application, _person = world.accepted()
        firm = application.case.organisation
        firm.kind, firm.corporate_number = "sole_proprietor", None
        firm.save()
        own.append(application)
    world.decided("award", own[:4])
    first = publish(world)
    world.decided("award", own[4:])
    second = publish(world)
    for release, is_hidden in ((first, False), (second, True)):
        book, people = rows(release, "ledger"), rows(release, "people")
        told = book.loc[(book["programme"] == "all") & (book["unit"] == "yen")]
        assert (told["suppressed"].tolist(), people["suppressed"].tolist()) == (
            [is_hidden],
            [is_hidden],
        )
    client.force_login(world.officer)
    page = client.get(second.get_absolute_url()).content.decode()
    assert "前回は示し、今回は伏せた欄" in page
    assert f"{YEAR} / all / yen" in page
    assert (
        "前回は示し、今回は伏せた欄"
        not in client.get(f"/statistics/releases/{second}/").content.decode()
    )


def test_who_stood_behind_a_published_release_is_kept_and_never_changed(world: World) -> None:
    release = publish(world)
    assert set(release.parts.values_list("name", flat=True)) == {
        "persons",
        "cases",
        "days",
        "reports",
        "happened",
        "effects",
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        release.parts.update(data=b"")


def test_the_answer_to_a_filing_reaches_the_outcomes(world: World) -> None:
    """Hours and people at home that a report states are read as numbers (and nothing where they
    were left empty).
    """
    from_content: Any = cases.filings()
    assert {"hours_saved", "teleworkers"} <= set(from_content.columns)
