"""The office's pages about applications: defects, ledger, paper entry, attempts."""

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications import correct_forms, formal, known, outgoing, submit
from grants.applications.access import application_at
from grants.applications.check_forms import CheckForm, GoOnForm, HonourForm, LedgerForm
from grants.applications.models import Application, Check, Defect, SubmissionAttempt
from grants.applications.start_forms import PaperForm
from portal import jptext, sentences
from portal.accounts.models import Organisation, User
from portal.cases.models import Case
from portal.types import SignedIn
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.door import begin, door, perform, write_to
from portal.workflow.writing import send, trying, write


def _shown(request: SignedIn) -> int | None:
    """The version that the page showed, where it says so."""
    return jptext.whole(request.POST.get("shown"), -1) if "shown" in request.POST else None


@require_POST
@staff("programme_officer")
def defect_raise(request: SignedIn, number: str) -> HttpResponse:
    application = application_at(request, number)
    form = correct_forms.DefectForm(request.POST)
    back = f"{application.case.get_absolute_url()}#part-{form.data.get('part', '')}"
    return send(
        request,
        form,
        lambda given: formal.raise_defect(application, by=request.user, **given),
        title=_("不備にする"),
        about=application.case,
        back=back,
    )


@require_POST
@staff("programme_officer")
def defect_resolve(request: SignedIn, number: str, n: int) -> HttpResponse:
    application = application_at(request, number)
    formal.resolve_defect(get_object_or_404(Defect, application=application, n=n), by=request.user)
    return redirect(f"{application.case.get_absolute_url()}#answers")


@require_POST
@staff("programme_officer")
def check(request: SignedIn, number: str, kind: str) -> HttpResponse:
    application = application_at(request, number)
    row = get_object_or_404(Check, application=application, kind=kind)
    return send(
        request,
        CheckForm(request.POST),
        lambda given: formal.check(row, by=request.user, shown=_shown(request), **given),
        title=row.get_kind_display(),
        about=application.case,
        back=f"{application.case.get_absolute_url()}#ledger",
    )


@require_POST
@staff("programme_officer")
def checks_note(request: SignedIn, number: str) -> HttpResponse:
    """All that is left of the formal check, and accepting right after it: what was noted stays noted
    where it cannot be accepted, for that is often because of what was found.
    """
    application = application_at(request, number)
    form = LedgerForm(
        request.POST,
        list(application.checks.filter(result="")),
        {},
        lambda kind: known.look_first(application, kind),
    )
    return send(
        request,
        form,
        lambda given: _note(request, application, form.notes(), accept=bool(given["accept"])),
        # the page of what was wrong has one button: it says what it does
        title=_("記録して受理する") if form.data.get("accept") else _("要件の確認"),
        about=application.case,
        back=application.case.get_absolute_url(),
        done=lambda is_accepted: (
            _("申請を受理しました") if is_accepted else _("要件の確認を記録しました。")
        ),
    )


def _note(
    request: SignedIn,
    application: Application,
    notes: Mapping[str, tuple[str, str]],
    *,
    accept: bool,
) -> bool:
    """Is it accepted after the notes were made?"""
    formal.note(application, notes, by=request.user, shown=_shown(request))
    if not accept:
        return False
    with trying() as tried:
        perform(application, "accept", by=request.user)
    if not tried.is_done:
        said = _("受理はしていません。%(reasons)s") % {"reasons": sentences.joined(tried.reasons)}
        messages.error(request, said)
    return tried.is_done


@require_POST
@staff("programme_officer", "approver")
def check_go_on(request: SignedIn, number: str, kind: str) -> HttpResponse:
    """Somebody other than who noted a finding decides to go on, with a reason."""
    application = application_at(request, number)
    row = get_object_or_404(Check, application=application, kind=kind)
    return send(
        request,
        GoOnForm(request.POST),
        lambda given: formal.go_on(row, by=request.user, reason=given["reason"]),
        title=_("理由を記録して進める"),
        about=application.case,
        back=f"{application.case.get_absolute_url()}#ledger",
        done=_("進めることにした理由を記録しました。"),
    )


@staff("programme_officer")
def paper_new(request: SignedIn) -> HttpResponse:
    """Enter a paper application at the counter, with the applicant's consent on record."""
    form = PaperForm(request.POST or None)
    return write(
        request,
        form,
        lambda _data: _begin_paper(form, request.user),
        template="grants/applications/paper.html",
        context={},
        then=lambda made: reverse("application_tasks", args=[made.case.number]),
    )


@transaction.atomic
def _begin_paper(form: PaperForm, by: User) -> Application:
    """The people of a proved firm who are online hear of it: they may know of no paper. Whoever
    registered the number of one that nobody proved neither hears of it nor sees it.
    """
    data = form.cleaned_data
    number = data["corporate_number"] or None
    kind = "corporation" if number else "sole_proprietor"
    organisation = (
        Organisation.objects.get_or_create(
            corporate_number=number, defaults={"kind": kind, "name": data["name"]}
        )[0]
        if number
        else Organisation.objects.create(kind=kind, name=data["name"])
    )
    with door(by):
        application = begin(
            Application,
            by=by,
            call=data["call"],
            organisation=organisation,
            on_paper=True,
            paper_consent=data["consent"],
            paper_received_at=data["received_at"],
            paper_late_reason=data["late_reason"],
        )
        if organisation.is_proved:
            for member in organisation.memberships.filter(left_at=None).select_related("user"):
                write_to(member.user, application, outgoing.PAPER_ENTERED)
    Case.objects.filter(pk=application.case_id).update(is_draft=False)
    application.case.is_draft = False
    return application


@staff("programme_officer")
def attempt_list(request: SignedIn) -> HttpResponse:
    """Presses of "submit" that did not end in a submission, newest first."""
    attempts = (
        SubmissionAttempt.objects.stopped()
        .open_to(request.user)
        .select_related("application__case__organisation", "application__call")
    )
    return render(
        request, "grants/applications/attempts.html", {"page": page_of(request, attempts)}
    )


@staff("programme_officer")
def honour(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Honour the moment of a submission that a fault of ours stopped, or that came late."""
    attempts = (
        SubmissionAttempt.objects.stopped()
        .open_to(request.user)
        .select_related("application__case__organisation")
    )
    attempt = get_object_or_404(attempts, pk=pk, application__case__number=number)
    application = attempt.application
    return write(
        request,
        HonourForm(request.POST or None),
        lambda given: submit.honour(attempt, by=request.user, **given),
        template="grants/applications/honour.html",
        context={"application": application, "attempt": attempt},
        done=_("提出の時刻を認めました。"),
        then=application.case.get_absolute_url(),
    )
