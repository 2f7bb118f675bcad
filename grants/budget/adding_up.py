"""What the totals of a line must be by its book, as the triggers of the migrations add them up."""

from collections.abc import Iterable
from dataclasses import dataclass

from grants.budget.models import BudgetEntry, BudgetLine

# the totals of a line, in this order
NAMES = ("appropriated", "committed", "disbursed", "carried", "carried_again", "voted", "allotted")

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


def first_fault() -> str:
    """The first line whose totals are not those of its book, as a sentence, or ""."""
    by_book: dict[int, dict[int | None, Totals]] = {}
    entries = BudgetEntry.objects.values_list("line", "to", "case", "kind", "amount")
    for line, to, case, kind, amount in entries.iterator(chunk_size=5000):
        by_book.setdefault(line, {}).setdefault(case, Totals()).add(kind, amount)
        if to is not None:
            by_book.setdefault(to, {}).setdefault(case, Totals()).receive(kind, amount)
    for row in BudgetLine.objects.order_by("pk"):
        stored = tuple(getattr(row, name) for name in NAMES)
        if stored != summed(by_book.get(row.pk, {}).values()):
            return f"grants_budget.BudgetLine {row.pk}: its totals are not those of its book"
    return ""
