"""Who opens a notice."""

from collections.abc import Iterable

from django.http import Http404
from django.shortcuts import get_object_or_404

from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case
from portal.notices.models import Notice
from portal.workflow.ports import notice_kinds


def notice_for(user: User, pk: int) -> Notice:
    """A notice of a case the person may see, for the applicant's side and who works on the case;
    else 404.
    """
    cases = Case.objects.worked_on_by(user)
    rows = Notice.objects.select_related("case", "file")
    notice = get_object_or_404(rows, pk=pk, case__in=cases)
    if not open_to(user, notice.case, [notice]):
        raise Http404
    return notice


def open_to(user: User, case: Case, notices: Iterable[Notice]) -> list[Notice]:
    """Of the notices of a case, those that tell of no matter closed to the person, who works on it."""
    closed = visibility.closed_to(user, case)
    return [notice for notice in notices if notice_kinds[notice.kind].matter not in closed]
