"""The days on which somebody works: pure functions of a calendar. Which calendar a clock asks:
`portal/closures/calendars.py`.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

DAY = timedelta(days=1)
# the turn of the year: (month, day) of its first day and of its last
OFFICE_REST = (
    (12, 29),
    (1, 3),
)  # of the municipalities' ordinances on days off (地方自治法 4条の2)
BANK_REST = ((12, 31), (1, 3))  # of the banks (銀行法施行令 5条)


@dataclass(frozen=True)
class Span:
    """Days from the first to the last, both counted."""

    starts_on: date
    ends_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Workdays:
    """Weekdays but for public holidays, the turn of the year, and what else is closed."""

    holidays: frozenset[date]
    rest: tuple[tuple[int, int], tuple[int, int]]
    closures: tuple[Span, ...] = ()

    def is_open(self, day: date) -> bool:
        first, last = self.rest
        rests = (day.month, day.day) >= first or (day.month, day.day) <= last
        closed = any(day in span for span in self.closures)
        return day.weekday() < 5 and not (rests or closed or day in self.holidays)

    def next_open(self, day: date) -> date:
        """The day itself, or the first open day after it: where a term ends that would end on a
        closed day.
        """
        while not self.is_open(day):
            day += DAY
        return day

    def last_open(self, day: date) -> date:
        """The day itself, or the last open day before it."""
        while not self.is_open(day):
            day -= DAY
        return day

    def add(self, day: date, days: int) -> date:
        """`days` (>= 0) open days after `day`; the day itself does not count."""
        for _ in range(days):
            day = self.next_open(day + DAY)
        return day

    def between(self, start: date, end: date) -> int:
        """Open days after `start` up to and including `end`; 0 when `end` is not later."""
        days = max((end - start).days, 0)
        return sum(self.is_open(start + n * DAY) for n in range(1, days + 1))

    def closing(self, *spans: Span) -> "Workdays":
        """The same, closed on these days too."""
        return replace(self, closures=(*self.closures, *spans))
