"""Who opens a recovery."""

from django.shortcuts import get_object_or_404

from grants.recovery.models import Recovery
from portal.accounts.models import User
from portal.cases.models import Case


def recovery_for(user: User, pk: int) -> Recovery:
    cases = Case.objects.worked_on_by(user)
    return get_object_or_404(
        Recovery.objects.select_related("award__application__call", "case__organisation"),
        pk=pk,
        case__in=cases,
    )
