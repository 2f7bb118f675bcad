"""Who opens a case."""

from django.shortcuts import get_object_or_404

from portal.cases import visibility
from portal.cases.models import Case
from portal.types import SignedIn

LOOKERS = (*visibility.WORKERS, "reviewer")  # roles of the office that cases are brought before


def case_at(request: SignedIn, number: str) -> Case:
    """The case, or 404: the loader is the permission check."""
    cases = Case.objects.visible_to(request.user).select_related("organisation", "assigned_to")
    return get_object_or_404(cases, number=number)
