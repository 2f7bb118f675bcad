"""What will be paid of each award, when, and of which year's money; and what of it comes too late for
the accounts of its year.

Awards that are alike are added up by the database; a page of them is read where they are named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from django.db.models import (
    Aggregate,
    BigIntegerField,
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import GreaterThan, LessThan

from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.budget.models import BudgetLine
from grants.budget.years import CARRIES, is_closed, settles_on, years_over
from grants.payments.paying import next_pay_day
from grants.programmes.models import Call
from portal import clock
from portal.accounts.permissions import any_of
from portal.types import Row

# from the end of a project to its payment: 30 days to report, then inspection, fixing and claim
LAG_DAYS = 75
REST = ExpressionWrapper(F("payable") - F("paid"), BigIntegerField())
NOTHING = Value(0, output_field=BigIntegerField())
# by how many years the accounts of its money are over on the day on which an award is expected to be
# paid → yen of it that can be paid then: all of it; later, what was carried over
PAYABLE: dict[int, Combinable] = {
    0: REST,
    1: Least(REST, Coalesce("left_over", NOTHING)),
    2: Least(REST, Coalesce("left_again", NOTHING)),
    3: NOTHING,
}
# call, frame, state, end of the project, and whether something was carried over
Key: TypeAlias = tuple[int, str, str, date, bool]


@dataclass(frozen=True)
class Alike:
    """How many awards that are alike wait for how many yen, from a line of a fiscal year, and when they are
    expected to be paid; of them how many, and yen, that cannot be paid any more then, and how many of
    which something can.
    """

    key: Key
    day: date
    line: int
    year: int
    over: int
    count: int
    yen: int
    too_late: int
    late_yen: int
    in_time: int

    @property
    def awards(self) -> Q:
        call, frame, state, ends_on, is_carried = self.key
        same = Q(of_call=call, frame=frame, state=state, project_ends_on=ends_on)
        return same & Q(left_over__isnull=not is_carried)

    @property
    def can_be_paid(self) -> Combinable:
        return PAYABLE[self.over]


@dataclass(frozen=True)
class Expected:
    """An award with some of its yen, and when and from which line it is expected to be paid."""

    award: Award
    yen: int
    day: date
    line: int
    proposed: int = 0  # yen whose carry-over waits to be confirmed


@dataclass(frozen=True)
class Month:
    """What is expected to be paid in a month: yen and cases; `brought`: of the yen, those of earlier
    years; `late` where that is after the year's settlement period.
    """

    first: date
    yen: int
    cases: int
    late: bool
    brought: int = 0


def pay_day(state: str, ends_on: date, soon: date) -> date:
    """When an award is paid: on the next pay day (`soon`) once its sum is fixed."""
    if state == AwardState.AMOUNT_FIXED:
        return soon
    return max(next_pay_day(ends_on + timedelta(days=LAG_DAYS)), soon)


def unpaid(calls: QuerySet[Call]) -> QuerySet[Award]:
    """The awards of some calls of which something is to be paid yet."""
    return Award.objects.filter(of_call__in=calls, state__in=Award.OPEN, payable__gt=F("paid"))


def expected(year: int, awards: QuerySet[Award]) -> list[Alike]:
    """Of unpaid awards, all that goes out of the money of a year; while its accounts are open, also what is
    paid in them of earlier years: what was carried over, and in April and May what is paid of the year
    before. Two queries, however many awards.
    """
    today, soon = clock.today(), next_pay_day()
    still_open, carried = set[int](), set[int]()
    if date(year, 4, 1) <= today and not is_closed(year, today):
        carried = set(range(year - max(CARRIES.values()), year))
        still_open = {one for one in carried if not is_closed(one, today)}
    lines = {
        (call, frame): (pk, of)
        for pk, call, frame, of in BudgetLine.objects.filter(
            unit="yen", fiscal_year__in={year} | carried
        ).values_list("pk", "call", "frame", "fiscal_year")
    }
    found = []
    for row in _sums(awards):
        (call, frame, state, ends_on, is_carried), (count, *sums) = row[:5], row[5:]
        line, of = lines.get((call, frame), (0, 0))
        if not line or not (of == year or of in still_open or (is_carried and of in carried)):
            continue
        day = pay_day(state, ends_on, soon)
        over = min(years_over(of, day), max(PAYABLE))
        yen, (too_late, in_time, payable) = sums[2], sums[over * 3 : over * 3 + 3]
        found.append(
            Alike(
                key=(call, frame, state, ends_on, is_carried),
                day=day,
                line=line,
                year=of,
                over=over,
                count=count,
                yen=int(yen),
                too_late=too_late,
                late_yen=int(yen - payable),
                in_time=in_time,
            )
        )
    return sorted(found, key=lambda one: (one.day, one.line))


def _sums(awards: QuerySet[Award]) -> QuerySet[Award, tuple[Row, ...]]:
    """Of those that are alike their key and how many; then for each number of years by which the accounts
    may be over how many cannot be paid whole, of how many something can, and yen that can.
    """
    each: dict[str, Aggregate] = {}
    for over, yen in PAYABLE.items():
        each[f"late_{over}"] = Count("pk", filter=LessThan(yen, REST))
        each[f"some_{over}"] = Count("pk", filter=GreaterThan(yen, NOTHING))
        each[f"yen_{over}"] = Sum(yen)
    is_carried = ExpressionWrapper(Q(left_over__isnull=False), BooleanField())
    alike = awards.order_by().annotate(is_carried=is_carried)
    by = ("of_call", "frame", "state", "project_ends_on", "is_carried")
    return alike.values_list(*by).annotate(n=Count("pk"), **each)


def months(found: Iterable[Alike], year: int) -> list[Month]:
    """The same by month, in order."""
    by_month: dict[date, list[Alike]] = {}
    for one in found:
        by_month.setdefault(one.day.replace(day=1), []).append(one)
    return [
        Month(
            first,
            sum(one.yen for one in rows),
            sum(one.count for one in rows),
            first > settles_on(year),
            sum(one.yen for one in rows if one.year < year),
        )
        for first, rows in sorted(by_month.items())
    ]


def late(found: Iterable[Alike], awards: QuerySet[Award]) -> QuerySet[Award]:
    """The awards of which something cannot be paid any more when it is expected to be."""
    ways = [one.awards & Q(LessThan(one.can_be_paid, REST)) for one in found if one.too_late]
    return awards.filter(any_of(ways)).order_by("pk")


def named(awards: QuerySet[Award]) -> QuerySet[Award]:
    """With what a page names of them."""
    found = awards.select_related("case__organisation").order_by("pk")
    return found.defer("parameters", "plan", "fixed_trace")


def expected_of(award: Award, found: Iterable[Alike]) -> Alike:
    """Those that an award is alike."""
    of, is_carried = award.of_call_id, award.left_over is not None
    key = (of, award.frame, award.state, award.project_ends_on, is_carried)
    return next(one for one in found if one.key == key)


def payable(rest: int, over: int, left_over: int | None, left_again: int | None) -> int:
    """`PAYABLE` of one award: yen of it that can be paid when it is expected to be."""
    return min(rest, {1: left_over, 2: left_again}.get(over) or 0) if over else rest
