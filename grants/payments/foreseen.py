"""What will be paid of each award, when, and of which year's money; and what of it comes too late for
the accounts of its year.

Awards that are alike are added up as they are written (`awaited`); a page of them is read where they are
named.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import LessThan

from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.budget.models import BudgetLine
from grants.budget.years import CARRIES, is_closed, settles_on, years_over
from grants.payments import awaited
from grants.payments.awaited import Key
from grants.payments.paying import next_pay_day
from grants.programmes.models import Call
from portal import clock
from portal.accounts.permissions import NOBODY, any_of
from portal.together import Ask, together

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


@dataclass(frozen=True)
class Alike:
    """How many awards that are alike wait for how many yen, from a line of a fiscal year, and when they are
    expected to be paid; of them how many, and yen, that cannot be paid any more then, and how many of
    which something can; of what can, yen that have an order, and how many awards of which all has one.
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
    held: int = 0
    whole: int = 0

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


def expected(year: int, calls: QuerySet[Call], closed: Q = NOBODY) -> list[Alike]:
    """Of the unpaid awards of some calls, but for `closed` cases, all that goes out of the money of a year;
    while its accounts are open, also what is paid in them of earlier years: what was carried over, and
    in April and May what is paid of the year before.
    """
    with together() as ask:
        found = asked(ask, year, calls, closed)
    return found()


def asked(
    ask: Ask, year: int, calls: QuerySet[Call], closed: Q = NOBODY
) -> Callable[[], list[Alike]]:
    """The same, in one trip with what else a page asks."""
    today, soon = clock.today(), next_pay_day()
    still_open, carried = set[int](), set[int]()
    if date(year, 4, 1) <= today and not is_closed(year, today):
        carried = set(range(year - max(CARRIES.values()), year))
        still_open = {one for one in carried if not is_closed(one, today)}
    lines = BudgetLine.objects.filter(unit="yen", fiscal_year__in={year} | carried)
    of_lines = ask(lines.values_list("pk", "call", "frame", "fiscal_year"))
    sums = awaited.told(ask, calls, closed)

    def found() -> list[Alike]:
        line_of = {(call, frame): (pk, of) for pk, call, frame, of in of_lines}
        rows = []
        for key, said in sums().items():
            line, of = line_of.get(key[:2], (0, 0))
            is_ours = of == year or of in still_open or (key[-1] and of in carried)
            if line and said["awards"] and is_ours:
                rows.append(_alike(key, said, line, of, soon))
        return sorted(rows, key=lambda one: (one.day, one.line, one.key))

    return found


def _alike(key: Key, said: Mapping[str, int], line: int, of: int, soon: date) -> Alike:
    _call, _frame, state, ends_on, _is_carried = key
    day = pay_day(state, ends_on, soon)
    over = min(years_over(of, day), max(PAYABLE))
    return Alike(
        key=key,
        day=day,
        line=line,
        year=of,
        over=over,
        count=said["awards"],
        yen=said["rest"],
        too_late=said.get(f"late_{over}", said["awards"]),
        late_yen=said["rest"] - said.get(f"yen_{over}", 0),
        in_time=said.get(f"some_{over}", 0),
        held=said.get(f"held_{over}", 0),
        whole=said.get(f"whole_{over}", 0),
    )


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
