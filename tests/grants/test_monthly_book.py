"""帳簿: the months of a line add up to its totals, and everything has its month."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from grants.awards.models import Award
from grants.budget import monthly
from grants.budget.models import BudgetLine, book
from grants.budget.monthly import AFTER, BEFORE, Sums, place_of
from portal import clock
from tests.conftest import World
from tests.grants import test_recovery as recovery
from tests.grants.test_transfers import HAS, moved, two_lines
from tools.demonstration import simulation


@pytest.mark.parametrize(
    ("day", "place"),
    [
        (date(2026, 3, 31), BEFORE),
        (date(2026, 4, 1), 0),
        (date(2026, 12, 31), 8),
        (date(2027, 1, 1), 9),
        (date(2027, 3, 31), 11),
        (date(2027, 5, 31), 13),
        (date(2027, 6, 1), AFTER),
        (date(2029, 1, 1), AFTER),
    ],
)
def test_every_day_has_its_row(day: date, place: int) -> None:
    assert place_of(2026, day) == place


def of(line: BudgetLine) -> monthly.Book:
    return monthly.books([line])[line.pk]


def test_the_months_of_a_case_add_up_to_the_totals_of_its_line(world: World) -> None:
    award, _person = recovery.paid(world)
    line = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    found = of(line)
    total = found.total
    assert (total.planned, total.committed) == (line.appropriated, line.committed)
    assert total.paid - total.returned == line.disbursed
    assert total.fixed == Award.objects.get(pk=award.pk).fixed_amount
    assert total.left == line.available == found.months[-1].left
    for column in ("planned", "committed", "fixed", "paid", "returned"):
        assert sum(getattr(m.sums, column) for m in found.months) == getattr(total, column)


def test_each_kind_stands_in_its_column_and_its_month(world: World) -> None:
    one, other = two_lines(world)
    by, year = world.staff["accountant"], one.fiscal_year
    days = [date(year, 4, 10), date(year + 1, 5, 31), date(year + 1, 6, 1), date(year, 3, 31)]
    for day, amount in zip(days, (1, 10, 100, 1000), strict=True):
        with clock.at(simulation.at(day, 23)):
            book(one, "supplement", amount, by=by)
    moved(world, one, other, 300_000)
    places = {m.place: m.sums.planned for m in of(one).months if m.sums.planned}
    now = place_of(year, clock.today())
    assert places[0] + places[13] + places[AFTER] + places[BEFORE] >= 1111
    assert sum(places.values()) == HAS + 1111 - 300_000
    assert of(other).at(now).planned >= 300_000
    assert (of(one) + of(other)).total.planned == 2 * HAS + 1111


def test_carried_money_that_is_given_back_moves_no_balance_of_the_closed_year() -> None:
    found = monthly.Book()
    for place, column, yen in ((0, "planned", 10), (5, "committed", 8), (AFTER, "committed", -3)):
        found.at(place).add(column, yen)
    assert [month.left for month in found.months[-2:]] == [2, 2]
    assert (found.left, found.total.committed) == (2, 5)


def test_what_came_back_and_what_was_undone_have_columns() -> None:
    found = monthly.Book()
    for kind in ("commitment", "disbursement", "return", "return_undone", "reversal"):
        for column, sign in monthly.MOVES[kind].items():
            found.at(0).add(column, sign * 100)
    assert found.total == Sums(planned=0, committed=200, fixed=0, paid=0, returned=0)


def test_pages_and_tables_show_the_same_book(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    one, other = two_lines(world)
    client = Client()
    client.force_login(world.staff["auditor"])
    page = client.get(reverse("budget_months", args=[one.pk])).content.decode()
    assert f"{HAS:,}" in page
    assert page.count("翌5月") == 1
    shown = {"year": str(one.fiscal_year), "under": "07"}
    sheet = client.get(reverse("budget_book_csv"), shown).content.decode("utf-8-sig")
    cells = list(csv.DictReader(io.StringIO(sheet)))
    assert sum(int(row["予算額"]) for row in cells) == 2 * HAS
    assert {row["月の終わりの残り"] for row in cells if row["月"] == "翌5月"} == {str(HAS)}
    lines = [one, other]
    with django_assert_max_num_queries(3):
        monthly.books(lines)
    far = {"year": str((clock.today() - timedelta(days=3650)).year)}
    assert client.get(reverse("budget_book"), far).status_code == 200
