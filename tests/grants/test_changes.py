"""Changes of the funded project: minor ones count at once, others after their approval; before and after of every item."""

from datetime import date, timedelta

import pytest
from django.test import Client

from grants.awards import changing
from grants.awards.changes import ChangeRequest
from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.completion import reporting
from portal import fiscal
from portal.accounts.models import User
from portal.notices.models import Notice
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded, reported

ONE, TWO = ("機器0", "equipment"), ("機器1", "equipment")


def file(
    award: Award,
    person: User,
    *after: tuple[str, str, int],
    kind: str = "costs",
    ends_on: date | None = None,
) -> ChangeRequest:
    return changing.file(
        award,
        kind=kind,
        reason="機種が廃番になったため",
        after=list(after),
        ends_on=ends_on,
        by=person,
    )


def test_a_minor_change_counts_at_once(world: World) -> None:
    award, person = awarded(world, 300_000, 120_000)
    change = file(award, person, (*ONE, 276_000), (*TWO, 144_000))
    award = Award.objects.get(pk=award.pk)
    assert (change.state, award.planned) == ("notified", [(*ONE, 276_000), (*TWO, 144_000)])
    assert change.rows == [("機器0", 300_000, 276_000), ("機器1", 120_000, 144_000)]


@pytest.mark.parametrize(
    "after",
    [
        [(*ONE, 275_999), (*TWO, 144_001)],
        [(*ONE, 300_000), (*TWO, 119_000), ("新しい物", "equipment", 1_000)],
        [("機器0", "software", 300_000), (*TWO, 120_000)],  # the same thing in another category
        [(*ONE, 300_000), (*TWO, 120_000), (*ONE, 300_000)],  # the same thing twice
        [(*ONE, 300_001), (*TWO, 120_000)],  # more in all
    ],
)
def test_any_other_change_waits_for_its_approval(
    world: World, after: list[tuple[str, str, int]]
) -> None:
    award, person = awarded(world, 300_000, 120_000)
    change = file(award, person, *after)
    assert (change.state, Award.objects.get(pk=award.pk).plan) == ("submitted", [])
    assert "変更の承認を起案する" in set(award.case.turns.values_list("what", flat=True))
    world.decided("approve_change", [change])
    award = Award.objects.get(pk=award.pk)
    assert award.planned == after
    assert Notice.objects.filter(case=award.case, kind="change_approved").count() == 1
    assert {f.what for f in reporting.findings(reported(world, award, person))} == set()


def test_many_small_changes_are_measured_together(world: World) -> None:
    """Each by the plan as it was approved, not as the last notice left it."""
    award, person = awarded(world, 300_000, 120_000)
    first = file(award, person, (*ONE, 276_000), (*TWO, 144_000))
    second = file(award, person, (*ONE, 252_000), (*TWO, 168_000))
    assert [first.state, second.state] == ["notified", "submitted"]
    world.decided("approve_change", [second])
    # from here on the plan as approved is the measure
    third = file(award, person, (*ONE, 220_000), (*TWO, 200_000))
    assert (third.state, third.before) == ("notified", [[*ONE, 252_000], [*TWO, 168_000]])


def test_a_returned_change_comes_again_as_the_minor_one_that_it_is_by_now(world: World) -> None:
    award, person = awarded(world, 300_000, 120_000)
    change = file(award, person, (*ONE, 200_000), (*TWO, 220_000))
    perform(change, "send_back", by=world.officer, reason="2割までにできませんか。")
    assert file(award, person, (*ONE, 276_000), (*TWO, 144_000)).state == "notified"


def test_what_is_reported_is_inspected_against_the_plan_of_then(world: World) -> None:
    award, person = awarded(world, 300_000, 120_000)
    report = reported(world, award, person)
    with pytest.raises(NotReady, match="実績報告が市に届いている"):
        file(award, person, (*ONE, 276_000), (*TWO, 144_000))
    with pytest.raises(NotReady, match="実績報告が市に届いている"):
        file(award, person, kind="delay", ends_on=award.project_ends_on + timedelta(days=1))
    assert not ChangeRequest.objects.exists()
    assert file(award, person, kind="abandon").state == "submitted"
    perform(ChangeRequest.objects.get(), "send_back", by=world.officer, reason="x")
    perform(report, "return_for_correction", by=world.officer, reason="請求書の写し")
    assert file(award, person, (*ONE, 276_000), (*TWO, 144_000)).state == "notified"


def test_the_same_thing_in_two_categories_is_told_apart(world: World) -> None:
    award, person = awarded(world, 300_000, 120_000)
    change = file(award, person, ("機器0", "software", 300_000), (*TWO, 120_000))
    named = {category.key: category.name for category in award.stated.categories}
    assert change.rows == [
        (f"機器0（{named['equipment']}）", 300_000, None),
        ("機器1", 120_000, 120_000),
        (f"機器0（{named['software']}）", None, 300_000),
    ]


def test_a_refused_change_changes_nothing_and_says_why(world: World) -> None:
    award, person = awarded(world, 300_000, 120_000)
    change = file(award, person, ("別の物", "equipment", 420_000))
    world.decided("deny_change", [change], {"reason": "目的から外れるため"})
    assert (ChangeRequest.objects.get().state, Award.objects.get(pk=award.pk).plan) == (
        "denied",
        [],
    )
    assert ["承認しない理由", "目的から外れるため"] in Notice.objects.get(
        kind="change_denied"
    ).facts["items"]


@begins(awarded)
def test_a_longer_period_and_giving_up_go_through_approval(world: World) -> None:
    award, person = world.begun(awarded)
    day = fiscal.fiscal_year_end(award.application.call.fiscal_year)
    Award.objects.filter(pk=award.pk).update(project_ends_on=day - timedelta(days=30))
    award = Award.objects.get(pk=award.pk)
    world.decided("approve_change", [file(award, person, kind="delay", ends_on=day)])
    award = Award.objects.get(pk=award.pk)
    assert award.project_ends_on == day
    file(award, person, kind="abandon")
    world.decided("abandon", [award], {"reason": "廃業"})
    award = Award.objects.get(pk=award.pk)
    line = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    assert (award.state, line.committed) == ("abandoned", 0)


def test_one_change_at_a_time_and_a_returned_one_is_filed_again(world: World) -> None:
    award, person = awarded(world, 300_000, 120_000)
    change = file(award, person, ("別の物", "equipment", 420_000))
    with pytest.raises(NotReady, match="すでに出ています"):
        file(award, person, ("ほかの物", "equipment", 420_000))
    perform(change, "send_back", by=world.officer, reason="見積書を付けてください。")
    again = file(award, person, ("ほかの物", "equipment", 400_000))
    assert (again.pk, again.state, again.after) == (
        change.pk,
        "submitted",
        [["ほかの物", "equipment", 400_000]],
    )
    with pytest.raises(Forbidden):
        perform(award, "adopt", by=world.officer, change=again)


def test_the_page_of_a_change(world: World, client: Client) -> None:
    award, person = awarded(world, 300_000, 120_000)
    client.force_login(person)
    url = f"/cases/{award.case.number}/change/"
    assert "300,000" in client.get(url).content.decode()
    rows = {
        "item-TOTAL_FORMS": "2",
        "item-INITIAL_FORMS": "0",
        "item-MIN_NUM_FORMS": "no number",  # nobody types it, and nobody is told of it
        "item-0-what": "機器0",
        "item-0-category": "equipment",
        "item-0-amount": "２７６，０００",
        "item-1-what": "機器1",
        "item-1-category": "equipment",
        "item-1-amount": "144000",
    }
    assert client.post(url, rows | {"kind": "delay", "reason": "x"}).status_code == 422
    assert client.post(url, rows | {"kind": "costs", "reason": ""}).status_code == 422
    assert client.post(url, rows | {"kind": "costs", "reason": "値下がり"}).status_code == 302
    assert ChangeRequest.objects.get().state == "notified"
    assert "276,000" in client.get(f"/cases/{award.case.number}/").content.decode()
    client.force_login(world.outsider)
    assert client.get(url).status_code == 404
