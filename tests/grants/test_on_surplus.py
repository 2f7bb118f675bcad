"""還付加算金 on what was paid too much: the days, the cuts and the rates, and where the office reads it."""

from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from grants.recovery import collecting, on_surplus
from grants.recovery.models import Recovery
from portal import clock
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_recovery import paid
from tests.markup import one_line


@pytest.mark.parametrize(
    ("paid_on", "begins_on"),
    [
        (date(2024, 1, 10), date(2024, 2, 11)),
        (date(2024, 12, 10), date(2025, 1, 11)),
        (date(2025, 1, 28), date(2025, 3, 1)),  # from the 29th on: February has none
        (date(2025, 1, 31), date(2025, 3, 1)),
        (date(2024, 1, 28), date(2024, 2, 29)),
        (date(2025, 2, 28), date(2025, 4, 1)),
        (date(2025, 3, 30), date(2025, 5, 1)),
        (date(2025, 11, 30), date(2026, 1, 1)),
        (date(2025, 12, 31), date(2026, 2, 1)),
    ],
)
def test_it_begins_once_a_month_has_passed(paid_on: date, begins_on: date) -> None:
    assert on_surplus.begins_on(paid_on) == begins_on


@pytest.mark.parametrize(
    ("too_much", "until", "yen"),
    [
        # 0.9 % of 1,000,000 yen: 24.65 yen a day, from 11 February 2024
        (1_000_000, date(2024, 2, 10), 0),
        (1_000_000, date(2024, 3, 21), 0),  # 40 days: 986 yen
        (1_000_000, date(2024, 3, 22), 1_000),  # 41 days: 1,010 yen
        (1_000_999, date(2025, 2, 9), 9_000),  # 365 days, over a leap year
        (1_999, date(2025, 12, 31), 0),
    ],
)
def test_days_and_cuts(too_much: int, until: date, yen: int) -> None:
    assert on_surplus.interest(too_much, date(2024, 1, 10), until) == yen


def test_each_year_has_its_own_rate_and_none_is_made_up() -> None:
    """324 days of 2021 at 1.0 %, 365 of 2022 at 0.9 %, of 10,000,000 yen."""
    yen = on_surplus.interest(10_000_000, date(2021, 1, 10), date(2022, 12, 31))
    assert yen == 178_700  # 88,767.1… + 90,000
    assert on_surplus.unknown(date(2025, 11, 1), date(2026, 1, 5)) == [2026]
    with pytest.raises(KeyError):
        on_surplus.interest(5_000_000, date(2025, 11, 1), date(2026, 1, 5))


DAYS = st.dates(date(2021, 1, 1), date(2025, 12, 31))
RATE = st.integers(1, 73).map(lambda n: Fraction(n, 1000))


@given(
    too_much=st.integers(1, 300_000_000),
    paid_on=DAYS,
    until=DAYS,
    rates=st.fixed_dictionaries(dict.fromkeys(range(2021, 2026), RATE)),
)
def test_it_is_the_sum_of_its_days(
    too_much: int, paid_on: date, until: date, rates: dict[int, Fraction]
) -> None:
    """Day by day, in decimals; the month is counted by walking to the day before the same day."""
    same, day = (paid_on + timedelta(days=1)).day, paid_on + timedelta(days=2)
    while not (day.day == same or _has_not(day, same)):
        day += timedelta(days=1)
    with localcontext(prec=60):
        total = Decimal(0)
        while day <= until:
            total += (
                Decimal(too_much // 1000 * 1000)
                * rates[day.year].numerator
                / (Decimal(rates[day.year].denominator) * 365)
            )
            day += timedelta(days=1)
        whole = int((total + Decimal("1e-40")).to_integral_value(ROUND_FLOOR))
    expected = 0 if too_much < 2000 or whole < 1000 else whole // 100 * 100
    assert on_surplus.interest(too_much, paid_on, until, rates) == expected


def _has_not(first: date, day: int) -> bool:
    """Had the month before the first of one no such day?"""
    return first.day == 1 and (first - timedelta(days=1)).day < day


@begins(paid)
def test_who_gives_back_reads_the_sum_once_the_rate_of_each_year_is_there(
    world: World, client: Client
) -> None:
    """300,000 yen too much at 10 % a year, from a month after the payment: 82.19 yen a day."""
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    receipt = collecting.receive(
        Recovery.objects.get(), amount=580_000, paid_on=clock.today(), by=world.staff["accountant"]
    )
    page, first = f"/recoveries/receipts/{receipt.pk}/give-back/", clock.now()
    client.force_login(world.staff["treasurer"])
    assert "納付から1か月を過ぎていない" in one_line(client.get(page))
    start = on_surplus.begins_on(receipt.paid_on)
    with clock.at(first + (start - receipt.paid_on) + timedelta(days=12)):
        asked = one_line(client.get(page))
        names = [f"rate_{year}" for year in on_surplus.unknown(receipt.paid_on, clock.today())]
        assert all(f'name="{name}"' in asked for name in names)
        assert "1,000円" not in asked
        assert names
        assert "1,000円" in one_line(client.get(page, dict.fromkeys(names, "10")))
        wrong = one_line(client.get(page, dict.fromkeys(names, "x")))
        assert "1,000円" not in wrong
