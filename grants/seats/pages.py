"""What a case and a call show of their seats, whose turn they make it; and who may open what."""

from datetime import date

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.applications.turns import application_of
from grants.programmes.models import Call
from grants.seats.models import Enrolment
from grants.seats.states import EnrolmentState
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.cases import retention
from portal.cases.found import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.types import Context, Text
from portal.workflow.door import actions

enrolments_of = OfCase(
    lambda: Enrolment.objects.select_related(
        "application__call", "survey", "case__organisation"
    ).prefetch_related("sessions", "application__call__sessions")
)


def turns_of(case: Case) -> list[TurnWanted]:
    application = application_of.first(case)
    if application is None or application.call.stated.kind != "seats":
        return []
    rows = enrolments_of.all(case)
    due = [row.survey_on for row in rows if row.survey_on is not None]
    found = (
        [
            TurnWanted(
                "applicant",
                gettext_noop("受講後のアンケートに答える"),
                due_on=min(due),
                obj=rows[0],
            )
        ]
        if due
        else []
    )
    live = [row for row in rows if row.state in Enrolment.LIVE]
    if live:
        ahead = [session for session in live[0].call.sessions.all() if session.held_on is None]
        held = bool(live[0].call.sessions.all())
        if held and not ahead:
            found.append(
                TurnWanted(
                    "office", gettext_noop("修了を確かめる"), role="programme_officer", obj=live[0]
                )
            )
    return found


SOURCE = TurnSource(turns=turns_of, reads=(application_of, enrolments_of))


def panel(case: Case, user: User) -> Context | None:
    """Each participant's seat with what can be done; the sessions of the course."""
    if case.state != ApplicationState.AWARDED:
        return None
    rows = enrolments_of.all(case)
    if not rows:
        return None
    for row in rows:
        row.case = case
    call = rows[0].call
    return {
        "rows": [(row, actions(user, row)) for row in rows],
        "sessions": list(call.sessions.all()),
        "call": call,
        "writes": stands_for_applicant(user, case),
    }


def later(case: Case) -> tuple[int, Text] | None:
    rows = enrolments_of.all(case)
    live = next((row for row in rows if row.state in Enrolment.LIVE), None)
    if live is not None:
        return (4 if live.state == EnrolmentState.ATTENDING else 3), live.info.say
    return (6, rows[0].info.say) if rows else None


def keep_until(case: Case) -> date | None:
    rows = enrolments_of.all(case)
    if not rows:
        return None
    if any(row.state in Enrolment.LIVE for row in rows):
        return date.max
    return retention.after(rows[0].call.project_ends_on)


def call_panel(call: Call, user: User) -> tuple[str, Context] | None:
    """On the staff page of a call: how full the course is, and the way to its sessions."""
    if call.stated.unit != "seats":
        return None
    waiting = Application.objects.filter(call=call, state=ApplicationState.WAITLISTED).count()
    return "grants/seats/call_panel.html", {
        "call": call,
        "lines": list(call.budget_lines.all()),
        "waiting": waiting,
    }


def load(user: User, pk: int) -> Enrolment:
    rows = Enrolment.objects.select_related("case__organisation", "application__call")
    return get_object_or_404(rows, pk=pk, case__in=Case.objects.visible_to(user))
