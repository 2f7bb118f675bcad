"""A bounce is doubted while its claim is ordered anew: first the control without the lock, then with it."""

import pytest

from grants.payments import paying
from grants.payments.models import Payment
from portal.workflow import door
from portal.workflow.errors import Refused
from tests.concurrency.test_money_races import sql
from tests.concurrency.test_races import slowly, together
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_result_corrections import bounced

FREED = (
    "DROP INDEX payments_one_live",
    "ALTER TABLE grants_payments_payment DISABLE TRIGGER within",
)
BOUND = (
    "SET session_replication_role = replica",
    "DELETE FROM grants_payments_payment",
    "SET session_replication_role = origin",
    "ALTER TABLE grants_payments_payment ENABLE TRIGGER within",
    "CREATE UNIQUE INDEX payments_one_live ON grants_payments_payment (claim_id)"
    " WHERE state IN ('ordered', 'held', 'returned', 'bounce_doubted', 'paid')",
)


def at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    _award, person, payment = bounced(world)
    payments.account(world, person, number="7654321")
    slowly(monkeypatch, Payment)
    return together(
        lambda: paying.order(payment.claim, by=world.staff["treasurer"]),
        lambda: payments.doubted(world, payment),
    )


def states() -> list[str]:
    return sorted(Payment.objects.values_list("state", flat=True))


def test_control_without_lock_and_constraints_what_may_have_arrived_is_ordered_anew(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    sql(*FREED)
    try:
        found = at_once(committed_world, monkeypatch)
        assert [type(each) for each in found] == [Payment, Payment]
        assert states() == ["bounce_doubted", "ordered"]
    finally:
        sql(*BOUND)


def test_one_of_them_is_refused(committed_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = at_once(committed_world, monkeypatch)
    assert sorted(isinstance(each, Refused) for each in found) == [False, True]
    assert states() in (["bounce_doubted"], ["bounced", "ordered"])
