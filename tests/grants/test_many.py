"""Many rows through the door at once: the queries do not grow with the rows, and one refusal stays what it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.completion.models import CompletionReport
from grants.payments import results
from grants.payments.models import Payment, PaymentBatch
from portal import clock
from portal.cases import interests, turns
from portal.cases.models import Case
from portal.notices.models import Notice
from portal.workflow.door import door, perform, perform_all
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded, inspected, reported
from tools.demonstration import simulation


def reports(world: World, count: int) -> list[CompletionReport]:
    found = []
    for _ in range(count):
        award, person = awarded(world)
        found.append(inspected(world, reported(world, award, person)))
    return found


def batch_of(world: World, count: int) -> PaymentBatch:
    orders = []
    for n in range(count):
        award, person = payments.fixed(world)
        payments.account(world, person, number=f"{n + 1:07}")
        orders.append(payments.ordered(world, award, person))
    return payments.batched(world, *orders)


def queries_of_fixing(world: World, count: int) -> int:
    approval = world.approval("fix", list(reports(world, count)))
    with CaptureQueriesContext(connection) as queries:
        perform(approval, "approve", by=world.director)
    return len(queries)


def test_fixing_many_amounts_by_one_act_asks_no_more_than_fixing_two(world: World) -> None:
    few, many = queries_of_fixing(world, 2), queries_of_fixing(world, 5)
    assert many == few
    assert Award.objects.filter(state="amount_fixed").count() == 7
    assert Notice.objects.filter(kind="fixing").count() == 7
    assert turns.differing() == []


def test_amounts_that_differ_are_fixed_by_one_act(world: World) -> None:
    """Each amount is stored with its state: a row fixed without an amount is refused by the database."""
    wanted = []
    for spent in (450_000, 300_000):  # one beyond what was awarded
        award, person = awarded(world, 420_000)
        wanted.append(inspected(world, reported(world, award, person, spent)))
    perform(world.approval("fix", wanted), "approve", by=world.director)
    whole, less = [Award.objects.get(pk=report.award_id) for report in wanted]
    assert whole.fixed_amount == whole.awarded_amount
    assert less.fixed_amount is not None
    assert less.fixed_amount < less.awarded_amount
    facts = Notice.objects.get(kind="fixing", case=whole.case).facts
    items = dict(facts["items"])
    assert items["額の計算"].splitlines()[-2:] == [
        "交付決定額まで　280,000円",
        "1,000円未満の端数の切捨て　280,000円",
    ]
    assert "減額の理由" not in items  # the award was met, not lowered


def queries_of_a_result(world: World, count: int) -> int:
    batch = batch_of(world, count)
    rows, _faults = results.read(payments.answer(batch))
    with CaptureQueriesContext(connection) as queries, clock.at(simulation.at(batch.pay_on, 15)):
        said = results.apply(rows, batch=batch, by=world.staff["accounting_officer"])
    assert [outcome for outcome, _text in said] == ["paid"] * count
    return len(queries)


def test_taking_in_a_long_result_asks_no_more_than_a_short_one(world: World) -> None:
    few, many = queries_of_a_result(world, 2), queries_of_a_result(world, 5)
    assert many == few
    assert Award.objects.filter(state="closed").count() == 7
    assert turns.differing() == []
    for line in BudgetLine.objects.filter(unit="yen"):
        assert line.disbursed == sum(row.amount for row in line.entries.filter(kind="disbursement"))
    assert sum(line.disbursed for line in BudgetLine.objects.all()) == 7 * 280_000


def test_a_refused_row_of_a_result_leaves_the_others_paid(world: World) -> None:
    batch = batch_of(world, 3)
    held = batch.payments.get(line=2)
    interests.declare(held.case, by=world.staff["accounting_officer"], detail="親族の会社")
    rows, _faults = results.read(payments.answer(batch))
    with clock.at(simulation.at(batch.pay_on, 15)):
        said = results.apply([*rows, rows[0]], batch=batch, by=world.staff["accounting_officer"])
    assert [outcome for outcome, _text in said] == ["paid", "wrong", "paid", "already"]
    assert list(Payment.objects.order_by("line").values_list("state", flat=True)) == [
        "paid",
        "ordered",
        "paid",
    ]
    assert Notice.objects.filter(kind="payment").count() == 2
    assert turns.differing() == []


def test_many_cases_say_together_whose_turn_it_is_as_each_does_alone(world: World) -> None:
    """Together they ask a room once where any of them has something in it; alone, each time."""
    drafts = [world.draft()[0].case_id for _n in range(2)]
    accepted = world.accepted()[0]
    world.approval("award", [accepted])
    award, person = payments.fixed(world)
    payments.account(world, person)
    payments.ordered(world, award, person)
    keys = [*drafts, accepted.case_id, award.case_id]

    alone = [
        {turns._key(turn) for turn in turns.wanted([case])[case]}
        for case in Case.objects.filter(pk__in=keys).order_by("pk")
    ]
    with CaptureQueriesContext(connection) as of_drafts:
        turns._prepared(list(Case.objects.filter(pk__in=drafts)))
    with CaptureQueriesContext(connection) as of_all:
        found = turns._prepared(list(Case.objects.filter(pk__in=keys).order_by("pk")))
    together = [{turns._key(turn) for turn in said} for said in turns.wanted(found).values()]

    assert together == alone
    assert all(together)
    assert len(of_drafts) <= 8 < len(of_all)


def test_two_answers_about_one_transfer_are_not_both_believed(world: World) -> None:
    batch = batch_of(world, 1)
    paid, _faults = results.read(payments.answer(batch))
    failed, _faults = results.read(payments.answer(batch, "8", "口座なし"))
    with clock.at(simulation.at(batch.pay_on, 15)):
        said = results.apply([*failed, *paid], batch=batch, by=world.staff["accounting_officer"])
    assert [outcome for outcome, _text in said] == ["bounced", "wrong"]
    assert Payment.objects.get().state == "bounced"


def test_one_refusal_refuses_all_and_names_each_case(world: World) -> None:
    rows = reports(world, 2)
    approval = world.approval("fix", list(rows))
    Award.objects.filter(pk=rows[1].award_id).update(state="suspended")
    with pytest.raises(NotReady, match=rows[1].case.receipt_number):
        perform(approval, "approve", by=world.director)
    assert Award.objects.get(pk=rows[0].award_id).state == "active"
    assert not Notice.objects.filter(kind="fixing").exists()


def test_many_rows_are_only_performed_inside_a_door(world: World) -> None:
    award, _person = awarded(world)
    with pytest.raises(RuntimeError):
        perform_all([(award, {})], "suspend", by=world.approver, reason="x")
    with door(world.approver, [award.case, award]):
        [done] = perform_all([(award, {})], "suspend", by=world.approver, reason="x")
    stored = Award.objects.get(pk=award.pk)
    assert (stored.state, stored.version, stored.state_since) == (
        "suspended",
        done.version,
        done.state_since,
    )
