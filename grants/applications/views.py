"""The applicant's pages: start, task list, sections, documents, check your answers, submit."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import (
    answers,
    calculation,
    correcting,
    discarding,
    drafts,
    forms,
    late_papers,
    printing,
    sharing,
    submit,
    words_by_kind,
)
from grants.applications.access import draft_at
from grants.applications.draft_frame import frame, writes_draft
from grants.applications.freezing import frozen_content
from grants.applications.models import Application
from grants.applications.ports import draw_application
from grants.applications.start_forms import DiscardForm, StartForm
from grants.applications.states import ApplicationState
from grants.programmes.models import Call
from grants.programmes.views import public_call
from portal import clock, days, jptext
from portal.accounts.factors import to_hand_in
from portal.accounts.keeping import keeps
from portal.accounts.models import Organisation, User, in_force
from portal.accounts.permissions import Applicant, Writer
from portal.accounts.unproved import kept_from_people
from portal.cases.models import Case
from portal.documents.models import Document
from portal.types import SignedIn
from portal.ui.limits import DRAFTS, HAND_INS, PAPERS, limited
from portal.workflow import papers
from portal.workflow.access import signed_in
from portal.workflow.door import begin
from portal.workflow.sent_forms import NotDone
from portal.workflow.writing import Tried, trying, write


@signed_in
@limited(DRAFTS)
def start(request: SignedIn, code: str) -> HttpResponse:
    """Begin an application, or go on with the one there is.

    The organisation is chosen here, and an earlier application to copy.
    """
    call = public_call(code)
    if request.user.is_office or not call.stated.listed:
        raise Http404
    organisations = Organisation.objects.filter(pk__in=acting_for(request.user, call))
    if not organisations.exists():
        request.session["apply_to"] = code
        return NotDone(resolve_url("organisation_new"))
    earlier = (
        Application.objects.filter(
            case__in=Case.objects.visible_to(request.user), case__organisation__in=organisations
        )
        .exclude(state=ApplicationState.DRAFT)
        .select_related("case__organisation")
    )
    form = StartForm(request.POST or None, organisations=organisations, earlier=earlier)
    tried = Tried(status=422 if form.errors else 200)
    if request.method == "POST" and form.is_valid():
        organisation = form.cleaned_data["organisation"]
        live = call.applications.live().filter(case__organisation=organisation)
        there = live.filter(case__in=Case.objects.visible_to(request.user)).first()
        if there:
            messages.info(request, _already_there(there, request.user))
            return redirect(there.case)
        with trying() as tried:
            begun = _begin(request, call, form)
            request.session.pop("apply_to", None)
            return redirect(begun.case)
    context = {
        "call": call,
        "form": form,
        "reasons": tried.reasons,
        "words": words_by_kind.OF_KIND[call.stated.kind],
        "unproved": organisations.filter(proved_how="").exists(),
    }
    return render(
        request,
        "grants/applications/start.html",
        context,
        status=tried.status,
    )


def _already_there(there: Application, user: User) -> str:
    """Why one stands in front of an application that one did not begin now."""
    if there.state != ApplicationState.DRAFT:
        return _("この公募には、もう申請しています。その申請を開きました。")
    day = days.day_said(clock.day_of(there.case.opened_at))
    last = there.sections.order_by("-saved_at").select_related("saved_by").first()
    who = last.saved_by if last is not None else None
    if who is None or who == user or who.is_office or kept_from_people(there.case):
        return _("%(day)sに始めた書きかけを開きました。続きから書けます。") % {"day": day}
    said = {"who": who.name or who.email, "day": day}
    return (
        _(
            "%(day)sに始めた書きかけを開きました。最後に書いたのは%(who)sさんです。続きから書けます。"
        )
        % said
    )


def acting_for(user: User, call: Call) -> list[int]:
    """Organisations the person may apply for in this programme."""
    own = list(user.memberships.filter(left_at=None).values_list("organisation_id", flat=True))
    delegated = user.delegations.filter(in_force(), programme_code__in=["", call.programme_code])
    return own + list(delegated.values_list("organisation_id", flat=True))


def _begin(request: SignedIn, call: Call, form: StartForm) -> Application:
    earlier = form.cleaned_data.get("copy_from")
    organisation = form.cleaned_data["organisation"]
    application = begin(
        Application, by=request.user, call=call, organisation=organisation, copied_from=earlier
    )
    if earlier is not None:
        submit.copy_into(application, earlier, by=request.user)
    return application


@writes_draft
def tasklist(request: SignedIn, application: Application) -> HttpResponse:
    tasks = correcting.tasks(application)
    done = sum(task.state in ("done", "care") for task in tasks)
    last = application.sections.order_by("-saved_at").select_related("saved_by").first()
    firm = application.case.organisation
    members = firm.memberships.filter(left_at=None).select_related("user")
    is_kept = kept_from_people(application.case)
    context = {
        **frame(application),
        "tasks": tasks,
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


@writes_draft
@to_hand_in
@limited(HAND_INS)
def review(request: SignedIn, application: Application) -> HttpResponse:
    """Check your answers, pledge, submit: exactly what this page showed, or it is shown anew."""
    now = drafts.draft_hash(application)  # taken before anything is read for the page
    seen, tried = request.POST.get("seen", now), Tried()
    tasks = correcting.tasks(application)
    unfinished = [task for task in tasks[:-1] if task.state not in ("done", "care")]
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
    context = {
        **frame(application),
        **correcting.to_review(application, content),
        "unfinished": unfinished,
        "second_quotes": calculation.second_quotes(application),
        "refusals": refusals,
        "form": form,
        "reasons": tried.reasons,
        "parts": parts,
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
        name=f"{application.case.shown_number}.pdf",
    )
