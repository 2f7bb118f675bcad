"""The pages of whoever writes a submission anew: what that means before it is begun, and how it is ended
without handing anything in.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.applications import amending, comparing, officer_list
from grants.applications.access import draft_at
from grants.applications.correcting import live_documents
from grants.applications.draft_frame import frame, writes_draft
from grants.applications.freezing import readable_content
from grants.applications.models import Application
from portal.accounts.permissions import Applicant
from portal.types import SignedIn
from portal.ui.limits import AMENDMENTS, limited
from portal.workflow.access import signed_in
from portal.workflow.door import perform
from portal.workflow.writing import press


@signed_in
@limited(AMENDMENTS)
def amend(request: SignedIn, number: str) -> HttpResponse:
    """What it means, said before the first word is changed."""
    application = draft_at(request, number)
    tasks = reverse("application_tasks", args=[number])
    if application.is_editable:
        return redirect(tasks)
    if request.method == "POST":
        return press(
            request,
            lambda: perform(application, "begin_amending", by=request.user),
            back=reverse("application_amend", args=[number]),
            then=tasks,
        )
    refusals = Applicant().reasons(request.user, application) or amending.refusals(application)
    context = {**frame(application), "refusals": refusals}
    return render(request, "grants/applications/amend.html", context)


@writes_draft
def amend_stop(request: SignedIn, application: Application) -> HttpResponse:
    """Throw away what was written anew, after a look at what goes."""
    if not application.is_amending:
        raise Http404
    if request.method == "POST":
        return press(
            request,
            lambda: perform(application, "stop_amending", by=request.user),
            back=application.case,
            done=_("直すのをやめました。提出した内容のままです。"),
        )
    content, unread = readable_content(application, live_documents(application))
    last = application.last_version
    changes = comparing.differences(application, last.content, content) if last else []
    changes += officer_list.change(application)
    context = {**frame(application), "changes": changes, "unread": bool(unread)}
    return render(request, "grants/applications/amend_stop.html", context)
