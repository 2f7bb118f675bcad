"""Who opens a notice."""

from django.shortcuts import get_object_or_404

from portal.accounts.models import User
from portal.cases.models import Case
from portal.notices.models import Notice


def notice_for(user: User, pk: int) -> Notice:
    """A notice of a case the person may see, for the applicant's side and who works on the case;
    else 404.
    """
    cases = Case.objects.worked_on_by(user)
    return get_object_or_404(Notice.objects.select_related("case", "file"), pk=pk, case__in=cases)
