"""年度末: what of the money of a fiscal year is still to be done until it ends (31 March, 地方自治法208条) and
until its accounts are closed (31 May, 235条の5), as far as a person sees it.

Sums of cases are those of the cases that the person sees, sums of lines those of the calls in the
scope of their role. A constant number of queries, whatever the number of cases.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.budget.access import lines_for
from grants.budget.carrying import WAYS, year_left
from grants.budget.models import BudgetChange, BudgetEntry, BudgetLine
from grants.budget.years import CARRIES, open_year, settles_on
from grants.payments import access, foreseen
from grants.payments.batches import PaymentBatch
from grants.payments.foreseen import Expected
from grants.payments.ports import returns_due
from grants.payments.states import FINISHED_BATCHES, UNCERTAIN
from grants.payments.transfers import Payment
from grants.programmes.models import Call
from portal import clock, fiscal
from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.ports import Beside
from portal.days import dated
from portal.together import Ask, together

READERS = PaymentBatch.READERS
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
    """What is to be done until each of the two days; of what has no order yet, each award with its yen,
    and the lines that are to be settled, of whatever year, each with its yen.
    """

    by_end: list[Todo]
    by_closing: list[Todo]
    unordered: list[tuple[Expected, int]]
    unsettled: list[tuple[BudgetLine, int]]


def told(user: User, year: int) -> YearEnd:
    """What is left of a year, for who reads payments."""
    expected = foreseen.expected(year, Call.objects.within(user, *READERS))
    seen = Case.objects.visible_to(user).order_by()
    with together() as ask:
        shown = ask(seen.filter(awards__in=_awards(expected)).values_list("pk", flat=True))
        ordered = ask(_ordered(expected))
        carried = ask(_carried(expected, year))
        changes = ask(_changes(user, seen))
        orders = ask(_orders(year, seen))
        batches = ask(_batches(user, year))
        lines = ask(_lines(user, year))
        returns = returns_due.value(ask, user, settles_on(year))
    visible = set(shown)
    mine = [one for one in expected if one.award.case_id in visible]
    late = foreseen.late(mine)
    waits = Counter[int]()
    for award, yen in [*ordered, *carried, *((one.award.pk, yen) for one, yen in late)]:
        waits[award] += yen
    left = [(one, one.yen - waits[one.award.pk]) for one in mine]
    unordered = [(one, yen) for one, yen in left if yen > 0]
    unsettled = [(line, yen) for line in lines if (yen := to_settle(line, year)) > 0]
    budget, execution = (f"{reverse(name)}?year={year}" for name in ("budget_list", "execution"))
    desk = reverse("payment_desk")
    return YearEnd(
        [
            _todo(_("支出命令がまだの支出負担行為"), [y for _one, y in unordered], "#unordered-h"),
            _todo(
                _("出納閉鎖までに支払えない見込みで、繰り越していない案件"),
                [yen for _one, yen in late],
                f"{execution}#next-h",
            ),
            *_proposed(changes, year, budget),
        ],
        [
            _todo(_("支払いが済んでいない支出命令"), orders, desk),
            _todo(_("終わっていない振込データ"), [y for _b, y in batches], f"{desk}#batches-h"),
            _todo(
                _("納期限が来る返還で、まだ納められていないもの"),
                returns(),
                f"{reverse('recovery_list')}?stage=open",
            ),
            _todo(
                _("支払いも繰越も済んでいない額が残る予算"),
                [yen for _line, yen in unsettled],
                "#unsettled-h",
            ),
        ],
        unordered,
        unsettled,
    )


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


def _awards(expected: Iterable[Expected]) -> list[int]:
    return [one.award.pk for one in expected]


def _ordered(expected: Iterable[Expected]) -> "QuerySet[Payment, tuple[int, int]]":
    """(award, yen) of what is ordered and not paid for certain."""
    rows = Payment.objects.filter(award__in=_awards(expected), state__in=UNCERTAIN)
    return rows.order_by().values_list("award", "amount")


def _carried(expected: Iterable[Expected], year: int) -> "QuerySet[BudgetEntry, tuple[int, int]]":
    """(award, yen) of what leaves the year's accounts by a carry-over: it needs no order in them."""
    ways = Q(pk__in=[])
    for kind, years in CARRIES.items():
        ways |= Q(kind=kind, line__fiscal_year=year - years + 1)
    rows = BudgetEntry.objects.filter(ways, case__awards__in=_awards(expected), line__unit="yen")
    return rows.order_by().values_list("case__awards", "amount")


def _changes(user: User, seen: QuerySet[Case]) -> QuerySet[BudgetChange]:
    """What was proposed about lines and waits for another person."""
    known = Q(case=None) | Q(case__in=seen.values("pk"))
    found = BudgetChange.objects.filter(known, closed_at=None, line__in=lines_for(user, *READERS))
    return found.select_related("line")


def _orders(year: int, seen: QuerySet[Case]) -> "QuerySet[Payment, int]":
    """Yen of each order that is not paid for certain, of the money of a year or of an earlier one."""
    lines = BudgetLine.objects.filter(
        call=OuterRef("award__application__call"),
        frame=OuterRef("award__frame"),
        unit="yen",
        fiscal_year__lte=year,
    )
    rows = Payment.objects.filter(Exists(lines), state__in=UNCERTAIN, case__in=seen.values("pk"))
    return rows.order_by().values_list("amount", flat=True)


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
