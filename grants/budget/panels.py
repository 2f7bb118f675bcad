"""What the page of a call shows of its budget."""

from typing import Any

from grants.budget.models import BudgetLine
from grants.programmes.models import Call, said


def of_call(call: Call, _user: Any) -> tuple[str, dict[str, Any]]:
    lines = BudgetLine.objects.filter(call=call)
    rows = [(line, said(call.stated.frame(line.frame).name)) for line in lines]
    return "grants/budget/panel.html", {"rows": rows}
