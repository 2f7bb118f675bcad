"""Who opens a filing."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from grants.followup.models import FILE_KEY, Filing
from grants.followup.states import FilingState
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.cases.models import Case
from portal.documents.reading import received
from portal.types import SignedIn


def filing_for(user: User, pk: int) -> Filing:
    cases = Case.objects.worked_on_by(user)
    rows = Filing.objects.select_related(
        "award__application__call", "award__completion_report", "case__organisation", "asset"
    )
    filing = get_object_or_404(rows, pk=pk, case__in=cases)
    if filing.state == FilingState.DRAFT and not stands_for_applicant(user, filing.case):
        raise Http404
    return filing


def filing_at(request: SignedIn, number: str, pk: int) -> Filing:
    """The filing of a case the person may see, or 404."""
    filing = filing_for(request.user, pk)
    if filing.case.number != number:
        raise Http404
    return filing


def draft_at(request: SignedIn, number: str, pk: int) -> Filing:
    """The filing, for the applicant's side while it can be written; else 404."""
    filing = filing_at(request, number, pk)
    if not stands_for_applicant(request.user, filing.case) or filing.state not in Filing.EDITABLE:
        raise Http404
    return filing


def files_received(user: User, _case: Case) -> Q:
    """The office reads the papers that were handed in, not those of what is being written."""
    return received(user, Q(key__startswith=FILE_KEY))
