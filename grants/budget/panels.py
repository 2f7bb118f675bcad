"""What the page of a call shows of its budget."""

from collections.abc import Iterable

from grants.budget import settling
from grants.budget.models import BudgetLine
from grants.programmes.models import Call, said
from portal.accounts.models import User
from portal.accounts.permissions import covers
from portal.types import Context

READERS = ("programme_officer", "approver", "finance_officer", "accounting_officer", "auditor")


def of_call(call: Call, user: User) -> tuple[str, Context] | None:
    """The lines of the call, for whoever reads its budget."""
    if not covers(user, call, *READERS):
        return None
    lines = BudgetLine.objects.filter(call=call)
    return "grants/budget/panel.html", {"rows": rows_of(lines)}


def rows_of(lines: Iterable[BudgetLine]) -> list[tuple[BudgetLine, str, settling.Closed | None]]:
    """(line, name of its frame, how it was closed once its year is)."""
    listed = list(lines)
    closed = settling.closed(listed)
    return [
        (line, said(line.call.stated.frame(line.frame).name), closed.get(line.pk))
        for line in listed
    ]
