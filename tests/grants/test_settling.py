"""決算: each yen stands once in the accounts, also where it was carried over and paid later."""

import csv
from contextlib import suppress
from datetime import date
from random import Random

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from grants.awards.carried import differing
from grants.awards.models import Award
from grants.budget import adding_up, changes, settling, years
from grants.budget.adding_up import carried_of_case
from grants.budget.models import BookedMonth, BudgetEntry, BudgetLine, book
from grants.budget.settling import Account
from grants.budget.years import is_closed, years_over
from grants.payments import foreseen
from grants.programmes.models import Call
from portal import clock
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants import test_transfers as transfers
from tests.grants.test_carried_awards import beside
from tests.grants.test_completion import awarded
from tests.grants.test_debts import opened, resolved, year
from tests.grants.test_years import carried, line_of
from tests.markup import one_line
from tools.demonstration import simulation


@pytest.mark.parametrize(
    ("day", "over"),
    [
        (date(2026, 4, 1), 0),
        (date(2027, 5, 31), 0),
        (date(2027, 6, 1), 1),
        (date(2028, 5, 31), 1),
        (date(2028, 6, 1), 2),
    ],
)
def test_accounts_are_closed_on_31_may(day: date, over: int) -> None:
    assert (years_over(2026, day), is_closed(2026, day)) == (over, over > 0)


@pytest.mark.parametrize(
    ("booked", "out"),
    [
        ({0: [("commitment", 9), ("carry_over", 5)]}, [5, 0]),
        # paid from the year itself before it was closed
        ({0: [("commitment", 9), ("carry_over", 5), ("disbursement", 6)]}, [3, 0]),
        # given up after it: what was carried out of the year stays what it was
        ({0: [("commitment", 9), ("carry_over", 5)], 1: [("decommitment", 9)]}, [5, 0]),
        (
            {
                0: [("commitment", 9), ("carry_over", 5)],
                1: [("carry_again", 4), ("disbursement", 2)],
            },
            [5, 3],
        ),
    ],
)
def test_what_a_case_carries_out_of_each_account(
    booked: dict[int, list[tuple[str, int]]], out: list[int]
) -> None:
    assert carried_of_case(booked) == out


def pays(world: World, award: Award, day: date, amount: int) -> None:
    with clock.at(simulation.at(day, 10)):
        book(line_of(award), "disbursement", amount, by=world.officer, case=award.case)


def account(award: Award, year: int) -> Account:
    calls = Call.objects.filter(pk=award.application.call_id)
    return settling.total(settling.settled(year, calls))


@begins(payments.fixed)
def test_what_is_paid_of_a_carry_over_is_counted_in_the_next_year_alone(
    world: World, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    award, _person = world.begun(payments.fixed)
    line = line_of(award)
    own, whole = line.fiscal_year, account(award, line.fiscal_year).planned
    assert carried(world, award, "carry_over", 100_000, date(own + 1, 3, 31)) == []
    pays(world, award, date(own + 1, 5, 31), 180_000)
    pays(world, award, date(own + 1, 6, 1), 60_000)
    first = Account(planned=whole, paid=180_000, carried=100_000, waiting=40_000)
    later = Account(brought=100_000, paid=60_000)
    with django_assert_num_queries(2):
        assert account(award, own) == first
    assert adding_up.first_fault() == ""
    assert account(award, own + 1) == later
    assert (first.unused, later.budget, later.unused) == (whole - 280_000, 100_000, 40_000)
    # each yen is paid or not used once
    assert first.paid + first.unused + later.paid + later.unused == whole
    with clock.at(simulation.at(date(own + 1, 5, 31), 10)):
        assert ">残り<" in shown(world, client, own)
    with clock.at(simulation.at(date(own + 1, 6, 1), 10)):
        page = shown(world, client, own)
        assert (">不用額<" in page, ">残り<" in page) == (True, False)
        assert "前年度から100,000円" not in page
        rows = list(csv.reader(sheet(client, own).splitlines()))
    heads, sums = rows[0][-8:], [row[-8:] for row in rows if row[-2] == "100000"]
    assert heads == [
        "当初予算額",
        "補正予算額",
        "流用増減額",
        "前年度からの繰越額",
        "予算現額",
        "支出済額",
        "翌年度繰越額",
        "不用額",
    ]
    assert [row[5:7] for row in sums] == [["180000", "100000"]]


@begins(payments.fixed)
def test_what_was_carried_stays_what_was_carried_where_a_sum_is_lowered_since(
    world: World, client: Client
) -> None:
    """List, settlement and book say the same; what is not needed shows in the year in which that became so."""
    award, _person = world.begun(payments.fixed)
    line = line_of(award)
    own, whole = line.fiscal_year, line.appropriated
    assert carried(world, award, "carry_over", 100_000, date(own + 1, 3, 31)) == []
    pays(world, award, date(own + 1, 5, 31), 180_000)
    with clock.at(simulation.at(date(own + 1, 7, 1), 10)):
        book(line, "decommitment", 6_000, by=world.officer, case=award.case)
        over = settling.closed([line_of(award)])[line.pk]
        page = one_line(client_of(world, client).get(reverse("budget_list")))
        row = csv.DictReader(
            client.get(reverse("budget_csv")).content.decode("utf-8-sig").splitlines()
        )
        (told,) = (one for one in row if one["翌年度へ繰越"] != "0")
    assert (over.account.carried, over.unneeded) == (100_000, 6_000)
    assert over.account.carried == account(award, own).carried == line_of(award).carried_out
    assert "100,000" in page
    assert "うち翌年度に不用" in page
    names = ("予算額", "支出負担行為", "支出済額", "翌年度へ繰越", "不用額")
    planned, committed, paid, carried_on, unused = (int(told[name]) for name in names)
    assert (planned, paid, carried_on) == (whole, 180_000, 100_000)
    assert planned == committed + unused == paid + carried_on + unused
    assert account(award, own + 1).unneeded == 6_000


def client_of(world: World, client: Client) -> Client:
    client.force_login(world.staff["accountant"])
    return client


def shown(world: World, client: Client, year: int) -> str:
    client.force_login(world.staff["accountant"])
    return one_line(client.get(reverse("execution"), {"year": year}))


def sheet(client: Client, year: int) -> str:
    return client.get(reverse("settlement_csv"), {"year": year}).content.decode("utf-8-sig")


def test_of_what_was_promised_of_a_later_year_its_budget_is_settled(world: World) -> None:
    resolved(world)
    line = opened(world).budget_lines.filter(unit="yen")[0]
    book(line, "voted", 700_000, by=world.officer)
    [own, *_later] = settling.accounts_of([BudgetLine.objects.get(pk=line.pk)])[line]
    assert (line.fiscal_year, own.planned) == (year() + 1, 700_000)


def test_the_settlement_adds_up_each_chapter_and_section_and_says_what_was_changed(
    world: World, client: Client
) -> None:
    one, other = transfers.two_lines(world, section_code="02", section_title="観光費")
    first, second = world.staff["accountant"], world.staff["treasurer"]
    for kind, amount, rest in (
        ("supplement", 70_000, {"note": "6月補正"}),
        ("supplement_cut", 20_000, {"note": "9月補正"}),
        ("transfer", 300_000, {"note": "執行残", "to": other, "permit": transfers.PERMIT}),
    ):
        changes.confirm(changes.propose(one, kind, amount, by=first, **rest), by=second)
    own = one.fiscal_year
    has = transfers.HAS
    calls = Call.objects.filter(pk=one.call_id)
    rows = settling.with_sums(settling.settled(own, calls))
    said = [(row.of, row.levels[-1].code, row.account.first, row.account.budget) for row in rows]
    assert said == [
        ("chapter", "07", 2 * has, 2 * has + 50_000),
        ("section", "01", has, has - 250_000),
        ("", "18", has, has - 250_000),
        ("section", "02", has, has + 300_000),
        ("", "18", has, has + 300_000),
    ]
    changed = [(row.account.supplemented, row.account.transferred) for row in rows]
    assert changed == [(50_000, 0), (50_000, -300_000), (50_000, -300_000), *[(0, 300_000)] * 2]
    client.force_login(first)
    with clock.at(simulation.at(date(own + 1, 6, 1), 10)):
        page = shown(world, client, own)
        table = list(csv.reader(sheet(client, own).splitlines()))
    assert ("款07 商工費" in page, "項02 観光費" in page) == (True, True)
    kinds = [row[1] for row in table if row[2] == "07" and row[4] in ("", "02")]
    assert kinds == ["款の計", "項の計", "制度"]


def test_a_closed_year_says_what_was_not_used_instead_of_what_is_left(
    world: World, client: Client
) -> None:
    one, _other = transfers.two_lines(world)
    client.force_login(world.staff["accountant"])
    way = reverse("budget_line", args=[one.pk])
    said = {}
    for day in (date(one.fiscal_year + 1, 5, 31), date(one.fiscal_year + 1, 6, 1)):
        with clock.at(simulation.at(day, 10)):
            pages = [one_line(client.get(at)) for at in (way, reverse("budget_list"))]
            rows = csv.DictReader(
                client.get(reverse("budget_csv")).content.decode("utf-8-sig").splitlines()
            )
            cells = next(row for row in rows if row["予算額"] == str(transfers.HAS))
            said[day.month] = (
                *("不用額" in page for page in pages),
                cells["残り"],
                cells["不用額"],
            )
    has = str(transfers.HAS)
    assert said == {5: (False, False, has, ""), 6: (True, True, "", has)}


@begins(payments.fixed)
def test_the_forecast_holds_what_was_carried_over_and_names_what_comes_too_late(
    world: World, client: Client
) -> None:
    award, _person = world.begun(payments.fixed)
    line = line_of(award)
    year, case = line.fiscal_year, award.case
    unpaid = foreseen.unpaid(Call.objects.all())

    def told(year: int, day: date) -> list[tuple[int, ...]]:
        with clock.at(simulation.at(day, 10)):
            found = foreseen.expected(year, Call.objects.all())
        assert foreseen.late(found, unpaid).count() == sum(one.too_late for one in found)
        return [(one.yen, one.line, one.year, one.too_late, one.late_yen) for one in found]

    early, running = date(year + 1, 3, 30), date(year + 1, 5, 30)  # paid in April, and in June
    assert told(year, early) == [(280_000, line.pk, year, 0, 0)]
    assert told(year, running) == [(280_000, line.pk, year, 1, 280_000)]
    book(line, "carry_over", 200_000, by=world.staff["accountant"], case=case)
    assert told(year, running) == [(280_000, line.pk, year, 1, 80_000)]
    with clock.at(simulation.at(date(year + 1, 7, 1), 10)):
        found = foreseen.expected(year + 1, Call.objects.all())
        [month] = foreseen.months(found, year + 1)
        assert (month.yen, month.brought, month.cases, month.late) == (280_000, 280_000, 1, False)
        book(line, "disbursement", 150_000, by=world.officer, case=case)
        book(line, "reversal", 30_000, by=world.officer, case=case)
    [one] = told(year + 1, date(year + 1, 7, 2))
    assert (one[0], one[4]) == (160_000, 80_000)
    call_command("verify_awards")
    assert foreseen.expected(year + 1, Call.objects.all()) == []


@begins(awarded)
def test_the_page_names_each_case_that_is_paid_too_late_and_leads_to_carrying_it_over(
    world: World, client: Client
) -> None:
    award, _person = world.begun(awarded)
    line = line_of(award)
    ends_on = date(line.fiscal_year + 1, 3, 31)
    Award.objects.filter(pk=award.pk).update(project_ends_on=ends_on)
    client.force_login(world.staff["accountant"])
    page = shown(world, client, line.fiscal_year)
    link = (
        f"{reverse('budget_line', args=[line.pk])}?case={award.case.number}&amp;yen=280000#carry-h"
    )
    row = page.split("繰越が要る額（円）</th>")[-1]
    assert [text in row for text in (link, award.case.organisation.name, "280,000")] == [True] * 3
    there = one_line(client.get(link))
    assert f'value="{award.case.number}"' in there
    assert 'id="carry-h"' in there


def test_the_database_adds_up_what_each_case_carries_as_it_is_booked(world: World) -> None:
    """Whatever is booked, in whichever accounts, singly or many at once."""
    dice = Random(7)  # noqa: S311  which of many orders of entries
    awards = [payments.fixed(world)[0] for _n in range(2)]
    line = line_of(awards[0])
    days = [date(line.fiscal_year + n, *day) for n in (1, 2, 3) for day in ((5, 31), (6, 1))]
    kinds = [
        *years.CARRIES,
        *years.CARRIES,
        "decommitment",
        "disbursement",
        "return",
        "return_undone",
        "reversal",
    ]
    kinds += ["commitment"] * 3
    seen = set()
    for _n in range(100):
        made = [
            BudgetEntry(
                line=line,
                case=dice.choice(awards).case,
                kind=dice.choice(kinds),
                amount=dice.randint(1, 20_000),
                booked_at=simulation.at(dice.choice(days), 12),
                booked_by=world.officer,
            )
            for _m in range(dice.choice([1, 1, 3]))
        ]
        with suppress(IntegrityError), transaction.atomic():
            BudgetEntry.objects.bulk_create(made)
        assert adding_up.first_fault() == ""
        assert not differing().exists()
        line.refresh_from_db()
        seen.add((line.carried_out, line.carried_out_again))
    assert len({first for first, _again in seen}) > 7
    assert len({again for _first, again in seen}) > 3


def test_what_is_paid_while_it_is_carried_over_is_taken_off(committed_world: World) -> None:
    """Two who book for one case wait for each other by its line."""
    award, _person = payments.fixed(committed_world)
    line, by = line_of(award), committed_world.officer
    with transaction.atomic():
        book(line, "carry_over", 280_000, by=by, case=award.case)
        thread = beside(lambda: book(line, "disbursement", 30_000, by=by, case=award.case))
        assert thread.is_alive()  # waits
    thread.join(20)
    line.refresh_from_db()
    assert line.carried_out == 250_000
    assert adding_up.first_fault() == ""


def test_months_that_are_not_those_of_the_book_are_found(world: World) -> None:
    award, _person = payments.fixed(world)
    assert adding_up.first_fault() == ""
    BookedMonth.objects.filter(line=line_of(award), kind="commitment").update(amount=1)
    assert "its months" in adding_up.first_fault()
