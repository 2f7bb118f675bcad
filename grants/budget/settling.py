"""決算: what of the money of a fiscal year was paid, was carried into the next one and was not used, by the
day on which its accounts were closed (出納閉鎖); while they are open, so far.

What was carried over is money of the year it was carried into: it stands in that year's 予算現額, is paid
there, and what of it is neither paid nor carried once more is not used there. So each yen is counted once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from grants.budget.adding_up import MOVES, RECEIVED, Totals
from grants.budget.classification import Level
from grants.budget.models import BudgetEntry, BudgetLine
from grants.budget.years import CARRIES, is_closed, years_over
from grants.programmes.models import Call, said
from portal import clock

# money is carried over, and once more by accident: a line stands in three accounts at most
LONGEST = max(CARRIES.values())
MONTH = TruncMonth("booked_at", tzinfo=clock.JST)
# account → (kind, yen) of what was booked for one case in it
Booked = dict[int, list[tuple[str, int]]]
PAYING = [kind for kind, (names, _sign) in MOVES.items() if "disbursed" in names]
# kinds of entries by which the planned sum was changed within the year: 補正 and 流用
SUPPLEMENTS, TRANSFERS = ("supplement", "supplement_cut"), ("transfer",)
# the levels of a classification that the settlement adds up
SUMMED = ("chapter", "section")


@dataclass(frozen=True)
class Account:
    """What is said of one year's accounts, in yen."""

    planned: int = 0
    brought: int = 0  # 前年度からの繰越額
    paid: int = 0
    carried: int = 0
    waiting: int = 0  # of what was carried out of its own year: not paid since

    supplemented: int = 0  # 補正 up less down, within the planned
    transferred: int = 0  # 流用 in less out, within the planned

    def __add__(self, other: Account) -> Account:
        return Account(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def first(self) -> int:
        """当初予算額: what was planned without 補正 and 流用."""
        return self.planned - self.supplemented - self.transferred

    @property
    def budget(self) -> int:
        """予算現額."""
        return self.planned + self.brought

    @property
    def unused(self) -> int:
        """不用額, once the accounts are closed."""
        return self.budget - self.paid - self.carried


@dataclass(frozen=True)
class Settled:
    """Of one programme under one 予算科目, or of all under a 款 or a 項; `line` is one of its lines."""

    line: BudgetLine
    account: Account
    # the level that it adds up; "" of a programme
    of: str = ""

    @property
    def programme(self) -> str:
        return "" if self.of else said(self.line.call.stated.name)

    @property
    def levels(self) -> list[Level]:
        """Under which its money stands, as far as it is one."""
        levels = self.line.levels
        return levels[: SUMMED.index(self.of) + 1] if self.of else levels

    @property
    def name(self) -> str:
        return self.levels[-1].with_label if self.of else self.programme


def settled(year: int, calls: QuerySet[Call]) -> list[Settled]:
    """The accounts of a year by 予算科目 and programme, in their order; lines without codes are last.

    Four queries, however many lines.
    """
    years = range(year - LONGEST, year + 1)
    lines = BudgetLine.objects.filter(call__in=calls, unit="yen", fiscal_year__in=years)
    rows = list(
        lines.select_related("call__programme").order_by("call__programme__order", "call", "frame")
    )
    found: dict[tuple[object, ...], Settled] = {}
    for line, accounts in accounts_of(rows).items():
        account = accounts[year - line.fiscal_year]
        if account == Account() and line.fiscal_year < year:
            continue
        key = (*line.path, line.programme_code)
        before = found[key].account if key in found else Account()
        found[key] = Settled(line, before + account)
    return sorted(found.values(), key=lambda row: (not row.line.is_classified, row.line.path))


def with_sums(rows: Sequence[Settled]) -> list[Settled]:
    """Before the first row of each 款 and 項 what is under it together."""
    found: list[Settled] = []
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        path = row.line.path
        for depth, level in enumerate(SUMMED if row.line.is_classified else (), start=1):
            way = path[:depth]
            if way not in seen:
                seen.add(way)
                under = [other for other in rows if other.line.path[:depth] == way]
                found.append(Settled(row.line, total(under), level))
        found.append(row)
    return found


def unused(lines: Iterable[BudgetLine]) -> dict[int, int]:
    """Primary key → 不用額 of each line in yen whose year is closed."""
    today = clock.today()
    closed = [line for line in lines if line.unit == "yen" and is_closed(line.fiscal_year, today)]
    accounts = accounts_of(closed) if closed else {}
    return {line.pk: of[0].unused for line, of in accounts.items()}


def total(rows: Iterable[Settled]) -> Account:
    return sum((row.account for row in rows), Account())


def accounts_of(lines: Sequence[BudgetLine]) -> dict[BudgetLine, list[Account]]:
    """Of each line what stands in the accounts of its own year, of the next, and of the one after."""
    by_pk = {line.pk: line for line in lines}
    paid = _paid(by_pk)
    carried = _carried(by_pk)
    changed = _changed(by_pk)
    return {
        line: _accounts(line, paid[line.pk], carried[line.pk], changed[line.pk]) for line in lines
    }


def _accounts(
    line: BudgetLine, paid: list[int], carried: list[int], changed: tuple[int, int]
) -> list[Account]:
    # a change of a limit (債務負担行為) is none of the budget
    own = (line.voted, 0, 0) if line.debt_id else (line.appropriated, *changed)
    planned, supplemented, transferred = own
    first = Account(
        planned=planned,
        supplemented=supplemented,
        transferred=transferred,
        paid=paid[0],
        carried=carried[0],
        waiting=carried[0] - sum(paid[1:]),
    )
    found = [first]
    for over in range(1, LONGEST + 1):
        found.append(Account(brought=carried[over - 1], paid=paid[over], carried=carried[over]))
    return found


def _changed(lines: Mapping[int, BudgetLine]) -> dict[int, tuple[int, int]]:
    """Line → yen of 補正 and of 流用, each up less down; all of them are of its own year."""
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    entries = BudgetEntry.objects.filter(Q(line__in=lines) | Q(to__in=lines)).order_by()
    rows = entries.filter(kind__in=SUPPLEMENTS + TRANSFERS).values("line_id", "to_id", "kind")
    for row in rows.annotate(yen=Sum("amount")):
        kind, yen = row["kind"], row["yen"]
        for pk, moves in ((row["line_id"], MOVES), (row["to_id"], RECEIVED)):
            if kind not in moves:
                continue
            signed = moves[kind][1] * yen
            by_supplement, by_transfer = found[pk]
            if kind in TRANSFERS:
                found[pk] = (by_supplement, by_transfer + signed)
            else:
                found[pk] = (by_supplement + signed, by_transfer)
    return found


def _paid(lines: Mapping[int, BudgetLine]) -> dict[int, list[int]]:
    """Line → yen paid in each of its accounts, less what came back."""
    found: dict[int, list[int]] = defaultdict(_nothing)
    entries = BudgetEntry.objects.filter(line__in=lines, kind__in=PAYING).order_by()
    rows = entries.annotate(month=MONTH).values("line_id", "kind", "month")
    for row in rows.annotate(yen=Sum("amount")):
        _names, sign = MOVES[row["kind"]]
        over = _over(lines[row["line_id"]], row["month"])
        found[row["line_id"]][over] += sign * row["yen"]
    return found


def _carried(lines: Mapping[int, BudgetLine]) -> dict[int, list[int]]:
    """Line → yen carried out of each of its accounts: of each case what was let over, as far as it was
    promised and not paid when they were closed.
    """
    letting = BudgetEntry.objects.filter(line__in=lines, kind__in=CARRIES).values("case")
    entries = BudgetEntry.objects.filter(line__in=lines, case__in=letting).order_by()
    rows = entries.annotate(month=MONTH).values("line_id", "case_id", "kind", "month")
    books: dict[tuple[int, int | None], Booked] = {}
    for row in rows.annotate(yen=Sum("amount")):
        line = lines[row["line_id"]]
        book = books.setdefault((line.pk, row["case_id"]), defaultdict(list))
        book[_over(line, row["month"])].append((row["kind"], row["yen"]))
    found: dict[int, list[int]] = defaultdict(_nothing)
    for (pk, _case), book in books.items():
        for over, yen in enumerate(carried_of_case(book)):
            found[pk][over] += yen
    return found


def carried_of_case(book: Booked) -> list[int]:
    """Yen that one case carries out of each account."""
    totals, found = Totals(), _nothing()
    for over in range(LONGEST):
        before = totals.disbursed
        for kind, yen in book.get(over, ()):
            totals.add(kind, yen)
        unpaid = totals.committed - totals.disbursed
        if over == 0:
            found[0] = max(min(totals.let_over, unpaid), 0)
        else:
            there = found[over - 1] - (totals.disbursed - before)
            found[over] = max(min(totals.let_over_again, there, unpaid), 0)
    return found


def _over(line: BudgetLine, month: datetime) -> int:
    """In which of a line's accounts a month stands: they are closed at the end of one."""
    return min(years_over(line.fiscal_year, clock.day_of(month)), LONGEST)


def _nothing() -> list[int]:
    return [0] * (LONGEST + 1)
