"""Races about money with two threads on PostgreSQL: first the control without the lock, then the same with it."""

from typing import Any

import pytest
from django.db import connection

from grants.budget.models import BudgetLine
from grants.payments import paying, results
from grants.payments.models import Claim, Payment, PaymentBatch
from portal.registry import reference
from portal.workflow import door
from portal.workflow.door import begin, perform
from portal.workflow.errors import Refused
from tests.concurrency.test_races import slowly, together
from tests.conftest import World
from tests.grants import test_payments as payments


@pytest.fixture
def banks(committed_world: World) -> World:
    reference._banks()
    return committed_world


def checked(world: World) -> Claim:
    award, person = payments.fixed(world)
    payments.account(world, person)
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    return perform(claim, "examine", by=world.staff["nomura"])


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def two_orders(world: World) -> list[Any]:
    claim = checked(world)
    return together(*[lambda: paying.order(claim, by=world.staff["nishi"])] * 2)


def test_control_without_lock_and_constraints_one_claim_is_paid_twice(
    banks: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, Payment)
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    sql("DROP INDEX payments_one_live", "ALTER TABLE grants_payments_payment DISABLE TRIGGER within")
    try:
        assert [type(r) for r in two_orders(banks)] == [Payment, Payment]
    finally:
        sql("SET session_replication_role = replica", "DELETE FROM grants_payments_payment", "SET session_replication_role = origin",
            "ALTER TABLE grants_payments_payment ENABLE TRIGGER within",
            "CREATE UNIQUE INDEX payments_one_live ON grants_payments_payment (claim_id) WHERE state IN ('ordered', 'held', 'paid')")  # fmt: skip


def test_two_orders_at_once_pay_one_claim_once(banks: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slowly(monkeypatch, Payment)
    found = two_orders(banks)
    assert sum(isinstance(r, Payment) for r in found) == 1
    assert "すでに支払い" in str(next(r for r in found if isinstance(r, Refused)))


def two_batches(world: World) -> list[Any]:
    payment = paying.order(checked(world), by=world.staff["nishi"])
    day = paying.next_pay_day()
    return together(*[lambda: paying.make_batch(world.staff["nishi"], pay_on=day, payments=[payment])] * 2)


def test_control_without_the_lock_one_payment_goes_into_two_batches(
    banks: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, PaymentBatch)
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    assert [type(r) for r in two_batches(banks)] == [PaymentBatch, PaymentBatch]


def test_two_batches_at_once_never_share_a_payment(banks: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slowly(monkeypatch, PaymentBatch)
    found = two_batches(banks)
    assert sum(isinstance(r, PaymentBatch) for r in found) == 1
    assert Payment.objects.get().batch_id is not None


def test_one_result_taken_in_by_two_at_once_spends_the_budget_once(banks: World) -> None:
    batch = payments.batched(banks, paying.order(checked(banks), by=banks.staff["nishi"]))
    rows, _faults = results.read(payments.answer(batch))
    found = together(*[lambda: results.apply(rows, batch=batch, by=banks.staff["nomura"])[0][0]] * 2)
    assert "paid" in found
    payment = Payment.objects.get()
    line = BudgetLine.objects.get(call=payment.award.application.call, frame=payment.award.frame, unit="yen")
    assert (payment.state, line.disbursed, set(found) - {"paid", "already", "wrong"}) == ("paid", payment.amount, set())
    assert found.count("paid") == 1


def test_two_claims_at_once_ask_for_the_money_once(banks: World, monkeypatch: pytest.MonkeyPatch) -> None:
    award, person = payments.fixed(banks)
    payments.account(banks, person)
    slowly(monkeypatch, Claim)
    found = together(*[lambda: begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)] * 2)
    assert sum(isinstance(r, Claim) for r in found) == 1
