"""帳簿: what of lines was planned, committed, fixed, paid, returned and left, month by month from April to
May of the next year (出納閉鎖).

What was booked before April or after May has a row of its own, so that the months add up to the
totals that the database keeps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from grants.budget.models import BookedMonth, BudgetLine
from grants.budget.ports import fixed_sums

if TYPE_CHECKING:
    from portal.types import Text

# kind of entry → columns of the book and their signs; what is not here moves none
MOVES = {
    "appropriation": {"planned": 1},
    "supplement": {"planned": 1},
    "received": {"planned": 1},
    "reduction": {"planned": -1},
    "supplement_cut": {"planned": -1},
    "transfer": {"planned": -1},
    "allotment": {"allotted": 1},
    "allotment_cut": {"allotted": -1},
    "commitment": {"committed": 1},
    "decommitment": {"committed": -1},
    "disbursement": {"paid": 1},
    "reversal": {"paid": -1},
    "return": {"returned": 1},
    "return_undone": {"returned": -1, "committed": 1},
}
BEFORE, AFTER, MONTHS = -1, 14, 14  # April is 0, May of the next year 13


@dataclass
class Sums:
    """Yen of one month, or of all."""

    planned: int = 0
    committed: int = 0
    fixed: int = 0
    paid: int = 0
    returned: int = 0
    allotted: int = 0

    def add(self, column: str, amount: int) -> None:
        setattr(self, column, getattr(self, column) + amount)

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.planned + other.planned,
            self.committed + other.committed,
            self.fixed + other.fixed,
            self.paid + other.paid,
            self.returned + other.returned,
            self.allotted + other.allotted,
        )

    @property
    def left(self) -> int:
        return self.planned - self.committed


@dataclass(frozen=True)
class Month:
    """One row of a book; `left` is what was left at its end."""

    place: int
    sums: Sums
    left: int

    @property
    def label(self) -> Text:
        if self.place in (BEFORE, AFTER):
            return _("3月まで（前年度）") if self.place == BEFORE else _("翌6月から")
        month = (self.place + 3) % 12 + 1
        said = _("翌%(m)s月") if self.place > 8 else _("%(m)s月")
        return said % {"m": month}


@dataclass
class Book:
    """Of one line, or of several together."""

    by_place: dict[int, Sums] = field(default_factory=dict)

    def at(self, place: int) -> Sums:
        return self.by_place.setdefault(place, Sums())

    def __add__(self, other: Book) -> Book:
        places = self.by_place.keys() | other.by_place.keys()
        return Book({place: self.at(place) + other.at(place) for place in places})

    @property
    def total(self) -> Sums:
        return sum(self.by_place.values(), Sums())

    @property
    def left(self) -> int:
        """At the end of its accounts: what becomes of carried money afterwards moves no balance of
        theirs.
        """
        return sum(sums.left for place, sums in self.by_place.items() if place != AFTER)

    @property
    def months(self) -> list[Month]:
        """April to May, and what was booked outside them where there is such a thing."""
        outside = {place for place, sums in self.by_place.items() if sums != Sums()}
        places = sorted(outside | set(range(MONTHS)))
        found, left = [], 0
        for place in places:
            sums = self.by_place.get(place, Sums())
            left += sums.left if place != AFTER else 0
            found.append(Month(place, sums, left))
        return found


def place_of(year: int, day: date) -> int:
    """Which row of the book of a fiscal year a day stands in."""
    months = (day.year - year) * 12 + day.month - 4
    return min(max(months, BEFORE), AFTER)


def books(lines: Sequence[BudgetLine]) -> dict[int, Book]:
    """Primary key → book of each line; two queries, however many lines."""
    found = {line.pk: Book() for line in lines}
    years = {line.pk: line.fiscal_year for line in lines}
    for pk, kind, month, amount in _booked(found):
        place = place_of(years[pk], month)
        for column, sign in MOVES.get(kind, {}).items():
            found[pk].at(place).add(column, sign * amount)
    by_frame = {(line.call_id, line.frame): line.pk for line in lines}
    for call, frame, day, amount in fixed_sums.value({line.call_id for line in lines}):
        if (fixed := by_frame.get((call, frame))) is not None:
            found[fixed].at(place_of(years[fixed], day)).add("fixed", amount)
    return found


def _booked(lines: Collection[int]) -> Iterator[tuple[int, str, date, int]]:
    """(line, kind, month, sum) of both legs of every entry."""
    months = BookedMonth.objects.filter(Q(line__in=lines) | Q(to__in=lines))
    for line, to, kind, month, amount in months.values_list(
        "line", "to", "kind", "month", "amount"
    ):
        if line in lines:
            yield line, kind, month, amount
        if to in lines:
            yield to, "received", month, amount
