"""What the totals of a line must be by its book, as the triggers of the migrations add them up."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from grants.budget.models import BookedMonth, BudgetEntry, BudgetLine
from grants.budget.years import CARRIES, years_over
from portal import clock

# the totals of a line, in this order
NAMES = ("appropriated", "committed", "disbursed", "carried", "carried_again", "voted", "allotted")
# and what its cases carried out of its own year's accounts, and of the next year's
OUT = ("carried_out", "carried_out_again")
# money is carried over, and once more by accident: a line stands in three accounts at most
LONGEST = max(CARRIES.values())
# account → (kind, yen) of what was booked for one case in it
Booked = dict[int, list[tuple[str, int]]]

# entry of the book → totals and sign
MOVES = {
    "appropriation": (("appropriated",), 1),
    "reduction": (("appropriated",), -1),
    "commitment": (("committed",), 1),
    "decommitment": (("committed",), -1),
    "disbursement": (("disbursed",), 1),
    "return": (("disbursed",), -1),
    "return_undone": (("committed", "disbursed"), 1),
    "reversal": (("disbursed",), -1),
    "carry_over": (("let_over",), 1),
    "accident": (("let_over",), 1),
    "carry_again": (("let_over_again",), 1),
    "voted": (("voted",), 1),
    "supplement": (("appropriated",), 1),
    "supplement_cut": (("appropriated",), -1),
    "transfer": (("appropriated",), -1),
    "allotment": (("allotted",), 1),
    "allotment_cut": (("allotted",), -1),
}
# what an entry moves on its other line
RECEIVED = {
    "transfer": (("appropriated",), 1),
}


@dataclass
class Totals:
    """Yen, slots or seats that a line holds for one case, or beside all cases."""

    appropriated: int = 0
    committed: int = 0
    disbursed: int = 0
    let_over: int = 0
    let_over_again: int = 0
    voted: int = 0
    allotted: int = 0

    def add(self, kind: str, amount: int) -> None:
        self._move(*MOVES[kind], amount)

    def receive(self, kind: str, amount: int) -> None:
        """Book the other leg of an entry."""
        self._move(*RECEIVED[kind], amount)

    def _move(self, names: tuple[str, ...], sign: int, amount: int) -> None:
        for name in names:
            setattr(self, name, getattr(self, name) + sign * amount)

    @property
    def carried(self) -> int:
        """What is committed no longer is not carried over either, and is again with it."""
        return min(self.let_over, self.committed)

    @property
    def carried_again(self) -> int:
        return min(self.let_over_again, self.carried)

    def usable(self, years: int) -> int:
        """What is carried so far: 1 or 2 years after its own."""
        return {1: self.carried, 2: self.carried_again}.get(years, 0)


def summed(cases: Iterable[Totals]) -> tuple[int, ...]:
    """The totals of a line, in the order of `NAMES`."""
    rows = [
        (
            *(t.appropriated, t.committed, t.disbursed, t.carried, t.carried_again),
            *(t.voted, t.allotted),
        )
        for t in cases
    ]
    return tuple(map(sum, zip(*rows, strict=True))) or (0,) * len(NAMES)


def account_of(year: int, day: date) -> int:
    """In which of the accounts of a line of a year a day stands."""
    return min(years_over(year, day), LONGEST)


def carried_of_case(book: Booked) -> list[int]:
    """Yen that one case carries out of its own year's accounts, and out of the next: what was let over, as
    far as it was promised and not paid when they were closed.
    """
    totals = Totals()
    found: list[int] = []
    for over in range(LONGEST):
        before = totals.disbursed
        for kind, yen in book.get(over, ()):
            totals.add(kind, yen)
        unpaid = totals.committed - totals.disbursed
        ways = [totals.let_over, unpaid]
        if found:
            ways = [totals.let_over_again, found[-1] - (totals.disbursed - before), unpaid]
        found.append(max(min(ways), 0))
    return found


def first_fault() -> str:
    """The first line whose totals or months are not those of its book, as a sentence, or ""."""
    lines = {row.pk: row for row in BudgetLine.objects.order_by("pk")}
    by_book: dict[int, dict[int | None, Totals]] = {}
    letting = BudgetEntry.objects.filter(kind__in=CARRIES).values_list("line", "case")
    books: dict[tuple[int, int | None], Booked] = {key: defaultdict(list) for key in letting}
    months: Counter[tuple[int, int | None, str, date]] = Counter()
    entries = BudgetEntry.objects.values_list("line", "to", "case", "kind", "amount", "booked_at")
    for line, to, case, kind, amount, at in entries.iterator(chunk_size=5000):
        day = clock.day_of(at)
        months[line, to, kind, day.replace(day=1)] += amount
        by_book.setdefault(line, {}).setdefault(case, Totals()).add(kind, amount)
        if to is not None:
            by_book.setdefault(to, {}).setdefault(case, Totals()).receive(kind, amount)
        if (line, case) in books:
            books[line, case][account_of(lines[line].fiscal_year, day)].append((kind, amount))
    out = {pk: [0] * len(OUT) for pk in lines}
    for (pk, _case), book in books.items():
        out[pk] = list(map(sum, zip(out[pk], carried_of_case(book), strict=True)))
    for pk, row in lines.items():
        wanted = (*summed(by_book.get(pk, {}).values()), *out[pk])
        if tuple(getattr(row, name) for name in (*NAMES, *OUT)) != wanted:
            return f"grants_budget.BudgetLine {pk}: its totals are not those of its book"
    kept = {
        (row.line_id, row.to_id, row.kind, row.month): row.amount
        for row in BookedMonth.objects.all()
    }
    for key in kept.keys() | months.keys():
        if kept.get(key) != months.get(key):
            return f"grants_budget.BudgetLine {key[0]}: its months are not those of its book"
    return ""
