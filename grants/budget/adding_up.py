"""What the totals of a line must be by its book, as the trigger of migration 0009 adds them up."""

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
        names, sign = MOVES[kind]
        for name in names:
            setattr(self, name, getattr(self, name) + sign * amount)
        if kind == "decommitment":
            self.carried = min(self.carried, self.committed)


def first_fault() -> str:
    """The first line whose totals are not those of its book, as a sentence, or ""."""
    by_book: dict[int, Totals] = {}
    entries = BudgetEntry.objects.order_by("pk").values_list("line", "kind", "amount")
    for line, kind, amount in entries.iterator(chunk_size=5000):
        by_book.setdefault(line, Totals()).add(kind, amount)
    for row in BudgetLine.objects.order_by("pk"):
        stored = Totals(row.appropriated, row.committed, row.disbursed, row.carried)
        if stored != by_book.get(row.pk, Totals()):
            return f"grants_budget.BudgetLine {row.pk}: its totals are not those of its book"
    return ""
