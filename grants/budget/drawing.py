"""What the rows of one draft take of the budget together, line by line."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _lazy

from grants.budget.models import BudgetLine, lines_of
from grants.programmes.models import Call
from portal.approvals.ports import Draw

UNITS = {"yen": _lazy("円"), "slots": _lazy("件"), "seats": _lazy("席")}


def drawn(rows: Iterable[tuple[Call, str, int, int]]) -> list[Draw]:
    """Of rows of (call, frame, amount in yen or seats, places): each line with what is left of it
    now and what they need together; less than 0 is given back.
    """
    lines: dict[int, BudgetLine] = {}
    needs: dict[int, int] = {}
    for call, frame, amount, places in rows:
        for line in lines_of(call, frame):
            lines[line.pk] = line
            need = places if line.unit == "slots" else amount
            needs[line.pk] = needs.get(line.pk, 0) + need
    return [
        Draw(
            line=named(line),
            left=line.available,
            need=needs[line.pk],
            unit=UNITS[line.unit],
        )
        for line in sorted(lines.values(), key=lambda line: line.unit != "yen")
    ]


def named(line: BudgetLine) -> str:
    """A line in words, with its codes."""
    return f"{line}　（{line.codes_said}）" if line.is_classified else str(line)
