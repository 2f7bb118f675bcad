"""What will be paid of each award, when, and of which year's money; and what of it comes too late for
the accounts of its year.

A constant number of queries, whatever the number of cases.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.budget.carrying import too_late
from grants.budget.kinds import BACK, OUT
from grants.budget.models import BudgetEntry, BudgetLine
from grants.budget.years import CARRIES, is_closed, settles_on, years_over
from grants.payments.paying import next_pay_day
from grants.programmes.models import Call
from portal import clock

# from the end of a project to its payment: 30 days to report, then inspection, fixing and claim
LAG_DAYS = 75


@dataclass(frozen=True)
class Expected:
    """Yen of an award that are expected to be paid on a day, from a line of a fiscal year."""

    award: Award
    yen: int
    day: date
    line: int
    year: int


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


def unpaid() -> CombinedExpression:
    """Of an award: yen still to be paid."""
    paid = (
        BudgetEntry.objects.filter(case=OuterRef("case"), line__unit="yen", kind__in=[*OUT, *BACK])
        .order_by()
        .values("case")
        .annotate(
            n=Sum("amount", filter=Q(kind__in=OUT), default=0)
            - Sum("amount", filter=Q(kind__in=BACK), default=0)
        )
        .values("n")
    )
    return F("payable") - Coalesce(Subquery(paid), 0)


def expected(year: int, calls: QuerySet[Call]) -> list[Expected]:
    """All that goes out of the money of a year; while its accounts are open, also what is paid in them
    of earlier years: what was carried over, and in April and May what is paid of the year before.
    """
    today = clock.today()
    lines = BudgetLine.objects.filter(
        call=OuterRef("application__call"), frame=OuterRef("frame"), unit="yen"
    )
    carried = BudgetEntry.objects.filter(case=OuterRef("case"), kind__in=CARRIES)
    of_year = Q(of=year)
    if date(year, 4, 1) <= today and not is_closed(year, today):
        earlier = range(year - max(CARRIES.values()), year)
        still_open = [one for one in earlier if not is_closed(one, today)]
        of_year |= Q(of__in=still_open) | Q(Exists(carried), of__in=earlier)
    awards = Award.objects.filter(application__call__in=calls, state__in=Award.OPEN).annotate(
        line=Subquery(lines.values("pk")[:1]),
        of=Subquery(lines.values("fiscal_year")[:1]),
        rest=unpaid(),
    )
    sums = list(awards.filter(of_year, rest__gt=0).values_list("pk", "rest", "line", "of"))
    shown = Award.objects.select_related("case__organisation", "application")
    by_pk = shown.defer("parameters", "plan", "fixed_trace").in_bulk([pk for pk, *_rest in sums])
    soon = next_pay_day()

    def made(award: Award, yen: int, line: int, of: int) -> Expected:
        day = pay_day(award.state, award.project_ends_on, soon)
        return Expected(award, yen, day, line, of)

    return [made(by_pk[pk], yen, line, of) for pk, yen, line, of in sorted(sums)]


def months(found: Iterable[Expected], year: int) -> list[Month]:
    """The same by month, in order."""
    by_month: dict[date, list[Expected]] = {}
    for one in found:
        by_month.setdefault(one.day.replace(day=1), []).append(one)
    return [
        Month(
            first,
            sum(one.yen for one in rows),
            len(rows),
            first > settles_on(year),
            sum(one.yen for one in rows if one.year < year),
        )
        for first, rows in sorted(by_month.items())
    ]


def late(found: Sequence[Expected]) -> list[tuple[Expected, int]]:
    """What cannot be paid any more when it is expected to be, with the yen that are not carried over so
    far. Three queries for each year whose accounts are open on one of the days.
    """
    later: dict[int, list[Expected]] = {}
    for one in found:
        if one.day > settles_on(one.year):
            later.setdefault(years_over(0, one.day), []).append(one)
    short: dict[int, int] = {}
    for rows in later.values():
        frames = {one.award.case: (one.award.application.call_id, one.award.frame) for one in rows}
        yen = {one.award.case: one.yen for one in rows}
        for case, (_year, there) in too_late(frames, yen, rows[0].day).items():
            short[case.pk] = yen[case] - max(there, 0)
    return [(one, short[one.award.case_id]) for one in found if one.award.case_id in short]
