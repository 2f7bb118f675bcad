"""What follows an application that was handed in: the firm hands it in, or an officer does not ask for it any
more.
"""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications import late_papers as late
from grants.applications.access import application_at, draft_at
from grants.applications.check_forms import SetAsideForm
from grants.applications.late_forms import MoveForm
from grants.applications.models import Application
from grants.applications.versions import LatePaper
from grants.programmes.models import said
from portal.accounts.permissions import Applicant
from portal.documents import direct, intake, kinds
from portal.documents.models import Document
from portal.types import SignedIn
from portal.workflow.access import signed_in, staff
from portal.workflow.writing import send


@signed_in
def late_papers(request: SignedIn, number: str) -> HttpResponse:
    """Hand in what was promised."""
    application = draft_at(request, number)
    papers = late.open_ones(application)
    if not papers:
        return redirect(application.case)
    if not request.user.is_office and Applicant().reasons(request.user, application):
        raise Http404
    # what is sent here is handed in, as the application was
    refusals = (
        Applicant(submitting=True).reasons(request.user, application)
        if not request.user.is_office
        else []
    )
    errors: dict[str, str] = {}
    if request.method == "POST" and not refusals:
        key = request.POST.get("key", "")
        if key not in {paper.key for paper in papers}:
            raise Http404
        error, is_awaited = _hand_in(request, application, key)
        if error:
            errors[key] = error
        elif is_awaited:
            intake.say_arrived(request)
            return redirect(f"{request.path}#doc-{key}")
        else:
            messages.error(
                request, _("この書類は、もう待っていません。ファイルは受け取っていません。")
            )
            return redirect(application.case)
    files = Document.objects.sent().filter(case=application.case, internal=False)
    have: dict[str, list[Document]] = {}
    for file in files.filter(frozen=True).select_related("file", "uploaded_by"):
        have.setdefault(file.key, []).append(file)
    hints = {doc.key: doc.hint for doc in application.stated.documents if doc.hint}
    context = {
        "case": application.case,
        "refusals": refusals,
        "rows": [
            {
                "key": paper.key,
                "name": paper.name,
                "hint": said(hints[paper.key]) if paper.key in hints else "",
                "required": True,
                "files": have.get(paper.key, []),
                "error": errors.get(paper.key),
                "beside": "grants/applications/late_day.html",
                "paper": paper,
                "move": MoveForm(paper=paper)
                if late.may_move(paper) and not request.user.is_office and not refusals
                else None,
            }
            for paper in papers
        ],
        "errors": errors,
        "types": kinds.TYPES,
        "accepted": kinds.ACCEPTED,
        "direct": direct.is_offered(),
        "limit": settings.UPLOAD_MAX_BYTES // 1048576,
        "office": said(application.stated.office),
        "phone": application.stated.phone,
    }
    return render(
        request,
        "grants/applications/late_papers.html",
        context,
        status=403 if refusals and request.method == "POST" else intake.status_of(errors.values()),
    )


def _hand_in(request: SignedIn, application: Application, key: str) -> tuple[str, bool]:
    """(why its files were not taken, whether they were awaited)."""
    awaited: list[bool] = []

    def receive(sent: list[Document]) -> None:
        awaited.append(late.receive(application, key, sent, by=request.user))

    error = intake.told(
        request,
        application.case,
        lambda: intake.take_in(request, application.case, key, then=receive),
    )
    return error, any(awaited)


@require_POST
@signed_in
def move(request: SignedIn, number: str, key: str) -> HttpResponse:
    """A later day, once, with a word to the office."""
    application = draft_at(request, number)
    if Applicant(submitting=True).reasons(request.user, application):
        raise Http404
    paper = get_object_or_404(LatePaper, application=application, key=key)
    return send(
        request,
        MoveForm(request.POST, paper=paper),
        lambda given: late.move(paper, given["until"], given["because"], by=request.user),
        title=_("この書類の日を後にする"),
        about=application.case,
        back=reverse("late_papers", args=[number]),
        done=_("書類の日を後にし、担当に伝えました。"),
    )


@require_POST
@staff("programme_officer")
def set_aside(request: SignedIn, number: str, key: str) -> HttpResponse:
    """The application goes on without it, with a reason."""
    application = application_at(request, number)
    paper = get_object_or_404(LatePaper, application=application, key=key)
    return send(
        request,
        SetAsideForm(request.POST),
        lambda given: late.set_aside(paper, by=request.user, reason=given["reason"]),
        title=_("この書類を求めない"),
        about=application.case,
        back=f"{application.case.get_absolute_url()}#ledger",
        done=_("この書類は求めないことにし、理由を記録しました。"),
    )
