"""Whose turn the seats of a course make it."""

from django.utils.translation import gettext_noop

from grants.applications.turns import application_of
from grants.seats.models import Enrolment
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted

enrolments_of = OfCase(
    lambda: Enrolment.objects.select_related(
        "application__call", "survey", "case__organisation"
    ).prefetch_related("sessions", "application__call__sessions")
)


def of_case(case: Case) -> list[TurnWanted]:
    application = application_of.first(case)
    if application is None or application.stated.kind != "seats":
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
    live = [row for row in rows if row.is_live]
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


SOURCE = TurnSource(turns=of_case, reads=(application_of, enrolments_of))
