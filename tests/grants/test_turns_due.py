"""No task is born overdue: its days count from when it could be done."""

from datetime import timedelta

from grants.payments.accounts import BankAccount
from grants.payments.models import Claim
from grants.recovery import collecting
from portal import clock
from portal.cases.models import Case
from portal.closures import calendars
from portal.workflow.door import begin, perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_payments import (
    account,
    answer,
    batched,
    confirmed,
    fixed,
    looked_at,
    ordered,
    taken_in,
)
from tests.grants.test_taking_back import revoked

FIELDS = {
    "bank_code": "0116",
    "branch_code": "101",
    "kind": "1",
    "number": "7654321",
    "holder": "青葉",
    "holder_kana": "アオバ",
}


def due(case: Case, what: str) -> int:
    """Business days from today until a task of the office is due."""
    on = case.turns.get(what=what).due_on
    assert on is not None
    return next(n for n in range(-1, 60) if calendars.of_case(case).add(clock.today(), n) >= on)


@begins(fixed)
def test_an_order_after_a_bounce_is_due_from_the_new_account_on(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    first = ordered(world, award, person)
    batch = batched(world, first)
    taken_in(world, batch, answer(batch, "8", "口座名義相違"))
    looked_at(world, first)
    with clock.at(clock.now() + timedelta(days=60)):
        account(world, person, number="7654321")
        assert due(award.case, "もう一度支出命令を出す") == 3


@begins(fixed)
def test_a_claim_is_due_from_the_confirmed_account_on(world: World) -> None:
    award, person = world.begun(fixed)
    firm = award.case.organisation
    declared = begin(BankAccount, by=person, organisation=firm, **FIELDS)
    begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    with clock.at(clock.now() + timedelta(days=60)):
        confirmed(world, declared)
        assert due(award.case, "請求を確かめる") == 5


@begins(fixed)
def test_an_account_declared_long_before_is_due_from_the_claim_on(world: World) -> None:
    award, person = world.begun(fixed)
    known = account(world, person)
    begin(BankAccount, by=person, organisation=known.organisation, **FIELDS)
    with clock.at(clock.now() + timedelta(days=60)):
        begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
        assert due(award.case, "口座を確かめる") == 5


@begins(fixed)
def test_an_order_after_one_that_was_cancelled_is_due_from_that_on(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    first = ordered(world, award, person)
    with clock.at(clock.now() + timedelta(days=60)):
        perform(first, "cancel", by=world.staff["treasurer"], reason="x")
        assert due(award.case, "支出命令を出す") == 3


@begins(revoked)
def test_a_return_is_closed_within_days_of_its_booking(world: World) -> None:
    """Whenever it was paid."""
    recovery = world.begun(revoked)
    with clock.at(clock.now() + timedelta(days=60)):
        day = recovery.received_on + timedelta(days=1)
        left = recovery.owed(day)["left"]
        collecting.receive(recovery, amount=left, paid_on=day, by=world.staff["accountant"])
        assert due(recovery.case, "納付を確認して終える") == 3
