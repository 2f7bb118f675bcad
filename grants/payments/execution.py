"""The bureau's year at a glance: what was appropriated, committed, paid,
returned and carried over, and when the rest will be paid.

Everything is read from the book and the awards; a constant number of queries, whatever the number
of cases.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from grants.budget.models import BudgetEntry, BudgetLine
from grants.budget.years import settles_on
from grants.payments.awaited import Awaited
from grants.payments.foreseen import Month, pay_day
from grants.payments.paying import next_pay_day
from grants.programmes.models import Call, Programme, said
from portal import clock, fiscal, jptext
from portal.together import Ask, together


@dataclass(frozen=True)
class Row:
    """One programme's year in yen."""

    name: str
    appropriated: int
    committed: int
    disbursed: int
    returned: int
    carried: int

    @property
    def left(self) -> int:
        return self.appropriated - self.committed

    @property
    def unpaid(self) -> int:
        return self.committed - self.disbursed

    @property
    def rate(self) -> str:
        """執行率: paid of appropriated in percent, rounded to the first decimal (half up)."""
        if not self.appropriated:
            return "0.0"
        whole, tenth = divmod(
            (self.disbursed * 2000 + self.appropriated) // (self.appropriated * 2), 10
        )
        return f"{whole}.{tenth}"


def years() -> list[int]:
    """The fiscal years that have lines, newest first."""
    return sorted(
        BudgetLine.objects.order_by().values_list("fiscal_year", flat=True).distinct(), reverse=True
    )


def rows(year: int, calls: QuerySet[Call] | None = None) -> list[Row]:
    """A row per programme, in the programmes' own order; of some calls, or of all."""
    with together() as ask:
        found = asked(ask, year, Call.objects.all() if calls is None else calls)
    return found()


def told(year: int, calls: QuerySet[Call]) -> tuple[list[Row], list[Month], int, list[str]]:
    """(rows, forecast, yen that earlier years have not paid, what is no money) of a year, asked for
    together.
    """
    with together() as ask:
        found = asked(ask, year, calls)
        expected = _forecast(ask, year, calls)
        before = _unpaid_before(ask, year, calls)
        uncounted = _uncounted(ask, year, calls)
    return found(), expected(), before(), uncounted()


def asked(ask: Ask, year: int, of: QuerySet[Call]) -> Callable[[], list[Row]]:
    """The same, in one trip with what else a page asks."""
    lines = BudgetLine.objects.filter(fiscal_year=year, unit="yen", call__in=of).order_by()
    sums = ask(
        lines.values("call__programme").annotate(
            a=Sum("appropriated"), c=Sum("committed"), d=Sum("disbursed"), o=Sum("carried")
        )
    )
    returned = ask(
        BudgetEntry.objects.filter(
            line__fiscal_year=year,
            line__unit="yen",
            line__call__in=of,
            kind__in=["return", "return_undone"],
        )
        .order_by()
        .values_list("line__call__programme")
        .annotate(
            n=Sum("amount", filter=Q(kind="return"), default=0)
            - Sum("amount", filter=Q(kind="return_undone"), default=0)
        )
    )
    programmes = ask(_programmes(lines))

    def made() -> list[Row]:
        found, back = {row["call__programme"]: row for row in sums}, dict(returned)
        return [
            Row(
                said(p.stated.name),
                row["a"],
                row["c"],
                row["d"],
                int(back.get(p.pk) or 0),
                row["o"],
            )
            for p in programmes
            if (row := found.get(p.pk)) is not None
        ]

    return made


def _programmes(lines: QuerySet[BudgetLine]) -> QuerySet[Programme]:
    of_lines = Programme.objects.filter(pk__in=lines.values("call__programme"))
    return of_lines.order_by("order", "pk")


def total(found: Iterable[Row]) -> Row:
    listed = list(found)
    names = ("appropriated", "committed", "disbursed", "returned", "carried")
    return Row("", *(sum(getattr(row, name) for row in listed) for name in names))


def _unpaid_before(ask: Ask, year: int, calls: QuerySet[Call]) -> Callable[[], int]:
    """Yen that lines of earlier years committed and have not paid."""
    lines = BudgetLine.objects.filter(fiscal_year__lt=year, unit="yen", call__in=calls).order_by()
    unpaid = ask(lines.values_list("fiscal_year").annotate(n=Sum(F("committed") - F("disbursed"))))
    return lambda: sum(yen for _year, yen in unpaid)


def _uncounted(ask: Ask, year: int, calls: QuerySet[Call]) -> Callable[[], list[str]]:
    """Programmes of the year with lines that are no money: slots and seats."""
    lines = BudgetLine.objects.filter(fiscal_year=year, call__in=calls).exclude(unit="yen")
    found = ask(_programmes(lines.order_by()))
    return lambda: [said(programme.stated.name) for programme in found]


def months(expected: Mapping[date, tuple[int, int]], settles_on: date) -> list[Month]:
    """Sums by day of payment → months in order. `expected`: day → (yen, cases)."""
    found: dict[date, tuple[int, int]] = {}
    for day, (yen, cases) in expected.items():
        before = found.get(day.replace(day=1), (0, 0))
        found[day.replace(day=1)] = (before[0] + yen, before[1] + cases)
    return [
        Month(first, yen, cases, first > settles_on)
        for first, (yen, cases) in sorted(found.items())
    ]


def forecast(year: int, calls: QuerySet[Call] | None = None) -> list[Month]:
    """When what is committed and not paid will be paid,
    by the awards as they stand; of some calls, or of all.
    """
    with together() as ask:
        found = _forecast(ask, year, Call.objects.all() if calls is None else calls)
    return found()


def _forecast(ask: Ask, year: int, calls: QuerySet[Call]) -> Callable[[], list[Month]]:
    in_the_book = BudgetLine.objects.filter(
        call=OuterRef("of_call"), frame=OuterRef("frame"), unit="yen", fiscal_year=year
    )
    rows = Awaited.objects.filter(Exists(in_the_book), of_call__in=calls.values("pk")).order_by()
    sums = rows.values_list("state", "project_ends_on").annotate(yen=Sum("rest"), n=Sum("awards"))
    found = ask(sums.filter(n__gt=0))
    return lambda: _expected(found, year)


def _expected(awards: Iterable[tuple[str, date, int, int]], year: int) -> list[Month]:
    """`awards`: (state, end of the project, yen still to be paid, how many) of those alike."""
    expected: dict[date, tuple[int, int]] = {}
    soon = next_pay_day()
    for state, ends_on, yen, n in awards:
        day = pay_day(state, ends_on, soon)
        before = expected.get(day, (0, 0))
        expected[day] = (before[0] + int(yen), before[1] + n)
    return months(expected, settles_on(year))


def this_year(found: list[int], asked: str) -> int:
    """The year asked for where there is one, else the newest up to now."""
    if (year := jptext.whole(asked, 0)) in found:
        return year
    now = fiscal.fiscal_year(clock.today())
    return next((year for year in found if year <= now), now)
