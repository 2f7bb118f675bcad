"""Races about money with two threads on PostgreSQL: first the control without the lock, then the same with it."""

import threading
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from grants.budget.models import BudgetEntry, BudgetLine
from grants.completion import cutting
from grants.completion.models import CompletionReport, Cut
from grants.completion.rules import Item
from grants.followup import filing
from grants.followup.models import Filing
from grants.payments import paying, results, zengin
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment, PaymentBatch
from grants.recovery import collecting, taking_back
from grants.recovery.booking import book_return
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.accounts.models import User
from portal.workflow import door, duties, sent_forms, shown
from portal.workflow.door import begin, perform
from portal.workflow.errors import Refused
from tests.concurrency.test_races import slowly, together
from tests.conftest import World
from tests.grants import test_completion as completion
from tests.grants import test_payments as payments
from tests.grants import test_recovery as recovery
from tools.demonstration import simulation


def checked(world: World) -> Claim:
    award, person = payments.fixed(world)
    payments.account(world, person)
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    return perform(claim, "examine", by=world.staff["accountant"])


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def two_orders(world: World) -> list[object]:
    claim = checked(world)
    return together(*[lambda: paying.order(claim, by=world.staff["treasurer"])] * 2)


def test_control_without_lock_and_constraints_one_claim_is_paid_twice(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, Payment)
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    sql(
        "DROP INDEX payments_one_live", "ALTER TABLE grants_payments_payment DISABLE TRIGGER within"
    )
    try:
        assert [type(r) for r in two_orders(committed_world)] == [Payment, Payment]
    finally:
        sql(
            "SET session_replication_role = replica",
            "DELETE FROM grants_payments_payment",
            "SET session_replication_role = origin",
            "ALTER TABLE grants_payments_payment ENABLE TRIGGER within",
            "CREATE UNIQUE INDEX payments_one_live ON grants_payments_payment (claim_id) WHERE state IN ('ordered', 'held', 'paid')",
        )


def test_two_orders_at_once_pay_one_claim_once(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, Payment)
    found = two_orders(committed_world)
    assert sum(isinstance(r, Payment) for r in found) == 1
    assert "すでに支払い" in str(next(r for r in found if isinstance(r, Refused)))


def two_batches(world: World) -> list[object]:
    payment = paying.order(checked(world), by=world.staff["treasurer"])
    day = paying.next_pay_day()
    return together(
        *[lambda: paying.make_batch(world.staff["treasurer"], pay_on=day, payments=[payment])] * 2
    )


def test_control_without_the_lock_one_payment_goes_into_two_batches(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, PaymentBatch)
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    assert [type(r) for r in two_batches(committed_world)] == [PaymentBatch, PaymentBatch]


def test_two_batches_at_once_never_share_a_payment(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, PaymentBatch)
    found = two_batches(committed_world)
    assert sum(isinstance(r, PaymentBatch) for r in found) == 1
    assert Payment.objects.get().batch_id is not None


def test_one_result_taken_in_by_two_at_once_spends_the_budget_once(committed_world: World) -> None:
    batch = payments.batched(
        committed_world,
        paying.order(checked(committed_world), by=committed_world.staff["treasurer"]),
    )
    rows, _faults = results.read(payments.answer(batch))

    office = committed_world.staff["accounting_officer"]

    def take_in() -> str:
        with clock.at(simulation.at(batch.pay_on, 15)):
            return results.apply(rows, batch=batch, by=office)[0][0]

    found = together(take_in, take_in)
    assert "paid" in found
    payment = Payment.objects.get()
    line = BudgetLine.objects.get(
        call=payment.award.application.call, frame=payment.award.frame, unit="yen"
    )
    assert (payment.state, line.disbursed, set(found) - {"paid", "already", "wrong"}) == (
        "paid",
        payment.amount,
        set(),
    )
    assert found.count("paid") == 1


def test_two_claims_at_once_ask_for_the_money_once(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    award, person = payments.fixed(committed_world)
    payments.account(committed_world, person)
    slowly(monkeypatch, Claim)
    found = together(
        *[lambda: begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)] * 2
    )
    assert sum(isinstance(r, Claim) for r in found) == 1


def exported_while_another_account_is_confirmed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> tuple[Any, Any]:
    """A file being made for an account, and at the same time another account of the firm confirmed."""
    claim = checked(world)
    payment = paying.order(claim, by=world.staff["treasurer"])
    batch = paying.make_batch(
        world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment]
    )
    batch = payments.cleared(world, perform(batch, "lock", by=world.staff["treasurer"]))
    firm = payment.case.organisation
    known = {
        name: getattr(payment.account, name)
        for name in ("bank_code", "branch_code", "kind", "holder", "holder_kana")
    }
    person = firm.memberships.get().user
    other = begin(BankAccount, by=person, organisation=firm, number="7654321", **known)
    write = zengin.write

    def slow(*given: Any) -> bytes:
        threading.Event().wait(0.6)
        return write(*given)

    def confirm() -> BankAccount:
        threading.Event().wait(0.2)
        return payments.confirmed(world, other)

    monkeypatch.setattr(zengin, "write", slow)
    sent, confirmed = together(
        lambda: perform(batch, "export", by=world.staff["accounting_officer"]), confirm
    )
    return sent, confirmed


def test_control_without_the_lock_an_account_is_replaced_while_the_file_is_made(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    sent, confirmed = exported_while_another_account_is_confirmed(committed_world, monkeypatch)
    assert confirmed.state_since < sent.state_since


def test_no_account_is_replaced_while_the_file_for_it_is_made(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, confirmed = exported_while_another_account_is_confirmed(committed_world, monkeypatch)
    assert isinstance(sent, Refused) or sent.state_since < confirmed.state_since


def confirmed_and_ordered_at_once(world: World) -> list[object]:
    """One person, in two windows, confirms a new account and orders a payment to the one before."""
    claim = checked(world)
    firm, by = claim.case.organisation, world.staff["treasurer"]
    known = {"bank_code": "0116", "branch_code": "101", "kind": "1", "holder": firm.name}
    person = firm.memberships.get().user
    given = known | {"number": "7654321", "holder_kana": "アオバ"}
    other = begin(BankAccount, by=person, organisation=firm, **given)
    return together(
        lambda: payments.confirmed(world, other, by="treasurer"),
        lambda: paying.order(claim, by=by),
    )


def test_control_without_the_lock_one_person_confirms_and_orders_at_once(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, Payment)
    slowly(monkeypatch, BankAccount, "confirm")
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    found = confirmed_and_ordered_at_once(committed_world)
    assert [type(r) for r in found] == [BankAccount, Payment]


def test_one_person_confirms_or_orders_and_not_both_at_once(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch, Payment)
    slowly(monkeypatch, BankAccount, "confirm")
    found = confirmed_and_ordered_at_once(committed_world)
    assert sum(isinstance(r, BankAccount | Payment) for r in found) == 1
    assert sum(isinstance(r, Refused) for r in found) == 1


# -- two receipts typed on one page, sent at once ----------------------------------------------------
def two_receipts(world: World) -> list[object]:
    """What each sender was answered: the second typed another sum on the same page."""
    award, _person = recovery.paid(world)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    owed = Recovery.objects.get()
    path, seen = reverse("recovery_receive", args=[owed.pk]), collecting.came_in(owed)
    today = clock.today()
    day = {"paid_on_y": today.year, "paid_on_m": today.month, "paid_on_d": today.day}

    def send(amount: str) -> int:
        client = Client()
        client.force_login(world.staff["accountant"])
        sent = {"amount": amount, "csrfmiddlewaretoken": "one page", "seen": seen} | day
        return client.post(path, sent).status_code

    return together(lambda: send("1,000"), lambda: send("2,000"))


def booked_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(row: Recovery, amount: int, *, moved_on: date, by: User) -> bool:
        threading.Event().wait(0.3)
        return book_return(row, amount, moved_on=moved_on, by=by)

    monkeypatch.setattr("grants.recovery.collecting.book_return", wait)


def test_control_without_the_lock_two_receipts_of_one_page_are_booked(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked_slowly(monkeypatch)
    monkeypatch.setattr(sent_forms, "_alone", lambda *_page: nullcontext())
    # whoever has another page of the same receipts is told, too
    monkeypatch.setattr(shown, "demand_unchanged", lambda *_seen: None)
    assert two_receipts(committed_world) == [302, 302]
    assert MoneyIn.objects.count() == 2


def test_of_two_receipts_of_one_page_the_second_is_asked_back(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked_slowly(monkeypatch)
    monkeypatch.setattr(sent_forms, "PATIENCE", 20)  # however slow the machine is
    assert sorted(map(str, two_receipts(committed_world))) == ["302", "409"]
    assert MoneyIn.objects.count() == 1


def two_taking_back(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The same receipt is confirmed to be wrong by two at once."""
    award, _person = recovery.paid(world)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    accountant, treasurer = world.staff["accountant"], world.staff["treasurer"]
    row = collecting.receive(
        Recovery.objects.get(), amount=100_000, paid_on=clock.today(), by=accountant
    )
    taking_back.propose(row, ground="x", by=accountant)
    look = taking_back.returned

    def slow(rows: list[MoneyIn], principal: int) -> int:
        threading.Event().wait(0.3)
        return look(rows, principal)

    monkeypatch.setattr(taking_back, "returned", slow)
    return together(*[lambda: taking_back.confirm(row, by=treasurer)] * 2)


def test_control_without_the_lock_one_receipt_is_taken_back_twice(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    # the row of who confirmed is one of its kind, so that a second one waits for the first
    monkeypatch.setattr(duties, "take", lambda *_who: None)
    found = two_taking_back(committed_world, monkeypatch)
    assert [type(r) for r in found] == [MoneyIn, MoneyIn]
    assert BudgetEntry.objects.filter(kind="return_undone").count() == 2


def test_one_receipt_is_taken_back_once_by_two_at_once(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = two_taking_back(committed_world, monkeypatch)
    assert sorted(type(r).__name__ for r in found) == ["MoneyIn", "Stale"]
    assert BudgetEntry.objects.filter(kind="return_undone").count() == 1
    assert recovery.line(Recovery.objects.get().award) == (280_000, 280_000)


def two_cuts(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each fits the item of 420,000 yen, both together do not."""
    award, person = completion.awarded(world)
    report = completion.reported(world, award, person)
    look = cutting._left

    def slow(report: CompletionReport, item: Item) -> int:
        left = look(report, item)
        threading.Event().wait(0.3)
        return left

    def cut() -> Cut:
        return cutting.cut(report, by=world.officer, item="1", amount=300_000, cite="x", reason="x")

    monkeypatch.setattr(cutting, "_left", slow)
    return together(cut, cut)


def test_control_without_the_lock_more_is_cut_than_there_is(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    # the row of who cut is one of its kind, so that a second one waits for the first
    monkeypatch.setattr(duties, "take_all", lambda *_who: None)
    assert [type(r) for r in two_cuts(committed_world, monkeypatch)] == [Cut, Cut]
    assert sum(cut.amount for cut in Cut.objects.all()) == 600_000


def test_two_cuts_at_once_never_go_beyond_their_item(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = two_cuts(committed_world, monkeypatch)
    assert "残り（120,000円）を超えています" in str(
        next(r for r in found if isinstance(r, Refused))
    )
    assert [cut.amount for cut in Cut.objects.all()] == [300_000]


def two_starts(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    award, person = recovery.paid(world)
    row = filing.wanted(award)[1]
    slowly(monkeypatch, Filing)
    return together(*[lambda: filing.start(award, row.kind, row.period, by=person)] * 2)


def test_control_without_the_lock_a_report_begun_twice_breaks(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    found = two_starts(committed_world, monkeypatch)
    assert {type(r) for r in found} == {Filing, IntegrityError}


def test_a_report_begun_twice_at_once_is_one(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_starts(committed_world, monkeypatch)
    assert first == second == Filing.objects.get()
