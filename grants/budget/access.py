"""Who reads which lines of the budget."""

from django.db.models import QuerySet

from grants.budget.models import BudgetLine
from grants.budget.panels import READERS
from grants.programmes.models import Call
from portal.accounts.models import User


def lines_for(user: User, *roles: str) -> QuerySet[BudgetLine]:
    """The lines of the calls that somebody reads as one of the `roles`, else of the `READERS`."""
    within = Call.objects.within(user, *(roles or READERS))
    return BudgetLine.objects.filter(call__in=within).select_related("call__programme", "debt")
