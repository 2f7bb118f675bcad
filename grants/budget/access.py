"""Who reads which lines of the budget."""

from django.db.models import Q, QuerySet

from grants.budget.models import CHANGERS, BudgetLine
from grants.budget.panels import READERS
from grants.programmes.models import Call
from portal.accounts.models import StaffRole, User
from portal.accounts.permissions import any_of


def lines_kept(user: User) -> QuerySet[BudgetLine]:
    """The lines that somebody may change: of the municipalities whose money they keep."""
    held = [role for role in user.roles() if role.role in CHANGERS and not role.assigned_only]
    return BudgetLine.objects.filter(any_of([_kept(role) for role in held])).select_related(
        "call__programme", "debt"
    )


def _kept(role: StaffRole) -> Q:
    found = Q(pk__isnull=False)
    if role.programme_code:
        found &= Q(call__programme__code=role.programme_code)
    if role.municipality_id:
        found &= Q(call__municipality_codes__0=role.municipality_id)
    return found


def lines_for(user: User, *roles: str) -> QuerySet[BudgetLine]:
    """The lines of the calls that somebody reads as one of the `roles`, else of the `READERS`."""
    within = Call.objects.within(user, *(roles or READERS))
    return BudgetLine.objects.filter(call__in=within).select_related("call__programme", "debt")
