"""支払いの一時停止 and a batch made at the same moment: nothing that is withheld goes to the bank."""

from datetime import timedelta

import pytest

from grants.payments import paying
from grants.payments.models import Payment, PaymentBatch
from portal import clock
from portal.approvals.models import Approval
from portal.workflow import door
from portal.workflow.door import perform
from portal.workflow.errors import Refused
from tests.concurrency.test_races import slowly, together
from tests.conftest import World
from tests.reports import letters
from tools.demonstration import simulation


def at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A decision to withhold a payment, and a batch that takes it up."""
    award, debt = letters.late_elsewhere(world)
    payment = award.payments.get()
    day = simulation.at(debt.due_on + timedelta(days=1), 9)
    with clock.at(day):
        approval = world.approval("withhold", [payment], {"reason": "返還が済んでいないため"})
    slowly(monkeypatch, Payment, "withhold", seconds=1.5)
    slowly(monkeypatch, PaymentBatch, seconds=1.5)

    def decide() -> object:
        with clock.at(day):
            return perform(approval, "approve", by=world.director)

    def take_up() -> object:
        with clock.at(day):
            by, on = world.staff["treasurer"], paying.next_pay_day()
            return paying.make_batch(by, pay_on=on, payments=[payment])

    return together(decide, take_up)


def test_control_without_the_lock_it_is_withheld_and_taken_up(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    found = at_once(committed_world, monkeypatch)
    assert [type(r) for r in found] == [Approval, PaymentBatch]


def test_it_is_withheld_or_taken_up_and_never_both(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = at_once(committed_world, monkeypatch)
    assert sum(isinstance(r, Refused) for r in found) == 1
    payment = Payment.objects.latest("pk")
    assert (payment.state == "held") is (payment.batch_id is None)
