"""Who opens a completion report."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from grants.awards.models import Award
from grants.completion.models import CompletionReport
from grants.completion.reporting import EVIDENCE
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.cases.models import Case
from portal.cases.numbers import called
from portal.documents.reading import received
from portal.types import SignedIn


def report_for(user: User, pk: int) -> CompletionReport:
    cases = Case.objects.worked_on_by(user)
    return get_object_or_404(
        CompletionReport.objects.select_related("award__application__call", "case__organisation"),
        pk=pk,
        case__in=cases,
    )


def report_at(request: SignedIn, number: str) -> CompletionReport:
    """The report of a case the person may see, or 404."""
    cases = Case.objects.worked_on_by(request.user)
    reports = CompletionReport.objects.select_related(
        "award__application__call", "case__organisation"
    )
    return get_object_or_404(reports, case__number=number, case__in=cases)


def stands(number: str) -> bool:
    cases = Case.objects.filter(called(number))
    return CompletionReport.objects.filter(case__in=cases).exists()


def draft_at(request: SignedIn, number: str) -> CompletionReport:
    """The report, for the applicant's side while it can be written; else 404."""
    report = report_at(request, number)
    if (
        not stands_for_applicant(request.user, report.case)
        or report.state not in CompletionReport.EDITABLE
    ):
        raise Http404
    return report


def report_of(case: Case) -> CompletionReport:
    """That of an award's case, as it is now."""
    reports = CompletionReport.objects.select_related(
        "award__application__call", "case__organisation"
    )
    return reports.get(case=case)


def lies_with_office(award: Award) -> bool:
    """Is the report handed in, and not back with the firm to be corrected?"""
    reports = CompletionReport.objects.filter(award=award)
    return reports.filter(state__in=CompletionReport.HANDED_IN).exists()


def files_received(user: User, _case: Case) -> Q:
    """The office reads the papers that were handed in, not those of what is being written."""
    return received(user, Q(key__startswith=EVIDENCE))
