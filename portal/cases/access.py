"""Who opens a case."""

from django.shortcuts import get_object_or_404

from portal.cases.models import Case
from portal.types import SignedIn


def case_at(request: SignedIn, number: str) -> Case:
    """The case, or 404: the loader is the permission check."""
    cases = Case.objects.visible_to(request.user).select_related("organisation", "assigned_to")
    return get_object_or_404(cases, number=number)
