"""The office's figures as they are now: cases that are open, turns that are late, the book of a year.

One word, one meaning: late is a turn (番) of the office after its day; a case may have several. Whose
turn it is, is what the inbox says: of a case that is closed, too, where something is still to be done.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import cast

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from grants.budget import settling
from grants.budget.settling import Account, Settled
from grants.budget.years import is_closed
from grants.payments import execution
from grants.payments.foreseen import Month
from grants.programmes.models import Call
from portal import clock, fiscal
from portal.accounts.models import User
from portal.cases import alike
from portal.cases.models import Case, Turn
from portal.closures import calendars
from portal.days import day_said, fiscal_year_said
from portal.registry.codes import SAPPORO
from portal.registry.models import in_english
from portal.together import Ask, together
from portal.types import Context, Given
from portal.ui.templatetags.ui import tr
from reports.statistics.models import Release
from reports.statistics.page import by_place


@dataclass(frozen=True)
class Pile:
    """Turns of one side that ask for the same in one programme; `oldest`: since when the first waits."""

    programme: str
    side: str
    what: str
    n: int
    late: int
    oldest: datetime


@dataclass(frozen=True)
class Live:
    """`cases`: open and over; `year`: whose budget is told, 0 where none is; `rows`: of its
    programmes; `expected`: when what is committed in it will be paid; `before`: what earlier years
    have not paid; `uncounted`: programmes of the year whose budget is no money.
    """

    seen: alike.Seen
    cases: QuerySet[Case]
    calls: QuerySet[Call]
    years: list[int]
    year: int
    rows: list[execution.Row]
    expected: list[Month]
    before: int
    uncounted: list[str]

    @property
    def total(self) -> execution.Row:
        return execution.total(self.rows)

    @property
    def late(self) -> QuerySet[Turn]:
        """The oldest first: of what has a deadline, `stands_on` is that, under an index."""
        today = clock.today()
        rows = self.seen.turns.filter(side="office", due_on__lt=today, stands_on__lt=today)
        rows = rows.select_related("case__organisation", "person")
        return rows.order_by("stands_on", "since", "pk")

    @property
    def paid_by_end(self) -> int:
        """Yen that are expected to be paid by the end of the fiscal year."""
        if not self.year:
            return 0
        last = fiscal.fiscal_year_end(self.year)
        return sum(month.yen for month in self.expected if month.first <= last)

    @cached_property
    def _now(self) -> tuple[list[Pile], list[Context]]:
        with together() as ask:
            piles = piled(ask, self.seen)
            found = waiting(ask, self.seen)
        return piles(), found(piles())

    @property
    def piles(self) -> list[Pile]:
        return self._now[0]

    @cached_property
    def settled(self) -> list[Settled]:
        """The accounts of the year, once they are closed."""
        if not is_closed(self.year, clock.today()):
            return []
        return settling.settled(self.year, self.calls)

    @property
    def account(self) -> Account:
        return settling.total(self.settled)

    @property
    def waiting(self) -> list[Context]:
        return self._now[1]

    @property
    def decided_in(self) -> int:
        """The fiscal year whose decisions are told by place."""
        return self.year or fiscal.fiscal_year(clock.today())

    @cached_property
    def by_place(self) -> by_place.Found:
        """Each case is looked at for it: only who asks for it waits."""
        of_year = self.calls.filter(fiscal_year=self.decided_in)
        with together() as ask:
            found = by_place.told(ask, self.cases, of_year, self.decided_in)
        return found()

    @cached_property
    def stuck(self) -> list[Context]:
        return stuck(self.piles)

    @property
    def open_count(self) -> int:
        """Each case is of one programme."""
        return sum(cast("int", row["open"]) for row in self.waiting)

    @property
    def late_count(self) -> int:
        return sum(cast("int", row["late"]) for row in self.stuck)


def read(user: User, data: Given, asked: str) -> Live:
    """Of what the person sees. `data`: programme and municipality; `asked`: a year, as it was typed."""
    seen = alike.seen(user, data)
    cases = alike.within(Case.objects.visible_to(user), data)
    calls = Call.objects.within(user, *Release.READERS)
    if data.get("programme"):
        calls = calls.filter(programme__code=data["programme"])
    if data.get("municipality"):
        calls = calls.filter(municipality_codes__contains=[data["municipality"].pk])
    years = execution.years()
    if not any(year <= fiscal.fiscal_year(clock.today()) for year in years):
        return Live(seen, cases, calls, years, 0, [], [], 0, [])
    year = execution.this_year(years, asked)
    return Live(seen, cases, calls, years, year, *execution.told(year, calls))


def piled(ask: Ask, seen: alike.Seen) -> Callable[[], list[Pile]]:
    rows = ask(seen.turns_by("programme_code", "side", "what"))
    return lambda: [
        Pile(row["programme_code"], row["side"], row["what"], row["n"], row["late"], row["oldest"])
        for row in rows
    ]


def waiting(ask: Ask, seen: alike.Seen) -> Callable[[Iterable[Pile]], list[Context]]:
    """Programme by programme, under the name that its newest case has: open cases, and turns of both
    sides; how many of the office's are late.
    """
    newest = Case.objects.filter(programme_code=OuterRef("programme_code"))
    names = newest.order_by("-opened_at", "-pk")
    found = seen.cases_by("programme_code").annotate(
        name=Subquery(names.values("programme_name")[:1]),
        name_en=Subquery(names.values("programme_name_en")[:1]),
    )
    rows = ask(found.values_list("programme_code", "name", "name_en", "open"))
    return lambda piles: _by_programme(rows, piles)


def _by_programme(
    found: Iterable[tuple[str, str, str, int]], piles: Iterable[Pile]
) -> list[Context]:
    turns: dict[str, Counter[str]] = defaultdict(Counter)
    for pile in piles:
        turns[pile.programme][pile.side] += pile.n
        turns[pile.programme]["late"] += pile.late
    english = in_english()
    return [
        {
            "programme_code": code,
            "name": name_en if english and name_en else name,
            "open": count,
            **{what: turns[code][what] for what in ("office", "applicant", "late")},
        }
        for code, name, name_en, count in sorted(
            found, key=lambda row: (-turns[row[0]]["late"], -turns[row[0]]["office"], row[0])
        )
    ]


def stuck(piles: Iterable[Pile]) -> list[Context]:
    """Where the office's work piles up: what is to be done, how often, how many late, since when."""
    by_work: dict[str, list[Pile]] = defaultdict(list)
    for pile in piles:
        if pile.side == "office":
            by_work[pile.what].append(pile)
    workdays, today = calendars.office(SAPPORO), clock.today()
    counted = [
        (-sum(pile.late for pile in same), -sum(pile.n for pile in same), what, same)
        for what, same in by_work.items()
    ]
    return [
        {
            "what": what,
            "n": -n,
            "late": -late,
            "oldest_days": workdays.between(min(clock.day_of(pile.oldest) for pile in same), today),
        }
        for late, n, what, same in sorted(counted, key=itemgetter(0, 1, 2))
    ]


def table(found: Live) -> Iterable[list[object]]:
    """(what it is of, of which, what is counted, how many, in which unit) of each figure."""
    cases, turns, yen = _("件"), _("番"), _("円")
    late = _("期限を過ぎた市の仕事")
    yield [_("区分"), _("項目"), _("数えたもの"), _("値"), _("単位")]
    head = _("%(day)s現在") % {"day": day_said(clock.today())}
    yield [head, "", _("進んでいる案件"), found.open_count, cases]
    yield [head, "", late, found.late_count, turns]
    for row in found.waiting:
        yield [_("制度ごと"), row["name"], _("進んでいる案件"), row["open"], cases]
        yield [_("制度ごと"), row["name"], _("市が対応中"), row["office"], turns]
        yield [_("制度ごと"), row["name"], _("申請者の対応待ち"), row["applicant"], turns]
        yield [_("制度ごと"), row["name"], late, row["late"], turns]
    for what in found.stuck:
        yield [_("市の仕事ごと"), tr(str(what["what"])), _("市が対応中"), what["n"], turns]
        yield [_("市の仕事ごと"), tr(str(what["what"])), late, what["late"], turns]
    decided = _("%(year)sに決まった案件") % {"year": fiscal_year_said(found.decided_in)}
    received = _("%(year)sの公募への申請") % {"year": fiscal_year_said(found.decided_in)}
    for place in [*found.by_place.places, found.by_place.total]:
        yield [_("区・市町村ごと"), place.name, _("進んでいる案件"), place.open, cases]
        yield [_("区・市町村ごと"), place.name, decided, place.decided, cases]
        yield [_("区・市町村ごと"), place.name, received, place.applications, cases]
        yield [_("区・市町村ごと"), place.name, _("うち交付決定"), place.awards, cases]
        yield [_("区・市町村ごと"), place.name, _("交付を決めた額"), place.yen, yen]
    for cell in found.by_place.cells:
        of = f"{cell.place}　{cell.trade}"
        yield [_("区・市町村と業種ごと"), of, received, cell.applications, cases]
        yield [_("区・市町村と業種ごと"), of, _("うち交付決定"), cell.awards, cases]
        yield [_("区・市町村と業種ごと"), of, _("交付を決めた額"), cell.yen, yen]
    if not found.year:
        return
    of_year = _("%(year)s年度の予算") % {"year": found.year}
    for line in [*found.rows, found.total]:
        name = line.name or _("合計")
        yield [of_year, name, _("予算額"), line.appropriated, yen]
        yield [of_year, name, _("支出負担行為"), line.committed, yen]
        yield [of_year, name, _("支出"), line.disbursed, yen]
        yield [of_year, name, _("未払い"), line.unpaid, yen]
        yield [of_year, name, _("執行率"), line.rate, _("％")]
    yield [_("それより前の年度の予算"), _("合計"), _("未払い"), found.before, yen]
    for name in found.uncounted:
        yield [of_year, name, _("含まない（件数や席数で管理する枠）"), "", ""]
