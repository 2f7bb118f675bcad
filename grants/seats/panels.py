"""What the pages of a case and of a call show of seats, and how far along its road the case is."""

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.programmes.models import Call
from grants.seats.states import EnrolmentState
from grants.seats.turns import enrolments_of
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.cases.models import Case
from portal.types import Context, Text
from portal.workflow.door import actions


def of_case(case: Case, user: User) -> Context | None:
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


def reached(case: Case) -> tuple[int, Text] | None:
    rows = enrolments_of.all(case)
    live = next((row for row in rows if row.is_live), None)
    if live is not None:
        return (4 if live.state == EnrolmentState.ATTENDING else 3), live.info.say
    return (6, rows[0].info.say) if rows else None


def of_call(call: Call, user: User) -> tuple[str, Context] | None:
    """On the staff page of a call: how full the course is, and the way to its sessions."""
    if call.stated.unit != "seats":
        return None
    waiting = Application.objects.filter(call=call, state=ApplicationState.WAITLISTED).count()
    return "grants/seats/call_panel.html", {
        "call": call,
        "lines": list(call.budget_lines.all()),
        "waiting": waiting,
    }
