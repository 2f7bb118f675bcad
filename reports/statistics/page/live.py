"""The office's figures as they are now: cases that are open, turns that are late, the book of a year.

One word, one meaning: late is a turn (番) of the office after its day; a case may have several.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from grants.payments import execution
from grants.programmes.models import Call
from portal import clock, fiscal
from portal.accounts.models import User
from portal.cases.models import Case, Turn
from portal.closures import calendars
from portal.days import day_said
from portal.registry.codes import SAPPORO
from portal.registry.models import in_english
from portal.types import Context, Given
from portal.ui.templatetags.ui import tr
from reports.statistics.models import Release


@dataclass(frozen=True)
class Live:
    """`year`: whose budget is told, 0 where none is; `rows`: of its programmes; `expected`: when what
    is committed in it will be paid; `before`: what earlier years have not paid; `uncounted`:
    programmes of the year whose budget is no money.
    """

    cases: QuerySet[Case]
    calls: QuerySet[Call]
    years: list[int]
    year: int
    rows: list[execution.Row]
    expected: list[execution.Month]
    before: int
    uncounted: list[str]

    @property
    def total(self) -> execution.Row:
        return execution.total(self.rows)

    @property
    def turns(self) -> QuerySet[Turn]:
        return Turn.objects.filter(case__in=self.cases)

    @property
    def late(self) -> QuerySet[Turn]:
        """The oldest first."""
        rows = self.turns.filter(side="office", due_on__lt=clock.today())
        return rows.select_related("case__organisation", "person").order_by("due_on", "pk")

    @property
    def paid_by_end(self) -> int:
        """Yen that are expected to be paid by the end of the fiscal year."""
        if not self.year:
            return 0
        last = fiscal.fiscal_year_end(self.year)
        return sum(month.yen for month in self.expected if month.first <= last)

    @cached_property
    def waiting(self) -> list[Context]:
        return waiting(self.cases)

    @cached_property
    def stuck(self) -> list[Context]:
        return stuck(self.turns)

    @property
    def open_count(self) -> int:
        """Each case is of one programme."""
        return sum(cast("int", row["open"]) for row in self.waiting)

    @property
    def late_count(self) -> int:
        return sum(cast("int", row["late"]) for row in self.stuck)


def read(user: User, data: Given, asked: str) -> Live:
    """Of what the person sees. `data`: programme and municipality; `asked`: a year, as it was typed."""
    cases = Case.objects.visible_to(user).filter(closed_at=None)
    calls = Call.objects.within(user, *Release.READERS)
    if data.get("programme"):
        cases = cases.filter(programme_code=data["programme"])
        calls = calls.filter(programme__code=data["programme"])
    if data.get("municipality"):
        town = [data["municipality"].pk]
        cases = cases.filter(municipality_codes__contains=town)
        calls = calls.filter(municipality_codes__contains=town)
    years = execution.years()
    if not any(year <= fiscal.fiscal_year(clock.today()) for year in years):
        return Live(cases, calls, years, 0, [], [], 0, [])
    year = execution.this_year(years, asked)
    return Live(cases, calls, years, year, *execution.told(year, calls))


def waiting(cases: QuerySet[Case]) -> list[Context]:
    """Programme by programme: open cases, and turns of both sides; how many of the office's are late."""
    late = Q(turns__side="office", turns__due_on__lt=clock.today())
    rows = (
        cases.order_by()
        .values("programme_code", "programme_name", "programme_name_en")
        .annotate(
            open=Count("pk", distinct=True),
            office=Count("turns", filter=Q(turns__side="office"), distinct=True),
            late=Count("turns", filter=late, distinct=True),
            applicant=Count("turns", filter=Q(turns__side="applicant"), distinct=True),
        )
    )
    english = in_english()
    return [
        {**row, "name": row["programme_name_en"] if english else row["programme_name"]}
        for row in rows.order_by("-late", "-office", "programme_code")
    ]


def stuck(turns: QuerySet[Turn]) -> list[Context]:
    """Where the office's work piles up: what is to be done, how often, how many late, since when."""
    rows = (
        turns.filter(side="office")
        .order_by()
        .values("what")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=clock.today())),
            oldest=Min("since"),
        )
    )
    workdays, today = calendars.office(SAPPORO), clock.today()
    return [
        row | {"oldest_days": workdays.between(clock.day_of(row["oldest"]), today)}
        for row in rows.order_by("-late", "-n", "what")
    ]


def table(found: Live) -> Iterable[list[object]]:
    """(what it is of, of which, what is counted, how many, in which unit) of each figure."""
    cases, turns, yen = _("件"), _("番"), _("円")
    late = _("期限を過ぎた市の番")
    yield [_("区分"), _("項目"), _("数えたもの"), _("値"), _("単位")]
    head = _("%(day)s現在") % {"day": day_said(clock.today())}
    yield [head, "", _("進んでいる案件"), found.open_count, cases]
    yield [head, "", late, found.late_count, turns]
    for row in found.waiting:
        yield [_("制度ごと"), row["name"], _("進んでいる案件"), row["open"], cases]
        yield [_("制度ごと"), row["name"], _("市の番"), row["office"], turns]
        yield [_("制度ごと"), row["name"], _("申請者の番"), row["applicant"], turns]
        yield [_("制度ごと"), row["name"], late, row["late"], turns]
    for what in found.stuck:
        yield [_("市の仕事ごと"), tr(str(what["what"])), _("市の番"), what["n"], turns]
        yield [_("市の仕事ごと"), tr(str(what["what"])), late, what["late"], turns]
    if not found.year:
        return
    of_year = _("%(year)s年度の予算") % {"year": found.year}
    for line in [*found.rows, found.total]:
        name = line.name or _("合計")
        yield [of_year, name, _("予算現額"), line.appropriated, yen]
        yield [of_year, name, _("支出負担行為"), line.committed, yen]
        yield [of_year, name, _("支出"), line.disbursed, yen]
        yield [of_year, name, _("未払い"), line.unpaid, yen]
        yield [of_year, name, _("執行率"), line.rate, _("％")]
    yield [_("それより前の年度の予算"), _("合計"), _("未払い"), found.before, yen]
    for name in found.uncounted:
        yield [of_year, name, _("含まない（件数や席数で管理する枠）"), "", ""]
