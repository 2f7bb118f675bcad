"""The administrator's page of work that has failed for good."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.types import SignedIn
from portal.ui.paging import page_of
from portal.workflow import failed
from portal.workflow.access import staff
from portal.workflow.writing import press


@staff("administrator")
def failed_jobs(request: SignedIn) -> HttpResponse:
    page = page_of(request, failed.jobs())
    context = {"page": page, "rows": [(job, failed.left(job)) for job in page]}
    return render(request, "portal/workflow/desk.html", context)


@require_POST
@staff("administrator")
def failed_job_again(request: SignedIn, pk: int) -> HttpResponse:
    """What comes by the clock has no such button: its next turn does it."""
    job = get_object_or_404(failed.jobs(), pk=pk, queueing_lock=None)
    return press(
        request,
        lambda: failed.once_more(job, by=request.user),
        back="failed_jobs",
        done=_("もう一度行います。うまくいけば、この一覧から消えたままになります。"),
    )
