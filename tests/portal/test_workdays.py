"""On which days an office and a bank work: both sides of each closed day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.workdays import BANK_REST, Span, Workdays
from tests.workdays import WORKDAYS

BANKS = replace(WORKDAYS, rest=BANK_REST)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("calendar", "day", "is_open"),
    [
        (WORKDAYS, date(2026, 9, 18), True),  # a Friday
        (WORKDAYS, date(2026, 9, 19), False),  # Saturday
        (WORKDAYS, date(2026, 9, 20), False),  # Sunday
        (WORKDAYS, date(2026, 9, 21), False),  # 敬老の日
        (WORKDAYS, date(2026, 9, 22), False),  # 国民の休日
        (WORKDAYS, date(2026, 9, 23), False),  # 秋分の日
        (WORKDAYS, date(2026, 9, 24), True),
        (WORKDAYS, date(2026, 12, 28), True),
        (WORKDAYS, date(2026, 12, 29), False),
        (WORKDAYS, date(2025, 1, 3), False),
        (WORKDAYS, date(2027, 1, 4), True),
        (BANKS, date(2026, 12, 29), True),
        (BANKS, date(2026, 12, 30), True),
        (BANKS, date(2026, 12, 31), False),
        (BANKS, date(2025, 1, 3), False),
        (BANKS, date(2027, 1, 4), True),
    ],
)
def test_offices_rest_from_29_december_and_banks_from_31(
    calendar: Workdays, day: date, is_open: bool
) -> None:
    assert calendar.is_open(day) == is_open


def test_terms_end_on_open_days_and_count_them_alone() -> None:
    assert WORKDAYS.next_open(date(2026, 9, 19)) == date(2026, 9, 24)
    assert WORKDAYS.next_open(date(2026, 9, 24)) == date(2026, 9, 24)
    assert WORKDAYS.last_open(date(2026, 9, 23)) == date(2026, 9, 18)
    assert WORKDAYS.add(date(2026, 12, 28), 1) == date(2027, 1, 4)
    assert WORKDAYS.between(date(2026, 9, 18), date(2026, 9, 25)) == 2
    assert WORKDAYS.between(date(2026, 9, 25), date(2026, 9, 18)) == 0


def test_a_closure_closes_its_first_day_and_its_last_and_no_other() -> None:
    span = Span(date(2026, 6, 10), date(2026, 6, 11))
    closed = WORKDAYS.closing(span)
    days = [span.starts_on + n * DAY for n in range(-1, 3)]
    assert [closed.is_open(day) for day in days] == [True, False, False, True]
    assert all(WORKDAYS.is_open(day) for day in days)
    assert closed.next_open(date(2026, 6, 10)) == date(2026, 6, 12)
    assert closed.add(date(2026, 6, 9), 1) == date(2026, 6, 12)
    assert closed.between(date(2026, 6, 9), date(2026, 6, 12)) == 1
