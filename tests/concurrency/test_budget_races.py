"""Two who change the budget at once: first the control that shows the race without the lock, then the same with it."""

import threading

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from grants.budget import allotting, changes, classifying, owing, planning
from grants.budget.debts import DebtAct
from grants.budget.models import BudgetEntry, BudgetLine, ClassificationProposal
from portal.workflow.errors import NotReady
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.grants.test_classification import SAID, line
from tests.grants.test_debts import LIMIT, opened, resolved
from tests.grants.test_transfers import HAS, two_lines

ASK = planning.transfer_refusals


def two_transfers(
    world: World, monkeypatch: pytest.MonkeyPatch, *, back: bool = False
) -> list[object]:
    """Each fits the line, both together do not; with `back` each goes the other way."""
    one, other = two_lines(world)
    amount = HAS if back else HAS * 6 // 10
    by = world.staff["accountant"]

    def slow(line: BudgetLine, to: BudgetLine, amount: int, permit: str) -> list[str]:
        found = ASK(line, to, amount, permit)
        threading.Event().wait(0.5)
        return found

    monkeypatch.setattr(planning, "transfer_refusals", slow)

    def give(source: BudgetLine, target: BudgetLine) -> BudgetEntry:
        return planning.transfer(source, target, amount, by=by, note="執行残", permit="")

    ways = [(one, other), (other, one) if back else (one, other)]
    return together(*[lambda way=way: give(*way) for way in ways])


def unlocked(*lines: BudgetLine) -> list[BudgetLine]:
    return [BudgetLine.objects.get(pk=line.pk) for line in lines]


def test_control_without_the_lock_both_find_enough_and_the_database_stops_one(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "held", unlocked)
    found = two_transfers(committed_world, monkeypatch)
    assert {type(r) for r in found} == {BudgetEntry, IntegrityError}


def test_two_transfers_at_once_take_no_more_than_there_is(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = two_transfers(committed_world, monkeypatch)
    assert {type(r) for r in found} == {BudgetEntry, NotReady}
    assert "400,000円まで" in str(next(r for r in found if isinstance(r, NotReady)))
    assert BudgetLine.objects.get(entries__kind="transfer").appropriated == 400_000


def test_two_transfers_that_cross_do_not_wait_for_each_other_for_ever(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = two_transfers(committed_world, monkeypatch, back=True)
    assert [type(r) for r in found] == [BudgetEntry, BudgetEntry]
    lines = BudgetLine.objects.filter(entries__kind="transfer")
    assert {line.appropriated for line in lines} == {HAS}


def two_draw(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], int]:
    """Two calls get more of one 債務負担行為 at once; what is left of it is enough for one of them."""
    debt = resolved(world)
    calls = [opened(world, round_no=n, amount=1_000_000) for n in (8, 9)]
    left = LIMIT - owing.drawn(debt)
    lines = [call.budget_lines.filter(unit="yen")[0] for call in calls]
    by, other = world.staff["accountant"], world.staff["treasurer"]
    proposed = [changes.propose(one, "appropriation", left, by=by, note="x") for one in lines]
    monkeypatch.setattr(owing, "drawn", slow_drawn)
    found = together(*[lambda c=change: changes.confirm(c, by=other) for change in proposed])
    return found, DRAWN(debt)


DRAWN = owing.drawn


def slow_drawn(debt: DebtAct) -> int:
    found = DRAWN(debt)
    threading.Event().wait(0.5)
    return found


def test_control_without_the_lock_two_calls_draw_more_than_the_limit(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    found, drawn = two_draw(committed_world, monkeypatch)
    assert {type(r) for r in found} == {BudgetEntry}
    assert drawn > LIMIT


def test_two_calls_that_draw_at_once_stay_within_the_limit(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, drawn = two_draw(committed_world, monkeypatch)
    assert {type(r) for r in found} == {BudgetEntry, NotReady}
    assert drawn == LIMIT


def two_cuts(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each fits what is allotted, both together do not."""
    one, _other = two_lines(world)
    by = world.staff["accountant"]
    allotting.allot(one, HAS, by=by, note="x")
    ask = allotting.cut_refusals

    def slow(line: BudgetLine, amount: int) -> list[str]:
        found = ask(line, amount)
        threading.Event().wait(0.5)
        return found

    monkeypatch.setattr(allotting, "cut_refusals", slow)
    cut = HAS * 6 // 10
    return together(*[lambda: allotting.cut(one, cut, by=by, note="x") for _ in range(2)])


def test_control_without_the_lock_both_find_enough_allotted_and_the_database_stops_one(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allotting, "held", unlocked)
    found = two_cuts(committed_world, monkeypatch)
    assert {type(r) for r in found} == {BudgetEntry, IntegrityError}


def test_two_cuts_of_an_allotment_at_once_take_no_more_than_there_is(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = two_cuts(committed_world, monkeypatch)
    assert {type(r) for r in found} == {BudgetEntry, NotReady}
    assert BudgetLine.objects.get(entries__kind="allotment").allotted == HAS * 4 // 10


def two_classify(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Two propose for one line at once under what it stands; one of them for all money of its call."""
    one = line(world)
    ask = classifying.open_of

    def slow(row: BudgetLine) -> QuerySet[ClassificationProposal]:
        found = ask(row)
        waits = list(found)
        threading.Event().wait(0.5)
        return found.filter(pk__in=[proposal.pk for proposal in waits])

    monkeypatch.setattr(classifying, "open_of", slow)
    people = [(world.staff["accountant"], False), (world.staff["treasurer"], True)]
    return together(
        *[
            lambda by=by, whole=whole: classifying.propose(one, SAID, by=by, whole_call=whole)
            for by, whole in people
        ]
    )


def test_control_without_the_lock_two_proposals_of_one_line_wait(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifying, "_held", lambda row, **_given: unlocked(row))
    found = two_classify(committed_world, monkeypatch)
    assert {type(r) for r in found} == {ClassificationProposal}


def test_of_two_proposals_of_one_line_at_once_one_waits(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = two_classify(committed_world, monkeypatch)
    assert {type(r) for r in found} == {ClassificationProposal, NotReady}
    assert ClassificationProposal.objects.filter(closed_at=None).count() == 1
