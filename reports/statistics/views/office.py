"""The desk where releases are drafted and approved."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _lazy

from portal import clock, fiscal
from portal.types import SignedIn
from portal.ui.limits import PAPERS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.door import actions
from portal.workflow.papers import answer
from portal.workflow.writing import write
from reports.statistics.models import Release
from reports.statistics.page import releases
from reports.statistics.page.forms import DraftForm
from reports.statistics.paper import annual
from reports.statistics.releasing import drafting
from reports.statistics.views import public


@staff(*Release.READERS)
def desk(request: SignedIn) -> HttpResponse:
    """All releases, drafts too, and the form that drafts the next one."""
    form = DraftForm(
        request.POST or None, initial={"fiscal_year": str(fiscal.fiscal_year(clock.today()))}
    )
    may = request.user.has_role("programme_officer")
    context = {
        "page": page_of(request, Release.objects.select_related("drafted_by"), 30),
        "may": may,
    }
    return write(
        request,
        form,
        lambda data: drafting.draft(data["fiscal_year"], by=request.user, note=data["note"]),
        template="reports/statistics/desk.html",
        context=context,
        done=_lazy("統計の案を作り始めました。できあがるまで、このページで待てます。"),
    )


@staff(*Release.READERS)
def page(request: SignedIn, number: str) -> HttpResponse:
    """One release as the office sees it: still being built, to be approved, or published."""
    release = get_object_or_404(Release.objects.select_related("drafted_by"), number=number)
    return render(
        request,
        "reports/statistics/staff_release.html",
        releases.told(release, to_office=True) | {"actions": actions(request.user, release)},
    )


def built(number: str) -> Release:
    """A release whose figures are there, published or not; 404 else."""
    return get_object_or_404(Release.objects.exclude(as_of=None), number=number)


@staff(*Release.READERS)
def preview(request: SignedIn, number: str) -> HttpResponse:
    """The dashboard as the public would see it: what an approver approves."""
    return public.shown(request, built(number), is_preview=True)


@staff(*Release.READERS)
@limited(PAPERS)
def report(request: SignedIn, number: str) -> HttpResponse:
    """The report for the council of a release that need not be published yet."""
    release = built(number)
    name = f"{number}-report.pdf"
    return answer(request, "annual_report", release, lambda: annual.pdf(release), name=name)
