"""Who opens a recovery."""

from django.shortcuts import get_object_or_404

from grants.recovery.models import MoneyIn, Recovery
from portal.accounts.models import User
from portal.cases.models import Case


def recovery_for(user: User, pk: int) -> Recovery:
    cases = Case.objects.worked_on_by(user)
    return get_object_or_404(
        Recovery.objects.select_related("award__application__call", "case__organisation"),
        pk=pk,
        case__in=cases,
    )


def receipt_for(user: User, pk: int) -> MoneyIn:
    rows = MoneyIn.objects.select_related(
        "recovery__award__application__call", "recovery__case__organisation", "doubted_by"
    )
    return get_object_or_404(rows, pk=pk, recovery__case__in=Case.objects.worked_on_by(user))
