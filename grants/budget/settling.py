"""決算: what of the money of a fiscal year was paid, was carried into the next one and was not used, by the
day on which its accounts were closed (出納閉鎖); while they are open, so far.

What was carried over is money of the year it was carried into: it stands in that year's 予算現額, is paid
there, and what of it is neither paid nor carried once more is not used there. So each yen is counted once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace

from django.db.models import Q, QuerySet

from grants.budget.adding_up import LONGEST, MOVES, RECEIVED, account_of
from grants.budget.classification import Level
from grants.budget.models import BookedMonth, BudgetLine
from grants.budget.years import is_closed
from grants.programmes.models import Call, said
from portal import clock

PAYING = [kind for kind, (names, _sign) in MOVES.items() if "disbursed" in names]
# kinds of entries by which the planned sum was changed within the year: 補正 and 流用
SUPPLEMENTS, TRANSFERS = ("supplement", "supplement_cut"), ("transfer",)
ADDED_UP = (*PAYING, *SUPPLEMENTS, *TRANSFERS)
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

    # of what was brought into it: needed no longer, as a sum was lowered since
    unneeded: int = 0
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

    Two queries, however many lines.
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


@dataclass(frozen=True)
class Closed:
    """A line as its own year was closed, and what of the money carried on is not needed any more since."""

    account: Account
    unneeded: int

    @property
    def committed(self) -> int:
        """What became of the promises: paid, or carried over."""
        return self.account.paid + self.account.carried


def closed(lines: Iterable[BudgetLine]) -> dict[int, Closed]:
    """Primary key → each line in yen whose year is closed."""
    today = clock.today()
    over = [line for line in lines if line.unit == "yen" and is_closed(line.fiscal_year, today)]
    accounts = accounts_of(over) if over else {}
    return {
        line.pk: Closed(first, sum(later.unneeded for later in rest))
        for line, (first, *rest) in accounts.items()
    }


def total(rows: Iterable[Settled]) -> Account:
    return sum((row.account for row in rows), Account())


def accounts_of(lines: Sequence[BudgetLine]) -> dict[BudgetLine, list[Account]]:
    """Of each line what stands in the accounts of its own year, of the next, and of the one after: from
    what the database adds up by month, and what it keeps of what was carried.
    """
    by_pk = {line.pk: line for line in lines}
    months = BookedMonth.objects.filter(Q(line__in=by_pk) | Q(to__in=by_pk), kind__in=ADDED_UP)
    paid: dict[int, list[int]] = defaultdict(_nothing)
    changed: dict[int, Counter[str]] = defaultdict(Counter)
    for row in months:
        for pk, moves in ((row.line_id, MOVES), (row.to_id, RECEIVED)):
            if pk not in by_pk or row.kind not in moves:
                continue
            signed = moves[row.kind][1] * row.amount
            if row.kind in PAYING:
                paid[pk][account_of(by_pk[pk].fiscal_year, row.month)] += signed
            else:  # all of them are of its own year
                changed[pk]["transferred" if row.kind in TRANSFERS else "supplemented"] += signed
    return {line: _accounts(line, paid[line.pk], changed[line.pk]) for line in lines}


def _accounts(line: BudgetLine, paid: list[int], changed: Mapping[str, int]) -> list[Account]:
    # a change of a limit (債務負担行為) is none of the budget
    planned, moved = (line.voted, {}) if line.debt_id else (line.appropriated, changed)
    carried = [line.carried_out, line.carried_out_again, 0]
    first = Account(
        planned=planned,
        supplemented=moved.get("supplemented", 0),
        transferred=moved.get("transferred", 0),
        paid=paid[0],
        carried=carried[0],
        waiting=carried[0] - sum(paid[1:]),
    )
    found = [first]
    for over in range(1, LONGEST + 1):
        found.append(Account(brought=carried[over - 1], paid=paid[over], carried=carried[over]))
    # in the last account that the money reached
    last = max(over for over in range(1, LONGEST + 1) if over == 1 or carried[over - 1])
    unneeded = max(first.waiting - (line.committed - line.disbursed), 0)
    found[last] = replace(found[last], unneeded=unneeded)
    return found


def _nothing() -> list[int]:
    return [0] * (LONGEST + 1)
