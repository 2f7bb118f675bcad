"""Interest on money that has to come back, as pure functions: surcharge (加算金) and arrears (延滞金).

Whole yen as int; rates as Fraction; one floor, at the end. Sources: 適化法 19条, 施行令 10条, 11条; 国等の債権債務等の金額の端数計算に関する法律.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise


@dataclass(frozen=True)
class Span:
    """A balance in yen and the days it stood."""

    balance: int
    days: int


def interest(spans: Sequence[Span], rate: Fraction) -> int:
    """Yen over the spans at `rate` a year, summed first and floored once (国等の債権債務等の金額の端数計算に関する法律
    2条).
    """
    return int(sum((Fraction(s.balance * s.days) * rate / 365 for s in spans), Fraction(0)))


@dataclass(frozen=True)
class PaidIn:
    """Money that came back: the day and the yen."""

    on: date
    amount: int


def _balances(principal: int, first: date, paid: Sequence[PaidIn], last: date) -> list[Span]:
    """The balance over time, day `first` to day `last`, both counted; a payment counts on its day
    still in full.
    """
    spans, balance, start = [], principal, first
    for row in sorted(paid, key=lambda p: p.on):
        if balance <= 0 or row.on >= last:
            break
        if row.on >= start:
            spans.append(Span(balance, (row.on - start).days + 1))
            start = row.on + timedelta(days=1)
        balance -= row.amount
    if balance > 0 and start <= last:
        spans.append(Span(balance, (last - start).days + 1))
    return spans


def surcharge(
    principal: int,
    received_on: date,
    paid: Sequence[PaidIn],
    until: date,
    *,
    rate: Fraction,
) -> int:
    """加算金, yen: from the day the money was received to the day it came back, both counted (適化法
    19条1項, 施行令 10条).

    What came back in between lowers the balance from the next day on; `until` is the day of the
    last payment, or today.
    """
    return surcharge_on([PaidIn(received_on, principal)], paid, until, rate=rate)


def deemed_parts(instalments: Sequence[PaidIn], principal: int, *, before: int = 0) -> list[PaidIn]:
    """Which instalments `principal` yen are deemed to be of: the last first, going back (適化法施行令
    10条1項).

    `instalments`: what was paid out, by day; `before`: yen that earlier orders took already. Raises
    ValueError for more than was paid.
    """
    found, skip, left = [], before, principal
    for row in sorted(instalments, key=lambda p: p.on, reverse=True):
        free = max(row.amount - skip, 0)
        skip = max(skip - row.amount, 0)
        part = min(free, left)
        if part:
            found.append(PaidIn(row.on, part))
        left -= part
    if left:
        raise ValueError("more than was paid out cannot be ordered back")
    return found


def surcharge_on(
    parts: Sequence[PaidIn], paid: Sequence[PaidIn], until: date, *, rate: Fraction
) -> int:
    """加算金, yen, where the principal is of several instalments; what comes back is of the last
    instalment first.
    """
    spans: list[Span] = []
    rows = sorted(paid, key=lambda p: p.on)
    free = [row.amount for row in rows]  # of each payment in, what no part has taken yet
    for part in sorted(parts, key=lambda p: p.on, reverse=True):
        own, left = [], part.amount
        for n, row in enumerate(rows):
            taken = min(free[n], left)
            if taken:
                own.append(PaidIn(row.on, taken))
            free[n], left = free[n] - taken, left - taken
        spans += _balances(part.amount, part.on, own, until)
    return interest(spans, rate)


@dataclass(frozen=True)
class Plan:
    """What is due when, from a day on: `parts` of (day, yen), after `before` yen that had come back
    when it was made.
    """

    since: date
    parts: tuple[PaidIn, ...]
    before: int = 0

    def with_last(self, more: int) -> "Plan":
        """The same, with `more` yen due on the day of its last part."""
        last = self.parts[-1]
        return replace(self, parts=(*self.parts[:-1], PaidIn(last.on, last.amount + more)))

    def due_before(self, day: date) -> int:
        """Yen that should have come back before a day, all counted."""
        return self.before + sum(part.amount for part in self.parts if part.on < day)


def arrears_on(
    plans: Sequence[Plan],
    paid: Sequence[PaidIn],
    until: date,
    *,
    rate: Fraction,
    unit: int = 1,
    least: int = 0,
) -> int:
    """延滞金, yen, where what is due was set anew by later plans (履行延期の特約): on each day, of what was
    due before it by the plan in force and had not come back, in whole `unit` yen; below `least` none.

    What accrued before a plan stays owed. A payment counts on its day still in full.
    """
    after = timedelta(days=1)
    marks = {row.on + after for row in paid} | {plan.since for plan in plans}
    marks |= {part.on + after for plan in plans for part in plan.parts}
    starts = sorted(day for day in marks if day <= until)
    spans = []
    for start, end in pairwise([*starts, until + after]):
        plan = [plan for plan in plans if plan.since <= start][-1:]
        back = sum(row.amount for row in paid if row.on < start)
        owed = max(plan[0].due_before(start) - back, 0) if plan else 0
        spans.append(Span(owed - owed % unit, (end - start).days))
    found = interest(spans, rate)
    return found if found >= least else 0


def arrears(
    principal: int,
    due_on: date,
    paid: Sequence[PaidIn],
    until: date,
    *,
    rate: Fraction,
    unit: int = 1,
    least: int = 0,
) -> int:
    """延滞金, yen: from the day after the due date to the day of payment (適化法 19条2項, 施行令 11条); below
    `least` none.
    """
    plan = Plan(date.min, (PaidIn(due_on, principal),))
    return arrears_on([plan], paid, until, rate=rate, unit=unit, least=least)
