"""The course of a call: sessions, attendance; and the survey of a participant."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.seats import courses, forms
from grants.seats.access import READERS, course_for, shown
from grants.seats.models import Enrolment, Session
from portal import jptext
from portal.accounts.permissions import office, stands_for_applicant
from portal.cases.models import Case
from portal.types import SignedIn
from portal.ui.limits import SAVES, limited
from portal.workflow.access import signed_in, staff
from portal.workflow.writing import Tried, trying, write


@staff(*READERS)
def course(request: SignedIn, pk: int) -> HttpResponse:
    """The sessions of a course, who has a seat, who came; a new session is added here."""
    call = course_for(request.user, pk)
    may_write = not office("programme_officer").reasons(request.user, call)
    form = forms.SessionForm(request.POST or None) if may_write else None
    tried = Tried(status=422 if form is not None and form.errors else 200)
    if form is not None and form.is_valid():
        with trying() as tried:
            courses.add_session(call, by=request.user, **form.cleaned_data)
        if tried.is_done:
            messages.success(request, _("回を加えました。"))
            return redirect("course", pk=pk)
    sessions, everyone = list(call.sessions.all()), courses.of_course(call)
    rows = [
        (row, [session in row.sessions.all() for session in sessions])
        for row in shown(request.user, everyone)
    ]
    context = {
        "call": call,
        "sessions": sessions,
        "rows": rows,
        "n": len(everyone),
        "form": form,
        "reasons": tried.reasons,
        "lines": list(call.budget_lines.all()),
    }
    return render(request, "grants/seats/course.html", context, status=tried.status)


def changed(post: QueryDict, rows: Iterable[Enrolment]) -> tuple[set[int], set[int]]:
    """Who was ticked on the page, and whose tick was taken away, of those that it shows: what somebody
    else noted since it was drawn stays.
    """
    asked = {row.pk for row in rows}
    ticked, noted = (
        asked & {jptext.whole(text, 0) for text in post.getlist(name)}
        for name in ("present", "noted")
    )
    return ticked - noted, noted - ticked


@staff("programme_officer")
def attendance(request: SignedIn, pk: int, n: int) -> HttpResponse:
    """Take attendance of one session: a box for each participant."""
    session = get_object_or_404(
        Session.objects.select_related("call__programme"), call=course_for(request.user, pk), n=n
    )
    live = [row for row in courses.of_course(session.call) if row.is_live]
    rows = shown(request.user, live)
    tried = Tried()
    if request.method == "POST":
        with trying() as tried:
            done = _written(request, session, rows)
        if tried.is_done:
            messages.success(request, done)
            return redirect("course", pk=pk)
    context = {
        "call": session.call,
        "session": session,
        "rows": [(row, session in row.sessions.all()) for row in rows],
        "reasons": tried.reasons,
    }
    return render(request, "grants/seats/attendance.html", context, status=tried.status)


def _written(request: SignedIn, session: Session, rows: Iterable[Enrolment]) -> str:
    """What was done, by the button that was pressed."""
    if "take_back" in request.POST:
        courses.take_session_back(session, by=request.user)
        return _("回を取り消しました。")
    present, absent = changed(request.POST, rows)
    courses.take_attendance(session, present, absent=absent, by=request.user)
    return _("出席をとりました。")


@signed_in
@limited(SAVES)
def survey(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """The survey of one participant, answered by the firm."""
    rows = Enrolment.objects.select_related("case__organisation", "application__call")
    enrolment = get_object_or_404(
        rows, pk=pk, case__number=number, case__in=Case.objects.worked_on_by(request.user)
    )
    if not stands_for_applicant(request.user, enrolment.case) or enrolment.survey_on is None:
        raise Http404
    form = forms.SurveyForm(request.POST or None)
    context = {"enrolment": enrolment, "case": enrolment.case}
    return write(
        request,
        form,
        lambda data: courses.answer_survey(enrolment, by=request.user, **data),
        template="grants/seats/survey.html",
        context=context,
        done=_("ありがとうございました。"),
        then=enrolment,
    )
