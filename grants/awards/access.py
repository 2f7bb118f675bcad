"""Who opens awards and changes, and whom an award brings its case before."""

from django.db.models import Q
from django.shortcuts import get_object_or_404

from grants.awards.changes import ChangeRequest
from grants.awards.models import Award
from portal.accounts.models import StaffRole, User
from portal.cases.models import Case


def award_for(user: User, pk: int) -> Award:
    cases = Case.objects.worked_on_by(user)
    return get_object_or_404(
        Award.objects.select_related("application__call", "case"), pk=pk, case__in=cases
    )


def change_for(user: User, pk: int) -> ChangeRequest:
    cases = Case.objects.worked_on_by(user)
    return get_object_or_404(
        ChangeRequest.objects.select_related("award__application__call", "case"),
        pk=pk,
        case__in=cases,
    )


def awarded(_role: StaffRole) -> Q:
    """Cases with an award, whatever became of it: what is inspected, paid or paid back. Such a case
    carries the sum that was decided (`verify_awards`), so that no list gathers all awards.
    """
    return Q(awarded_amount__isnull=False)
