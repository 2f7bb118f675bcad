"""A return that is paid while it is set off: first the control without the lock, then the same with it."""

import threading
from datetime import date, timedelta

import pytest

from grants.payments.models import Payment
from grants.recovery import booking, collecting
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.workflow import door
from portal.workflow.door import perform
from portal.workflow.errors import Refused
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.reports import letters
from tools.demonstration import simulation


def paid_and_set_off(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], int]:
    """Both at once, and what was owed: each looks before the other has written."""
    award, debt = letters.late_elsewhere(world)
    morning = simulation.at(debt.due_on + timedelta(days=1), 9)
    with clock.at(morning):
        left = Recovery.objects.get(pk=debt.pk).owed()["left"]
        given = {"against": str(debt.pk), "amount": 200_000, "reason": "x"}
        draft = world.approval("set_off", [award.payments.get()], given)

    def slowly(recovery: Recovery, amount: int, *, moved_on: date, by: User) -> bool:
        threading.Event().wait(1)
        return booking.book_return(recovery, min(amount, 1), moved_on=moved_on, by=by)

    def decide() -> Approval:
        with clock.at(morning):
            return perform(draft, "approve", by=world.director)

    def receive() -> MoneyIn:
        by = world.staff["accountant"]
        with clock.at(morning):
            return collecting.receive(debt, amount=left, paid_on=clock.today(), by=by)

    monkeypatch.setattr(collecting, "book_return", slowly)
    return together(decide, receive), left


def test_control_without_the_lock_a_return_comes_in_twice(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    found, left = paid_and_set_off(committed_world, monkeypatch)
    assert [type(each) for each in found] == [Approval, MoneyIn]
    assert sum(row.counted for row in MoneyIn.objects.all()) == left + 200_000


def test_what_is_paid_and_set_off_at_once_comes_in_once(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, left = paid_and_set_off(committed_world, monkeypatch)
    rows = MoneyIn.objects.all()
    if isinstance(found[0], Refused):  # it came in first: nothing is left to set off
        assert [row.set_off for row in rows] == [None]
        assert Payment.objects.filter(state="set_off").count() == 0
    else:  # it was set off first: what is too much is to be given back
        assert sum(row.over for row in rows) > 0
    assert sum(row.counted for row in rows) <= left


def undone_and_paid(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], int]:
    """A set-off is undone while the return that it had paid is paid once more."""
    award = letters.set_off(world)
    payment = award.payments.select_related("set_against__recovery").get()
    debt = payment.set_against.debt
    afternoon = simulation.at(clock.day_of(payment.set_against.booked_at), 15)
    with clock.at(afternoon):
        left = debt.owed()["left"] + 5_000  # too much while the set-off stands
        given = {"ground": "form", "reason": "x"}
        draft = world.approval("undo_set_off", [payment], given)

    def slowly(recovery: Recovery, amount: int, *, moved_on: date, by: User) -> bool:
        threading.Event().wait(1)
        return booking.book_return(recovery, 0, moved_on=moved_on, by=by)

    def undo() -> Approval:
        with clock.at(afternoon):
            return perform(draft, "approve", by=world.director)

    def receive() -> MoneyIn:
        by = world.staff["accountant"]
        with clock.at(afternoon):
            return collecting.receive(debt, amount=left, paid_on=clock.today(), by=by)

    monkeypatch.setattr(collecting, "book_return", slowly)
    return together(undo, receive), left


def test_control_without_the_lock_too_much_stands_beside_an_undone_set_off(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    found, _left = undone_and_paid(committed_world, monkeypatch)
    assert [type(each) for each in found] == [Approval, MoneyIn]
    assert [row.over for row in MoneyIn.objects.standing()] == [5_000]


def test_a_set_off_that_is_undone_while_money_comes_leaves_nothing_too_much(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _left = undone_and_paid(committed_world, monkeypatch)
    standing = MoneyIn.objects.standing()
    if isinstance(found[0], Refused):  # the money came first, and is put right first
        assert [row.set_off is not None for row in standing.order_by("pk")] == [True, False]
    else:
        assert [(row.set_off, row.over) for row in standing] == [(None, 0)]
