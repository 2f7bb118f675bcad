"""The applicant's pages of a draft: task list, check your answers, submit, and what was handed in."""

import uuid
from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import (
    answers,
    calculation,
    correcting,
    discarding,
    drafts,
    ending,
    forms,
    late_papers,
    officer_list,
    printing,
    rules,
    sharing,
    starting,
    submit,
)
from grants.applications.access import draft_at
from grants.applications.check_ledger import typed_officers
from grants.applications.draft_frame import frame, writes_draft
from grants.applications.freezing import frozen_content
from grants.applications.models import Application
from grants.applications.ports import draw_application
from grants.applications.start_forms import DiscardForm
from grants.applications.states import ApplicationState
from grants.programmes import points
from portal import jptext
from portal.accounts.factors import are_shown, to_hand_in_once
from portal.accounts.keeping import keeps
from portal.accounts.permissions import Applicant, Writer
from portal.accounts.unproved import kept_from_people
from portal.documents.models import Document
from portal.types import SignedIn
from portal.ui.limits import HAND_INS, PAPERS, limited
from portal.workflow import papers
from portal.workflow.access import signed_in
from portal.workflow.writing import Tried, trying, write


@writes_draft
def tasklist(request: SignedIn, application: Application) -> HttpResponse:
    tasks = correcting.tasks(application)
    done = sum(task.is_done for task in tasks)
    last = application.sections.order_by("-saved_at").select_related("saved_by").first()
    firm = application.case.organisation
    members = firm.memberships.filter(left_at=None).select_related("user")
    is_kept = kept_from_people(application.case)
    context = {
        **frame(application),
        "tasks": tasks,
        "taken": starting.taken(application),
        "done": done,
        "left": len(tasks) - done,
        "bar": 200 * done // len(tasks),
        "last": last,
        "people": {} if is_kept else sharing.people_of(application),
        "unproved_holders": len(members) if is_kept else 0,
        "keeps_firm": request.user.is_office and keeps(request.user, firm),
        "remarks": correcting.remarks(application)
        if application.state == ApplicationState.RETURNED
        else [],
        "may_submit": not Applicant(submitting=True).reasons(request.user, application),
        "may_discard": application.state == ApplicationState.DRAFT
        and not Writer().reasons(request.user, application),
        "withdraw": "withdraw" if application.state == ApplicationState.RETURNED else "",
        "ends_after": ending.ends_after(application),
    }
    return render(request, "grants/applications/tasklist.html", context)


@writes_draft
def discard(request: SignedIn, application: Application) -> HttpResponse:
    """Throw a draft away, after a look at what goes with it. What was handed in is withdrawn
    instead.
    """
    if application.state != ApplicationState.DRAFT:
        raise Http404
    seen = jptext.whole(request.POST.get("seen"), -1)
    return write(
        request,
        DiscardForm(request.POST or None),
        lambda _data: discarding.discard(application, by=request.user, seen=seen),
        template="grants/applications/discard.html",
        context=lambda: {
            **frame(application),
            "sections": [
                str(drafts.title_of(application, s.key)) for s in application.sections.all()
            ],
            "documents": Document.objects.sent().filter(case=application.case).count(),
        },
        done=_("下書きを消しました。"),
        then="my_cases",
    )


AWAY = _lazy(
    "いま書類の保管庫につながりません。提出の操作の時刻は記録しました。数分後にもう一度お試しください。"
)


def _is_sworn(request: SignedIn, application: Application) -> bool:
    return forms.PledgeForm(request.POST, application=application).is_valid()


@writes_draft
@to_hand_in_once(_is_sworn)
@limited(HAND_INS)
def review(request: SignedIn, application: Application) -> HttpResponse:
    """Check your answers, pledge, submit: exactly what this page showed, or it is shown anew."""
    now = drafts.draft_hash(application)  # taken before anything is read for the page
    seen, tried = request.POST.get("seen", now), Tried()
    tasks = correcting.tasks(application)
    unfinished = [task for task in tasks[:-1] if not task.is_done]
    refusals = (
        Applicant(submitting=True).reasons(request.user, application)
        if not request.user.is_office
        else []
    )
    form = forms.PledgeForm(request.POST or None, application=application)
    if request.method == "POST":
        tried = Tried(status=422)
    if form.is_valid() and not refusals:
        with trying(away=AWAY) as tried:
            key = request.POST.get("form_key", "")[:64]
            submit.submit(application, by=request.user, key=key, seen=request.POST.get("seen", ""))
        if tried.is_done:
            return redirect("application_done", number=application.case.number)
        if tried.status == 409:
            seen = drafts.draft_hash(application)
            form = forms.PledgeForm(application=application)  # what is new is sworn anew
    content = (
        {}
        if unfinished
        else frozen_content(
            application,
            correcting.live_documents(application),
        )
    )
    files = correcting.live_documents(application)
    parts = answers.parts(application, content, files) if content else []
    taken = starting.taken(application)
    context = {
        **frame(application),
        **correcting.to_review(application, content),
        "unfinished": unfinished,
        **calculation.quotes_to_look_over(application),
        "refusals": refusals,
        "form": form,
        "asks_proof": not are_shown(request, hands_in=True),
        "points": points.of(application.call, application.stated),
        "reasons": tried.reasons,
        "sections": [
            (key, drafts.title_of(application, key), list(rows), key in taken)
            for key, rows in groupby(parts, key=lambda row: rules.section_of(row["part"]))
        ],
        "officers": typed_officers(application),
        "officers_title": officer_list.title(application),
        "waiting": [document for document in files if document.file.is_being_checked],
        "seen": seen,
        "form_key": request.POST.get("form_key") or uuid.uuid4().hex,
    }
    return render(request, "grants/applications/review.html", context, status=tried.status)


@signed_in
def done(request: SignedIn, number: str) -> HttpResponse:
    """The completion page: number, receipt, what happens next."""
    application = draft_at(request, number)
    if application.state == ApplicationState.DRAFT:
        return redirect("application_tasks", number=number)
    version = application.last_version
    files = correcting.live_documents(application)
    context = {
        **frame(application),
        "receipt": application.case.notices.filter(kind="receipt").first(),
        "late": [row for row in late_papers.open_ones(application) if row.is_awaited],
        "late_open": True,
        "parts": answers.parts(application, version.content, files) if version else [],
    }
    return render(request, "grants/applications/done.html", context)


@signed_in
@limited(PAPERS)
def printed(request: SignedIn, number: str) -> HttpResponse:
    """The application as a PDF: as it is typed, marked so, and once it is handed in as it was."""
    application = draft_at(request, number)
    version = application.last_version
    if application.state != ApplicationState.DRAFT and (version is None or not version.content):
        raise Http404
    return papers.answer(
        request,
        "application",
        application,
        lambda: draw_application.value(printing.paper(application, request.user)),
        name=f"{application.case.number}.pdf",
    )
