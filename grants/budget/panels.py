"""What the page of a call shows of its budget."""

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
    rows = [(line, said(call.stated.frame(line.frame).name)) for line in lines]
    return "grants/budget/panel.html", {"rows": rows}
