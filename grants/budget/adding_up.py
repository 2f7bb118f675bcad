"""What the totals of a line must be by its book, as the triggers of migrations 0009 and 0012 add them up."""

from dataclasses import dataclass

from grants.budget.models import BudgetEntry, BudgetLine

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
    "carry_over": (("carried",), 1),
    "supplement": (("appropriated",), 1),
    "supplement_cut": (("appropriated",), -1),
    "transfer": (("appropriated",), -1),
}
# what an entry moves on its other line
RECEIVED = {
    "transfer": (("appropriated",), 1),
}


@dataclass
class Totals:
    """Yen, slots or seats of one line."""

    appropriated: int = 0
    committed: int = 0
    disbursed: int = 0
    carried: int = 0

    def add(self, kind: str, amount: int) -> None:
        """Book one entry: what is no longer committed is no longer carried over either."""
        self._move(*MOVES[kind], amount)
        if kind == "decommitment":
            self.carried = min(self.carried, self.committed)

    def receive(self, kind: str, amount: int) -> None:
        """Book the other leg of an entry."""
        self._move(*RECEIVED[kind], amount)

    def _move(self, names: tuple[str, ...], sign: int, amount: int) -> None:
        for name in names:
            setattr(self, name, getattr(self, name) + sign * amount)


def first_fault() -> str:
    """The first line whose totals are not those of its book, as a sentence, or ""."""
    by_book: dict[int, Totals] = {}
    entries = BudgetEntry.objects.order_by("pk").values_list("line", "to", "kind", "amount")
    for line, to, kind, amount in entries.iterator(chunk_size=5000):
        by_book.setdefault(line, Totals()).add(kind, amount)
        if to is not None:
            by_book.setdefault(to, Totals()).receive(kind, amount)
    for row in BudgetLine.objects.order_by("pk"):
        stored = Totals(row.appropriated, row.committed, row.disbursed, row.carried)
        if stored != by_book.get(row.pk, Totals()):
            return f"grants_budget.BudgetLine {row.pk}: its totals are not those of its book"
    return ""
