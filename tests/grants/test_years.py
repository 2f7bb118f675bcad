"""The year of money, walked with the clock from February to the July after next, on both sides of each day."""

import re
from datetime import date

import pytest
from django.test import Client

from grants.awards.models import Award
from grants.budget import adding_up, changes
from grants.budget.carrying import carry_over, may_carry, payment_refusals, years_carried
from grants.budget.models import BudgetLine, book, take_back, undo_return
from grants.budget.years import project_refusals, promise_refusals
from grants.payments import paying
from grants.payments.models import Payment
from portal import clock, fiscal
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from reports.statistics.pipeline import frames
from reports.statistics.pipeline.reconciling import reconcile
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_changes import file
from tests.grants.test_completion import awarded
from tests.markup import one_line
from tools.demonstration import simulation

YEAR = 2026  # 1 April 2026 to 31 March 2027


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 2, 1), False),
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
        (date(2027, 5, 31), False),
        (date(2028, 7, 31), False),
    ],
)
def test_money_is_promised_within_its_year(day: date, is_open: bool) -> None:
    assert (promise_refusals(YEAR, day) == []) == is_open


@pytest.mark.parametrize(
    ("ends_on", "runs"),  # with money carried over 0, 1 and 2 years
    [
        (date(2027, 3, 31), (True, True, True)),
        (date(2027, 4, 1), (False, True, True)),
        (date(2028, 3, 31), (False, True, True)),
        (date(2028, 4, 1), (False, False, True)),
        (date(2029, 3, 31), (False, False, True)),
        (date(2029, 4, 1), (False, False, False)),
        (date(9999, 12, 31), (False, False, False)),
    ],
)
def test_a_project_runs_past_the_year_with_carried_money_and_then_as_many_years(
    ends_on: date, runs: tuple[bool, ...]
) -> None:
    assert tuple(project_refusals(YEAR, ends_on, carried=n) == [] for n in range(3)) == runs


def line_of(award: Award) -> BudgetLine:
    return BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")


def payable(award: Award, day: date, yen: int = 280_000) -> bool:
    frame = {award.case: (award.application.call_id, award.frame)}
    return payment_refusals(frame, {award.case: yen}, day) == []


@begins(payments.fixed)
def test_cash_leaves_until_the_end_of_may_and_what_is_carried_a_year_longer(world: World) -> None:
    award, _person = world.begun(payments.fixed)
    year = line_of(award).fiscal_year
    last, later = date(year + 1, 5, 31), date(year + 2, 5, 31)
    assert payable(award, last)
    assert not payable(award, date(year + 1, 6, 1))
    carry_over(line_of(award), 1, by=world.staff["accountant"], note="x", case=award.case)
    assert not payable(award, date(year + 1, 6, 1))  # one yen carries one yen
    assert payable(award, date(year + 1, 6, 1), yen=1)
    rest = may_carry(line_of(award), award.case)
    assert rest == 279_999
    carry_over(line_of(award), rest, by=world.staff["accountant"], note="x", case=award.case)
    assert payable(award, later)
    assert not payable(award, date(year + 2, 6, 1))


@begins(payments.fixed)
def test_one_case_carries_its_own_money_alone(world: World) -> None:
    award, _person = world.begun(payments.fixed)
    other, _holder = awarded(world)
    line, by = line_of(award), world.staff["accountant"]
    assert line == line_of(other)
    with pytest.raises(NotReady, match="280,000円まで"):
        carry_over(line, 280_001, by=by, note="x", case=award.case)
    carry_over(line, 280_000, by=by, note="x", case=award.case)
    after = date(line.fiscal_year + 1, 6, 1)
    assert (payable(award, after), payable(other, after)) == (True, False)
    with pytest.raises(NotReady, match="案件ごと"):
        carry_over(line, 1, by=by, note="x", case=None)


@begins(payments.fixed)
def test_an_order_in_june_is_refused_with_the_way_out(world: World) -> None:
    award, person = world.begun(payments.fixed)
    payments.account(world, person)
    line = line_of(award)
    june = simulation.at(date(line.fiscal_year + 1, 6, 1), 10)
    with clock.at(june), pytest.raises(NotReady, match="繰り越した額だけ"):
        payments.ordered(world, award, person)
    with clock.at(simulation.at(date(line.fiscal_year + 1, 3, 25), 10)):
        carry_over(line, 280_000, by=world.staff["accountant"], note="x", case=award.case)
    with clock.at(june):
        claim = award.claims.get()
        payment = paying.order(claim, by=world.staff["treasurer"])
        assert payment.amount == 280_000


def back_on(world: World, award: Award, day: date) -> tuple[int, int]:
    """(committed, disbursed) of the line once the bank said on a day that the transfer came back."""
    payment = Payment.objects.get(award=award)
    with clock.at(simulation.at(day, 10)):
        payment = payments.said_back(world, payment, day)
        perform(payment, "come_back", by=world.staff["treasurer"], reason="確かめた")
    assert Payment.objects.get(award=award).state == "bounced"
    line = line_of(award)
    return line.committed, line.disbursed


@pytest.mark.parametrize(
    ("is_carried", "years_later", "month", "day", "disbursed"),
    [
        (False, 1, 5, 31, 0),
        (False, 1, 6, 1, 280_000),
        (True, 1, 6, 1, 0),
        (True, 2, 5, 31, 0),
        (True, 2, 6, 1, 280_000),
    ],
)
@begins(payments.paid)
def test_what_comes_back_after_the_accounts_are_closed_leaves_them_as_they_are(
    world: World, is_carried: bool, years_later: int, month: int, day: int, disbursed: int
) -> None:
    award, _person, _payment = world.begun(payments.paid)
    line = line_of(award)
    if is_carried:
        book(line, "carry_over", 280_000, by=world.staff["accountant"], case=award.case)
    on = date(line.fiscal_year + years_later, month, day)
    found = back_on(world, award, on)
    assert found == (280_000, disbursed)
    assert reconcile(frames.read_money()).faults == []


@begins(payments.paid)
def test_what_came_back_after_the_year_is_not_paid_from_it_again(world: World) -> None:
    award, person, payment = world.begun(payments.paid)
    day = date(line_of(award).fiscal_year + 1, 11, 28)
    back_on(world, award, day)
    with clock.at(simulation.at(day, 11)):
        payments.account(world, person, number="7654321")
        with pytest.raises(NotReady, match="繰越の額は0円、支払う額は280,000円"):
            paying.order(payment.claim, by=world.staff["treasurer"])


@begins(payments.fixed)
def test_what_can_no_longer_be_paid_is_not_ticked_with_all_others(
    world: World, client: Client
) -> None:
    award, person = world.begun(payments.fixed)
    payments.account(world, person)
    payments.ordered(world, award, person)
    line = line_of(award)
    client.force_login(world.staff["treasurer"])
    june = simulation.at(date(line.fiscal_year + 1, 6, 1), 10)
    for moment, ticked in ((clock.now(), 1), (june, 0)):
        with clock.at(moment):
            whole = client.post("/payments/", {"do": "all"}).content.decode()
            assert whole.count("checked") == ticked
    assert f"{line.fiscal_year + 1}年5月31日" in whole.split("に出納を閉鎖しました。")[0][-20:]
    client.force_login(world.staff["auditor"])
    seen = client.get("/payments/").content.decode()
    assert "振込データを待つ支払い 1件　280,000円" in seen
    assert "選んだ支払いで振込データを作る" not in seen


@pytest.mark.parametrize(("month", "day", "is_awarded"), [(3, 31, True), (4, 1, False)])
def test_no_award_is_decided_after_the_year(
    world: World, month: int, day: int, is_awarded: bool
) -> None:
    application, _person = world.accepted()
    call = application.call
    call.__class__.objects.filter(pk=call.pk).update(project_ends_on=date(2099, 1, 1))
    application.refresh_from_db(fields=["call"])
    on = date(call.fiscal_year + 1, month, day)
    with clock.at(simulation.at(on, 10)):
        if is_awarded:
            world.decided("award", [application])
            assert Award.objects.get().awarded_on == on
        else:
            with pytest.raises(NotReady, match="までしか決定に使えません"):
                world.approval("award", [application])


def test_a_longer_project_waits_for_its_money_to_be_carried_over(world: World) -> None:
    award, person = awarded(world)
    line = line_of(award)
    day = fiscal.fiscal_year_end(line.fiscal_year + 1)
    change = file(award, person, kind="delay", ends_on=day)
    with pytest.raises(NotReady, match="先に、この案件の額を繰り越して"):
        world.approval("approve_change", [change])
    carry_over(line, 280_000, by=world.staff["accountant"], note="x", case=award.case)
    world.decided("approve_change", [change])
    assert Award.objects.get(pk=award.pk).project_ends_on == day


# -- 事故繰越し ---------------------------------------------------------------------------------------
def carried(world: World, award: Award, kind: str, amount: int, day: date) -> list[str]:
    """What stands in the way of carrying so much over on a day; proposed by one, confirmed by another."""
    with clock.at(simulation.at(day, 10)):
        try:
            change = changes.propose(
                line_of(award),
                kind,
                amount,
                by=world.staff["accountant"],
                note="大雪で工事が止まったため",
                case=award.case,
            )
        except NotReady as refused:
            return list(refused.reasons)
        changes.confirm(change, by=world.staff["treasurer"])
    return []


@begins(payments.fixed)
def test_what_was_carried_by_permission_is_carried_once_more_by_accident(world: World) -> None:
    award, _person = world.begun(payments.fixed)
    year = line_of(award).fiscal_year
    first, second = date(year + 1, 3, 31), date(year + 2, 3, 31)
    again = ("carry_again", 200_000)
    assert carried(world, award, "carry_over", 200_000, first) == []
    assert "から提案できます" in carried(world, award, *again, first)[0]
    assert "していない200,000円まで" in carried(world, award, "carry_again", 200_001, second)[0]
    assert carried(world, award, *again, date(year + 2, 4, 1)) != []
    assert years_carried(award.case) == 1
    assert carried(world, award, *again, second) == []
    # it ends after one year
    assert "していない0円まで" in carried(world, award, "carry_again", 1, second)[0]
    line = line_of(award)
    assert (line.carried, line.carried_again, years_carried(award.case)) == (200_000, 200_000, 2)
    assert payable(award, date(year + 3, 5, 31), yen=200_000)
    assert not payable(award, date(year + 3, 5, 31), yen=200_001)
    assert not payable(award, date(year + 3, 6, 1), yen=1)
    assert adding_up.first_fault() == ""


@begins(payments.fixed)
def test_what_an_accident_carried_is_not_carried_again(world: World) -> None:
    award, _person = world.begun(payments.fixed)
    year = line_of(award).fiscal_year
    assert carried(world, award, "accident", 280_000, date(year + 1, 3, 31)) == []
    assert payable(award, date(year + 2, 5, 31))
    found = carried(world, award, "carry_again", 1, date(year + 2, 3, 31))
    assert "繰越明許費で繰り越し、支出していない0円まで" in found[0]


@begins(payments.fixed)
def test_carried_money_is_paid_once(world: World) -> None:
    """What was paid of it after its year is carried no longer."""
    award, _person = world.begun(payments.fixed)
    line = line_of(award)
    assert carried(world, award, "carry_over", 100_000, date(line.fiscal_year + 1, 3, 31)) == []
    june = date(line.fiscal_year + 1, 6, 1)
    assert payable(award, june, yen=100_000)
    with clock.at(simulation.at(june, 10)):
        book(line, "disbursement", 60_000, by=world.officer, case=award.case)
    assert payable(award, june, yen=40_000)
    assert not payable(award, june, yen=40_001)


@begins(payments.paid)
def test_what_comes_back_of_the_closed_year_is_not_paid_from_what_was_carried(
    world: World,
) -> None:
    """Of 280,000 yen that were paid in their year 100,000 stand as carried over as well."""
    award, _person, _payment = world.begun(payments.paid)
    line = line_of(award)
    book(line, "carry_over", 100_000, by=world.staff["accountant"], case=award.case)
    july = date(line.fiscal_year + 1, 7, 1)
    back_on(world, award, july)
    assert payable(award, july, yen=100_000)
    assert not payable(award, july, yen=100_001)


@begins(payments.fixed)
def test_the_page_offers_the_way_of_carrying_that_is_open(world: World, client: Client) -> None:
    award, _person = world.begun(payments.fixed)
    line = line_of(award)
    year, page = line.fiscal_year, f"/staff/budget/{line.pk}/"

    def offered(day: date) -> list[str]:
        with clock.at(simulation.at(day, 10)):
            client.force_login(world.staff["accountant"])
            return re.findall(r'name="way" value="(\w+)"', one_line(client.get(page)))

    last, again = date(year + 1, 3, 31), date(year + 2, 3, 31)
    assert offered(last) == ["carry_over", "accident"]
    assert offered(date(year + 1, 4, 1)) == []
    assert carried(world, award, "carry_over", 280_000, last) == []
    assert offered(date(year + 1, 4, 1)) == offered(again) == ["carry_again"]
    assert offered(date(year + 2, 4, 1)) == []


@begins(payments.fixed)
def test_what_fell_as_money_came_back_is_carried_over_again_with_it(world: World) -> None:
    award, _person = world.begun(payments.fixed)
    other, _holder = awarded(world)
    line, by = line_of(award), world.staff["accountant"]
    carry_over(line, 280_000, by=by, note="x", case=award.case)
    book(line, "disbursement", 280_000, by=by, case=award.case)
    call = award.application.call
    take_back(call, award.frame, 100_000, by=by, case=award.case)
    # that another case has not carried over holds it no longer
    assert line_of(other).committed > line_of(award).carried == 180_000
    undo_return(call, award.frame, 100_000, by=by, case=award.case)
    assert line_of(award).carried == 280_000
    assert adding_up.first_fault() == ""
