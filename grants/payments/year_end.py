"""年度末: what of the money of a fiscal year is still to be done until it ends (31 March, 地方自治法208条) and
until its accounts are closed (31 May, 235条の5), as far as a person sees it.

Sums of awards, orders and lines are those of the calls in the scope of their role, but for cases that are
closed to them. A constant number of queries, whatever the number of cases.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.awards.models import Award
from grants.budget.access import lines_for
from grants.budget.carrying import WAYS, year_left
from grants.budget.models import BudgetChange, BudgetEntry, BudgetLine
from grants.budget.years import CARRIES, open_year, settles_on
from grants.payments import access, foreseen
from grants.payments.awaited import Awaited
from grants.payments.batches import PaymentBatch
from grants.payments.foreseen import Alike
from grants.payments.ports import returns_due
from grants.payments.states import FINISHED_BATCHES
from grants.programmes.models import Call
from portal import clock, fiscal
from portal.accounts.models import User
from portal.accounts.permissions import any_of, prefixed
from portal.cases import visibility
from portal.cases.listing import Sorted
from portal.cases.models import Case
from portal.cases.ports import Beside
from portal.days import dated
from portal.together import Ask, together
from portal.types import Row

READERS = PaymentBatch.READERS
HOLDING = (
    "pk",
    "case",
    "of_call",
    "frame",
    "state",
    "project_ends_on",
    foreseen.REST,
    "left_over",
    "left_again",
    "ordered",
)
# of these an auditor does nothing
DOERS = ("finance_officer", "accounting_officer")
# from February on the inbox points to it
FIRST_MONTH = 2


@dataclass(frozen=True)
class Todo:
    """A kind of things to be done: how many, for how many yen, and where they are found."""

    what: str
    count: int
    yen: int
    url: str


@dataclass(frozen=True)
class YearEnd:
    """What is to be done until each of the two days; the awards of which something has no order yet, and
    the lines that are to be settled, of whatever year, each with its yen.
    """

    by_end: list[Todo]
    by_closing: list[Todo]
    unordered: Sorted[Award]
    expected: list[Alike]
    unsettled: list[tuple[BudgetLine, int]]

    def rows(self, page: Iterable[Award]) -> list[tuple[Award, int]]:
        """The awards of a page, with the yen that have no order yet."""
        found = []
        for award in page:
            of, rest = foreseen.expected_of(award, self.expected), award.payable - award.paid
            there = foreseen.payable(rest, of.over, award.left_over, award.left_again)
            found.append((award, there - vars(award)["held"]))
        return found


def told(user: User, year: int) -> YearEnd:
    """What is left of a year, for who reads payments."""
    visibility.look_for_closed(user, Case.objects.all())
    # their roles bring every award of these calls before them
    closed = visibility.interested(user) | visibility.veiled(user)
    calls = Call.objects.within(user, *READERS)
    mine = foreseen.unpaid(calls).exclude(prefixed(closed, "case"))
    expected = foreseen.expected(year, calls, closed)
    seen = Case.objects.visible_to(user).order_by()
    with together() as ask:
        of_leaving = ask(_leaving(year).values_list("case").annotate(n=Sum("amount")))
        leaving = ask(mine.filter(case__in=_leaving(year).values("case")).values_list(*HOLDING))
        changes = ask(_changes(user, seen))
        orders = _orders(ask, year, calls, closed)
        batches = ask(_batches(user, year))
        lines = ask(_lines(user, year))
        returns = returns_due.value(ask, user, settles_on(year))
    without_order = _without_order(expected, leaving, dict(of_leaving))
    unsettled = [(line, yen) for line in lines if (yen := to_settle(line, year)) > 0]
    budget, execution = (f"{reverse(name)}?year={year}" for name in ("budget_list", "execution"))
    desk = reverse("payment_desk")
    return YearEnd(
        [
            Todo(
                _("支出命令がまだの支出負担行為"),
                without_order.count,
                without_order.yen,
                "#unordered-h",
            ),
            Todo(
                _("出納閉鎖までに支払えない見込みで、繰り越していない案件"),
                *_not_carried(expected, mine, changes, year),
                f"{execution}#next-h",
            ),
            *_proposed(changes, year, budget),
        ],
        [
            Todo(_("支払いが済んでいない支出命令"), *orders(), desk),
            _todo(_("終わっていない振込データ"), [y for _b, y in batches], f"{desk}#batches-h"),
            Todo(
                _("納期限が来る返還で、まだ納められていないもの"),
                *returns(),
                f"{reverse('recovery_list')}?stage=open",
            ),
            _todo(
                _("支払いも繰越も済んでいない額が残る予算"),
                [yen for _line, yen in unsettled],
                "#unsettled-h",
            ),
        ],
        Sorted(
            _unordered(expected, mine.exclude(pk__in=without_order.whole)),
            lambda page: foreseen.named(page.annotate(held=_held(year))),
        ),
        expected,
        unsettled,
    )


def _not_carried(
    expected: Sequence[Alike],
    awards: QuerySet[Award],
    changes: Iterable[BudgetChange],
    year: int,
) -> tuple[int, int]:
    """How many awards, and yen of them, cannot be paid in time, and no carry-over is proposed."""
    proposed = Counter[int | None]()
    for change in changes:
        if change.kind in WAYS and year_left(change.line, change.kind) == year:
            proposed[change.case_id] += change.amount
    count, yen = sum(one.too_late for one in expected), sum(one.late_yen for one in expected)
    if proposed:
        for award in foreseen.late(expected, awards).filter(case__in=list(proposed)):
            of, rest = foreseen.expected_of(award, expected), award.payable - award.paid
            late = rest - foreseen.payable(rest, of.over, award.left_over, award.left_again)
            yen -= min(late, proposed[award.case_id])
            count -= late <= proposed[award.case_id]
    return count, yen


@dataclass
class WithoutOrder:
    """How many awards, and yen of them, can be paid in time and have no order yet; `whole`: the awards
    that need none, since what has none leaves the year.
    """

    count: int
    yen: int
    whole: list[int]


def _without_order(
    expected: Iterable[Alike], leaving: Iterable[tuple[Row, ...]], of_cases: Mapping[int, int]
) -> WithoutOrder:
    """`leaving`: the awards of which something leaves the year (`HOLDING`): yen of each case."""
    by_key = {one.key: one for one in expected}
    yen = sum(one.yen - one.late_yen - one.held for one in by_key.values())
    found = WithoutOrder(sum(one.in_time - one.whole for one in by_key.values()), yen, [])
    for pk, case, call, frame, state, ends_on, rest, left_over, left_again, ordered in leaving:
        of = by_key.get((call, frame, state, ends_on, left_over is not None))
        if of is not None:
            there = foreseen.payable(rest, of.over, left_over, left_again)
            without = max(there - ordered, 0)
            found.yen -= min(without, of_cases.get(case, 0))
            if 0 < without <= of_cases.get(case, 0):
                found.count -= 1
                found.whole.append(pk)
    return found


def _unordered(expected: Sequence[Alike], awards: QuerySet[Award]) -> QuerySet[Award]:
    ways = []
    for over, yen in foreseen.PAYABLE.items():
        same = [one.awards for one in expected if one.over == over and one.in_time]
        ways.append(any_of(same) & Q(GreaterThan(yen, F("ordered"))))
    return awards.filter(any_of(ways)).order_by("pk")


def _proposed(changes: Iterable[BudgetChange], year: int, url: str) -> list[Todo]:
    """Carry-overs out of a year, and lines of it for which another change waits."""
    carries, others = [], []
    for change in changes:
        if change.kind not in WAYS and change.line.fiscal_year == year:
            others.append(change)
        elif change.kind in WAYS and year_left(change.line, change.kind) == year:
            carries.append(change.amount)
    return [
        _todo(_("確認を待つ繰越の提案"), carries, url),
        Todo(
            _("増減・流用などの提案が確認を待つ予算"),
            len({change.line_id for change in others}),
            sum(change.amount for change in others if change.line.unit == "yen"),
            url,
        ),
    ]


def _todo(what: str, sums: Sequence[int], url: str) -> Todo:
    return Todo(what, len(sums), sum(sums), url)


def _leaving(year: int) -> QuerySet[BudgetEntry]:
    """What leaves the year's accounts by a carry-over: it needs no order in them."""
    ways = [Q(kind=kind, line__fiscal_year=year - years + 1) for kind, years in CARRIES.items()]
    return BudgetEntry.objects.filter(any_of(ways), line__unit="yen").order_by()


def _held(year: int) -> Combinable:
    """Yen of an award that are ordered, or leave the year."""
    carried = _leaving(year).filter(case=OuterRef("case")).values("case")
    return F("ordered") + Coalesce(Subquery(carried.annotate(n=Sum("amount")).values("n")), 0)


def _changes(user: User, seen: QuerySet[Case]) -> QuerySet[BudgetChange]:
    """What was proposed about lines and waits for another person."""
    known = Q(case=None) | Q(case__in=seen.values("pk"))
    found = BudgetChange.objects.filter(known, closed_at=None, line__in=lines_for(user, *READERS))
    return found.select_related("line")


def _orders(ask: Ask, year: int, calls: QuerySet[Call], closed: Q) -> Callable[[], tuple[int, int]]:
    """How many orders, and yen of them, are not paid for certain, of the money of a year or of an earlier
    one; none of closed cases.
    """
    lines = BudgetLine.objects.filter(
        call=OuterRef("of_call"), frame=OuterRef("frame"), unit="yen", fiscal_year__lte=year
    )
    every = Awaited.objects.filter(Exists(lines), of_call__in=calls.values("pk"))
    shut = Award.objects.filter(Exists(lines), prefixed(closed, "case"), of_call__in=calls)
    sums = [
        ask.totals(rows, n=Sum("orders", default=0), yen=Sum("ordered", default=0))
        for rows in (every, shut)
    ]

    def told() -> tuple[int, int]:
        of_all, of_shut = (each() for each in sums)
        return of_all["n"] - of_shut["n"], of_all["yen"] - of_shut["yen"]

    return told


def _batches(user: User, year: int) -> "QuerySet[PaymentBatch, tuple[int, int]]":
    """(batch, yen) of each that is not finished."""
    rows = access.batches_for(user).exclude(state__in=FINISHED_BATCHES)
    rows = rows.filter(pay_on__lte=settles_on(year)).order_by()
    return rows.values_list("pk").annotate(yen=Sum("payments__amount", default=0))


def _lines(user: User, year: int) -> QuerySet[BudgetLine]:
    """The lines whose money is paid in the accounts of a year, and was not yet."""
    lines = lines_for(user, *READERS).order_by(
        "fiscal_year", "call__programme__order", "call", "frame"
    )
    years = range(year - max(CARRIES.values()), year + 1)
    return lines.filter(unit="yen", fiscal_year__in=years, committed__gt=F("disbursed"))


def to_settle(line: BudgetLine, year: int) -> int:
    """Yen of a line that are to be paid in the accounts of a year, or carried out of them, and are
    neither: of an earlier year's line only what was carried into it.
    """
    unpaid = line.committed - line.disbursed
    if line.fiscal_year == year:
        return line.may_carry
    if line.fiscal_year == year - 1:
        return max(min(line.carried, unpaid) - line.carried_again, 0)
    return max(min(line.carried_again, unpaid), 0)


def beside(user: User, _ask: Ask) -> Callable[[], Beside | None]:
    """The way to the page, from February until the accounts are closed. Nothing is counted: the inbox
    would wait for it.
    """
    today = clock.today()
    if not user.has_role(*DOERS) or not is_near(today):
        return lambda: None
    year = open_year(today)
    if today <= fiscal.fiscal_year_end(year):
        text = _(
            "%(year)s年度の支出負担行為と繰越は%(end)sまで、支払いは%(closing)s（出納閉鎖）までです。"
        )
    else:
        text = _("%(year)s年度の支払いは%(closing)s（出納閉鎖）までです。")
    days = {"end": dated(fiscal.fiscal_year_end(year)), "closing": dated(settles_on(year))}
    found = Beside(
        text=text % {"year": year, **days},
        link=_("年度末にすることを開く"),
        url=reverse("year_end"),
    )
    return lambda: found


def is_near(day: date) -> bool:
    """From February until the accounts are closed."""
    return date(day.year, FIRST_MONTH, 1) <= day <= settles_on(day.year - 1)
