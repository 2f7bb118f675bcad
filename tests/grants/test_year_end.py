"""What is to be done by 31 March and by 31 May, with each thing appearing and leaving as it is done."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.awards.models import Award
from grants.budget import changes
from grants.budget.models import BudgetLine
from grants.budget.years import open_year
from grants.payments import year_end
from grants.payments.models import Payment
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts.models import User
from portal.cases import interests
from portal.workflow.door import perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants import test_recovery_list as recoveries
from tests.grants.test_completion import awarded
from tests.grants.test_years import line_of
from tests.journeys.test_writing_rights import holding
from tests.markup import one_line
from tools.demonstration import simulation

NAMES = ("unordered", "late", "carries", "changes", "orders", "batches", "returns", "lines")
UNORDERED = "支出命令がまだの案件"


@pytest.mark.parametrize(
    ("day", "year", "is_near"),
    [
        (date(2027, 1, 31), 2026, False),
        (date(2027, 2, 1), 2026, True),
        (date(2027, 3, 31), 2026, True),
        (date(2027, 4, 1), 2026, True),
        (date(2027, 5, 31), 2026, True),
        (date(2027, 6, 1), 2027, False),
        (date(2027, 12, 31), 2027, False),
    ],
)
def test_the_year_is_that_whose_accounts_are_closed_next(
    day: date, year: int, is_near: bool
) -> None:
    assert (open_year(day), year_end.is_near(day)) == (year, is_near)


@pytest.mark.parametrize(
    ("of", "committed", "disbursed", "carried", "again", "left"),
    [
        (2026, 9, 4, 0, 0, 5),
        (2026, 9, 4, 3, 0, 2),
        (2026, 9, 9, 3, 0, 0),
        (2025, 9, 4, 0, 0, 0),  # not carried: its accounts are closed
        (2025, 9, 4, 3, 0, 3),
        (2025, 9, 8, 3, 0, 1),
        (2025, 9, 4, 3, 2, 1),
        (2024, 9, 4, 3, 0, 0),
        (2024, 9, 4, 3, 2, 2),
        (2024, 9, 8, 3, 2, 1),
    ],
)
def test_what_of_a_line_is_settled_in_a_year(
    of: int, committed: int, disbursed: int, carried: int, again: int, left: int
) -> None:
    line = BudgetLine(
        unit="yen",
        fiscal_year=of,
        committed=committed,
        disbursed=disbursed,
        carried=carried,
        carried_again=again,
    )
    assert year_end.to_settle(line, 2026) == left


def told(person: User, day: date) -> dict[str, tuple[int, int]]:
    """What is not nothing on a day: (how many, yen)."""
    with clock.at(simulation.at(day, 10)):
        found = year_end.told(person, open_year(day))
    todos = zip(NAMES, [*found.by_end, *found.by_closing], strict=True)
    return {name: (todo.count, todo.yen) for name, todo in todos if todo.count}


def february(award: Award) -> date:
    return date(line_of(award).fiscal_year + 1, 2, 10)


@begins(payments.fixed)
def test_what_is_fixed_is_ordered_sent_and_paid(world: World) -> None:
    award, person = world.begun(payments.fixed)
    finance, day = world.staff["accountant"], february(award)
    payments.account(world, person)
    assert told(finance, day) == {"unordered": (1, 280_000), "lines": (1, 280_000)}
    payment = payments.ordered(world, award, person)
    assert told(finance, day) == {"orders": (1, 280_000), "lines": (1, 280_000)}
    batch = payments.batched(world, payment)
    waiting = {"orders": (1, 280_000), "batches": (1, 280_000), "lines": (1, 280_000)}
    assert told(finance, day) == told(world.staff["auditor"], day) == waiting
    payments.taken_in(world, batch, payments.answer(batch))
    assert Payment.objects.get(pk=payment.pk).state == "paid"
    assert told(finance, day) == {"batches": (1, 280_000)}
    perform(batch, "reconcile", by=world.staff["accounting_officer"])
    assert told(finance, day) == {}


@begins(awarded)
def test_what_cannot_be_paid_in_time_is_carried_over_by_two(world: World, client: Client) -> None:
    award, _person = world.begun(awarded)
    line, day = line_of(award), february(award)
    Award.objects.filter(pk=award.pk).update(project_ends_on=date(day.year, 3, 31))
    one, other = world.staff["accountant"], world.staff["treasurer"]
    late = {"late": (1, 280_000), "lines": (1, 280_000)}
    assert told(one, day) == late
    client.force_login(one)
    execution = f"/payments/execution/?year={line.fiscal_year}"
    to_carry = f"/staff/budget/{line.pk}/?case={award.case.number}&amp;yen=280000#carry-h"
    with clock.at(simulation.at(day, 10)):
        assert to_carry in client.get(execution).content.decode()
        filled = client.get(to_carry.replace("&amp;", "&")).content.decode()
        assert 'value="280000"' in filled or 'value="280,000"' in filled
    with clock.at(simulation.at(day, 10)):
        change = changes.propose(line, "carry_over", 280_000, by=one, note="議決", case=award.case)
        assert told(one, day) == {"lines": (1, 280_000), "carries": (1, 280_000)}
        page = one_line(client.get(execution))
        assert "280,000円の繰越を提案済み" in page
        assert to_carry not in page
        changes.take_back(change, by=one)
        part = changes.propose(line, "carry_over", 80_000, by=one, note="議決", case=award.case)
        assert told(one, day) == late | {"late": (1, 200_000), "carries": (1, 80_000)}
        changes.take_back(part, by=one)
        change = changes.propose(line, "carry_over", 280_000, by=one, note="議決", case=award.case)
        changes.confirm(change, by=other)
    assert told(one, day) == {}
    # in the next year it is to be paid
    paid_then = {"unordered": (1, 280_000), "lines": (1, 280_000)}
    assert told(one, date(day.year + 1, 2, 10)) == paid_then


@begins(awarded)
def test_a_part_that_is_carried_over_needs_no_order(world: World) -> None:
    award, _person = world.begun(awarded)
    line, day = line_of(award), february(award)
    Award.objects.filter(pk=award.pk).update(project_ends_on=date(day.year - 1, 12, 1))
    one = world.staff["accountant"]
    assert told(one, day) == {"unordered": (1, 280_000), "lines": (1, 280_000)}
    with clock.at(simulation.at(day, 10)):
        change = changes.propose(line, "carry_over", 80_000, by=one, note="議決", case=award.case)
        changes.confirm(change, by=world.staff["treasurer"])
    assert told(one, day) == {"unordered": (1, 200_000), "lines": (1, 200_000)}


@begins(awarded)
def test_changes_that_wait_are_counted_by_line(world: World) -> None:
    award, _person = world.begun(awarded)
    line, day = line_of(award), february(award)
    for yen in (70_000, 30_000):
        changes.propose(line, "supplement", yen, by=world.staff["accountant"], note="補正")
    assert told(world.staff["treasurer"], day)["changes"] == (1, 100_000)
    assert "changes" not in told(world.staff["treasurer"], date(day.year, 6, 1))


@begins(recoveries.ordered_back)
def test_a_return_that_is_due_waits_until_it_is_received(world: World) -> None:
    recovery = world.begun(recoveries.ordered_back)
    finance = world.staff["accountant"]
    assert told(finance, recovery.due_on)["returns"] == (1, 200_000)
    Recovery.objects.filter(pk=recovery.pk).update(state="waived")
    assert "returns" not in told(finance, recovery.due_on)


@begins(payments.fixed)
def test_who_sees_no_case_reads_of_none(world: World, client: Client) -> None:
    award, person = world.begun(payments.fixed)
    payments.account(world, person)
    day, other = february(award), world.staff["treasurer"]
    elsewhere = holding(world, "finance_officer", municipality_id="012033")
    near = holding(world, "finance_officer", programme_code="telework")
    interests.declare(award.case, by=near, detail="親族の会社")
    lines = {"lines": (1, 280_000)}  # the sum of a line names nobody

    def read() -> list[dict[str, tuple[int, int]]]:
        return [told(reader, day) for reader in (elsewhere, near, other)]

    assert read() == [{}, lines, lines | {"unordered": (1, 280_000)}]
    for reader, is_named in ((near, False), (other, True)):
        client.force_login(reader)
        with clock.at(simulation.at(day, 10)):
            page = one_line(client.get("/payments/year-end/"))
        assert (award.case.number in page, UNORDERED in page) == (is_named, is_named)
    with clock.at(simulation.at(day, 10)):
        carry = changes.propose(
            line_of(award), "carry_over", 9, by=other, note="議決", case=award.case
        )
    known = {"unordered": (1, 280_000), "carries": (1, 9)}
    assert read() == [{}, lines, lines | known]
    changes.take_back(carry, by=other)
    payments.ordered(world, award, person)
    assert read() == [{}, lines, lines | {"orders": (1, 280_000)}]


@begins(payments.fixed)
def test_the_page_says_the_days_and_leads_to_each_list(world: World, client: Client) -> None:
    award, _person = world.begun(payments.fixed)
    year = line_of(award).fiscal_year
    client.force_login(world.staff["accountant"])
    for day, is_over in ((date(year + 1, 3, 31), False), (date(year + 1, 4, 1), True)):
        with clock.at(simulation.at(day, 10)):
            page = one_line(client.get("/payments/year-end/"))
        assert ("地方自治法235条の5" in page, "この日は過ぎました" in page) == (True, is_over)
    assert 'href="#unsettled-h"' in page
    assert 'id="unsettled-h"' in page
    with clock.at(simulation.at(date(year + 2, 6, 1), 10)):
        assert "いま、することはありません" in one_line(client.get("/payments/year-end/"))
    for path in ("/staff/budget/", "/payments/execution/"):
        assert 'href="/payments/year-end/"' in client.get(path).content.decode()
    client.force_login(world.officer)
    assert 'href="/payments/year-end/"' not in client.get("/staff/budget/").content.decode()


@pytest.mark.parametrize(
    ("role", "month", "day", "is_told"),
    [
        ("accountant", 1, 31, False),
        ("accountant", 2, 1, True),
        ("accounting_officer", 5, 31, True),
        ("accountant", 6, 1, False),
        ("officer", 2, 1, False),
        ("auditor", 2, 1, False),
    ],
)
def test_the_inbox_leads_to_it_from_february_to_may(
    world: World, client: Client, role: str, month: int, day: int, is_told: bool
) -> None:
    client.force_login(world.staff[role])
    with clock.at(simulation.at(date(clock.today().year + 1, month, day), 10)):
        page = client.get("/inbox/").content.decode()
    assert ("/payments/year-end/" in page) == is_told


def test_it_asks_as_many_queries_for_three_as_for_one(world: World, client: Client) -> None:
    client.force_login(world.staff["accountant"])
    asked = []
    for _n in range(3):
        recoveries.ordered_back(world)
        award, person = payments.fixed(world)
        payments.account(world, person)
        payments.batched(world, payments.ordered(world, award, person))
        payments.fixed(world)
        running, _person = awarded(world)
        line = line_of(running)
        changes.propose(line, "supplement", 1, by=world.staff["accountant"], note="補正")
        with clock.at(simulation.at(february(running), 10)):
            client.get("/payments/year-end/")
            with CaptureQueriesContext(connection) as found:
                page = client.get("/payments/year-end/")
        asked.append(len(found))
    assert page.context["page"].paginator.count == 3
    assert asked[0] == asked[1] == asked[2] <= 12, asked
