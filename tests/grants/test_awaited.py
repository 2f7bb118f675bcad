"""What awards wait for is added up as it is written: what pages read of it is what each award says."""

from collections import Counter
from collections.abc import Callable
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from grants.awards.models import Award
from grants.budget.models import decommit
from grants.payments import awaited, foreseen, jobs, paying
from grants.payments.models import Awaited, Claim, Payment
from grants.programmes.models import Call
from portal.cases import interests, visibility
from portal.together import together
from portal.workflow.door import perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded
from tests.grants.test_years import line_of


def agrees() -> None:
    """With each award, and each award with its orders."""
    assert awaited.is_exact()
    assert not awaited.differing().exists()


def one_by_one(over: int) -> Counter[str]:
    """What the unpaid awards wait for where their accounts are over by so many years."""
    found = Counter[str]()
    for award in foreseen.unpaid(Call.objects.all()):
        rest = award.payable - award.paid
        there = foreseen.payable(rest, over, award.left_over, award.left_again)
        waiting = award.payments.filter(state__in=["ordered", "held", "returned", "bounce_doubted"])
        held = min(there, sum(payment.amount for payment in waiting))
        found["awards"] += 1
        found["rest"] += rest
        found[f"yen_{over}"] += there
        found[f"some_{over}"] += there > 0
        found[f"late_{over}"] += there < rest
        found[f"held_{over}"] += held
        found[f"whole_{over}"] += 0 < there <= held
    return found


def kept() -> Counter[str]:
    with together() as ask:
        told = awaited.told(ask, Call.objects.all())
    found = Counter[str]()
    for said in told().values():
        found.update(said)
    return found


@begins(payments.fixed)
def test_it_follows_an_order_to_its_end(world: World) -> None:
    award, person = world.begun(payments.fixed)
    payments.account(world, person)
    second, _other = awarded(world)
    steps: list[Callable[[], object]] = [
        lambda: None,
        lambda: payments.ordered(world, award, person),
        lambda: perform(
            Payment.objects.get(), "cancel", by=world.staff["accountant"], reason="二重のため"
        ),
        lambda: perform(
            paying.order(Claim.objects.get(), by=world.staff["treasurer"]),
            "hold",
            by=world.staff["accountant"],
            reason="確かめるため",
        ),
        lambda: decommit(
            second.application.call, second.frame, 500, by=world.officer, case=second.case
        ),
        lambda: Award.objects.filter(pk=second.pk).update(payable=1_000),
        lambda: Award.objects.get(pk=second.pk).save(),
        second.save,  # as somebody read it before
    ]
    for step in steps:
        step()
        agrees()
        found = kept()
        for over in (0, 1, 2):
            said = one_by_one(over)
            assert {name: found[name] for name in said} == said
        of = Payment.objects.filter(state__in=["ordered", "held"])
        assert (found["orders"], found["ordered"]) == (of.count(), sum(p.amount for p in of))


@begins(payments.paid)
def test_what_was_paid_is_awaited_no_more(world: World) -> None:
    world.begun(payments.paid)
    agrees()
    assert not any(kept().values())
    jobs.gather_awaited(0)
    assert not Awaited.objects.exists()


@begins(payments.fixed)
def test_what_is_closed_to_somebody_is_taken_out(world: World) -> None:
    award, person = world.begun(payments.fixed)
    payments.account(world, person)
    payments.ordered(world, award, person)
    year, calls = line_of(award).fiscal_year, Call.objects.all()
    [one] = foreseen.expected(year, calls)
    assert (one.count, one.yen, one.held, one.whole) == (1, 280_000, 280_000, 1)
    interests.declare(award.case, by=world.staff["treasurer"], detail="親族の会社")
    closed = visibility.interested(world.staff["treasurer"])
    assert foreseen.expected(year, calls, closed) == []


@begins(awarded)
def test_what_is_alike_is_added_up_and_a_wrong_sum_mended(world: World) -> None:
    award, _person = world.begun(awarded)
    for _n in range(3):
        Award.objects.filter(pk=award.pk).update(payable=award.payable - 1)
        Award.objects.filter(pk=award.pk).update(payable=award.payable)
    before, rows = kept(), Awaited.objects.count()
    jobs.gather_awaited(0)
    assert (kept(), Awaited.objects.count()) == (before, 1)
    assert rows > 1
    Awaited.objects.update(rest=7)
    with pytest.raises(CommandError, match="wait for"):
        call_command("verify_awards")
    call_command("verify_awards", mend=True)
    agrees()
    assert kept() == before


def test_what_is_written_while_it_is_added_up_counts(committed_world: World) -> None:
    award, _person = awarded(committed_world)

    def add_up() -> None:
        try:
            awaited.gather()
        finally:
            connection.close()

    with transaction.atomic():
        Award.objects.filter(pk=award.pk).update(payable=award.payable - 1)
        thread = Thread(target=add_up)
        thread.start()
        thread.join(20)
        assert not thread.is_alive()
    agrees()


def test_an_order_that_is_written_while_its_award_is_counts_in_both(
    committed_world: World,
) -> None:
    world = committed_world
    award, person = payments.fixed(world)
    payments.account(world, person)

    def save() -> None:
        try:
            Award.objects.get(pk=award.pk).save()
        finally:
            connection.close()

    with transaction.atomic():
        payments.ordered(world, award, person)
        thread = Thread(target=save, daemon=True)
        thread.start()
        thread.join(1)
        assert thread.is_alive()  # waits
    thread.join(20)
    agrees()
    assert Award.objects.get(pk=award.pk).orders == 1
