"""配当: what a line may promise where its municipality allots its budget; by two people, and never past it."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.budget import adding_up, allotting, changes, monthly
from grants.budget.models import BudgetEntry, BudgetLine, book
from grants.programmes.models import Call
from portal.accounts.models import User
from portal.audit.models import Event
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from reports.statistics.pipeline import frames, reconciling
from tests.conftest import World
from tests.grants import test_call_drafts as drafts
from tests.grants.test_transfers import HAS, fresh, two_lines

UNITS = ("yen", "slots")


def by_two(world: World, line: BudgetLine, kind: str, amount: int) -> BudgetEntry:
    first, second = world.staff["accountant"], world.staff["treasurer"]
    line.refresh_from_db()
    change = changes.propose(line, kind, amount, by=first, note="第1四半期")
    with pytest.raises(Forbidden, match="提案した方は確認できません"):
        changes.confirm(change, by=first)
    return changes.confirm(change, by=second)


def promise(line: BudgetLine, amount: int, by: User) -> BudgetEntry:
    return book(line, "commitment", amount, by=by)


def test_an_allotment_is_an_entry_by_two_people_and_bounds_what_is_promised(world: World) -> None:
    one, other = two_lines(world)
    by = world.staff["accountant"]
    by_two(world, one, "allotment", 300_000)
    one, other = fresh(one, other)
    assert (one.appropriated, one.allotted, one.available) == (HAS, 300_000, 300_000)
    promise(one, 200_000, by)
    with pytest.raises(NotReady, match="配当が足りません（配当の残り 100,000、必要 100,001）"):
        promise(one, 100_001, by)
    by_two(world, one, "allotment", 700_000)
    promise(one, 100_001, by)
    assert adding_up.first_fault() == ""
    assert reconciling.reconcile(frames.read()).faults == []
    labels = Event.objects.filter(action="budgetline.allotment").count()
    assert labels == 2


def test_the_first_allotment_binds_all_lines_of_the_year_that_promised_nothing_yet(
    world: World,
) -> None:
    one, other = two_lines(world)
    by = world.staff["accountant"]
    promise(other, 400_000, by)
    own = BudgetLine.objects.filter(call=world.calls["telework"])
    assert {line.by_allotment for line in own} == {False}
    by_two(world, one, "allotment", 100_000)
    assert {(line.unit, line.by_allotment) for line in own.all()} == {
        ("yen", True),
        ("slots", False),
    }
    assert not fresh(one, other)[1].by_allotment
    promise(other, 100_000, by)
    other.refresh_from_db()
    with pytest.raises(NotReady, match="すでに500,000円の支出負担行為"):
        changes.propose(other, "allotment", 499_999, by=by, note="x")
    by_two(world, other, "allotment", 500_000)
    assert fresh(one, other)[1].available == 0


def test_new_lines_of_the_year_and_of_the_next_begin_with_nothing_allotted(world: World) -> None:
    one, _other = two_lines(world)
    assert not allotting.is_bound(one)
    by_two(world, one, "allotment", 100_000)
    call = world.call("iot", round_no=7, budgets=[("introduction", kind, 9) for kind in UNITS])
    lines = {line.unit: line for line in call.budget_lines.all()}
    assert (lines["yen"].available, lines["slots"].available) == (0, 9)
    year, found = one.fiscal_year, {}
    for later in (-1, 1, 2):
        one.fiscal_year = year + later
        found[later] = allotting.is_bound(one)
    assert found == {-1: False, 1: True, 2: False}


def test_no_more_is_allotted_than_there_is_and_what_is_promised_stays_allotted(
    world: World,
) -> None:
    one, other = two_lines(world)
    by = world.staff["accountant"]
    for amount, why in ((HAS + 1, "まだ配当していない1,000,000円まで"), (HAS, None)):
        found = allotting.refusals(one, amount)
        assert found == [] if why is None else why in found[0]
    slots = BudgetLine.objects.filter(unit="slots")[0]
    assert "円の予算に" in allotting.refusals(slots, 1)[0]
    by_two(world, one, "allotment", 600_000)
    promise(one, 500_000, by)
    one, other = fresh(one, other)
    assert "100,000円まで" in allotting.cut_refusals(one, 100_001)[0]
    for kind in ("supplement_cut", "transfer"):
        with pytest.raises(NotReady, match=r"配当していない400,000.*先に配当を減らして"):
            changes.propose(
                one, kind, 400_001, by=by, note="x", to=other if kind == "transfer" else None
            )
    by_two(world, one, "allotment_cut", 100_000)
    by_two(world, one, "supplement_cut", 500_000)
    one, other = fresh(one, other)
    assert (one.appropriated, one.allotted, one.committed) == (500_000, 500_000, 500_000)
    assert adding_up.first_fault() == ""


@pytest.mark.parametrize("told", [{"committed": 300_001}, {"allotted": HAS + 1}])
def test_the_database_keeps_what_is_promised_within_the_allotment_and_that_within_the_budget(
    world: World, told: dict[str, int]
) -> None:
    one, _other = two_lines(world)
    by_two(world, one, "allotment", 300_000)
    with pytest.raises(IntegrityError, match=r"budget_(allotted_)?within"), transaction.atomic():
        BudgetLine.objects.filter(pk=one.pk).update(**told)


def test_a_call_that_is_called_off_gives_its_allotment_back_with_its_budget(world: World) -> None:
    application, person = world.accepted()
    line = BudgetLine.objects.get(call=application.call, frame=application.frame, unit="yen")
    by_two(world, line, "allotment", line.appropriated)
    world.decided("award", [application])
    call = Call.objects.get(pk=application.call_id)
    world.called_off(call)
    line.refresh_from_db()
    assert line.appropriated == line.allotted == line.committed > 0
    perform(Award.objects.get(application=application), "withdraw", by=person)
    line.refresh_from_db()
    assert (line.appropriated, line.allotted, line.committed) == (0, 0, 0)
    assert adding_up.first_fault() == ""


def test_a_draft_call_that_gets_less_keeps_no_more_allotted(world: World, client: Client) -> None:
    call = drafts.drafted(world)
    line = call.budget_lines.get(unit="yen")
    by_two(world, line, "allotment", 900_000)
    client.force_login(world.officer)
    page = reverse("call_edit", args=[call.pk])
    assert client.post(page, drafts.typed(call)).status_code == 302
    line.refresh_from_db()
    assert (line.appropriated, line.allotted) == (700_000, 700_000)


def test_pages_show_what_is_allotted(world: World) -> None:
    one, _other = two_lines(world)
    client = Client()
    client.force_login(world.staff["accountant"])
    page = reverse("budget_line", args=[one.pk])
    before = client.get(page).content.decode()
    assert "はじめて配当すると" in before
    assert "うち配当" not in before
    asked = {"kind": "allotment", "amount": "300000", "note": "第1四半期"}
    assert client.post(page, asked).status_code == 302
    changes.confirm(one.changes.get(), by=world.staff["treasurer"])
    after = client.get(page).content.decode()
    assert "はじめて配当すると" not in after
    for words in ("うち配当", "配当の残り", "300,000"):
        assert words in after
    assert "300,000" in client.get(reverse("budget_list")).content.decode()
    assert monthly.books([one])[one.pk].total.allotted == 300_000
    assert "配当" in client.get(reverse("budget_months", args=[one.pk])).content.decode()
    slots = BudgetLine.objects.filter(unit="slots")[0]
    assert "配当" not in client.get(reverse("budget_line", args=[slots.pk])).content.decode()
    assert client.post(reverse("budget_line", args=[slots.pk]), asked).status_code == 422
