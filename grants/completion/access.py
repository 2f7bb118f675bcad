"""Who opens a completion report."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from grants.awards.models import Award
from grants.completion.models import CompletionReport
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.cases.models import Case
from portal.types import SignedIn
from portal.ui.over import Over


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


def draft_at(request: SignedIn, number: str) -> CompletionReport:
    """The report, for the applicant's side alone. Raises Over once it is handed in."""
    report = report_at(request, number)
    if not stands_for_applicant(request.user, report.case):
        raise Http404
    if report.state not in CompletionReport.EDITABLE:
        raise Over(
            _("実績報告は、すでに提出しています。ここでは書き換えられません。"),
            report.case.get_absolute_url(),
        )
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
