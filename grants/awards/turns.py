"""Whose turn it is after the decision: a change, news of the registry, a waiting list that moves."""

from django.utils.translation import gettext_noop

from grants.applications.states import ApplicationState
from grants.applications.turns import application_of
from grants.awards.changes import ChangeRequest
from grants.awards.firm import change_about, matters, registered
from grants.awards.models import award_of, awards_of
from grants.awards.states import ASKED_CHANGES, ChangeState
from grants.awards.waiting import PROMOTE, next_up
from portal.approvals.turns import is_live, live_items
from portal.cases import came_back
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.closures import calendars

GIVE_UP = gettext_noop("廃止の承認を起案する")

changes_of = OfCase(
    lambda: ChangeRequest.objects.select_related("award__application__call", "case")
)


def of_change(case: Case) -> list[TurnWanted]:
    change = next((row for row in changes_of.all(case) if row.state in ASKED_CHANGES), None)
    if change is None or (change.state == ChangeState.SUBMITTED and is_live(case)):
        return []
    if change.state == ChangeState.RETURNED:
        return [TurnWanted("applicant", str(change.info.todo), obj=change)]
    since = change.state_day
    return [
        TurnWanted(
            "office",
            GIVE_UP if change.kind == "abandon" else str(change.info.todo),
            role="programme_officer",
            person=case.assigned_to,
            due_on=calendars.of_case(case).add(since, 10),
            obj=change,
        )
    ]


CHANGES = TurnSource(turns=of_change, reads=(changes_of, live_items))


def of_firm(case: Case) -> list[TurnWanted]:
    change = change_about(case) if matters(case) else None
    if change is None:
        return []
    award = award_of(case) if case.state == ApplicationState.AWARDED else None
    known = max(change.corporation.changed_on, change.corporation.updated_on)
    due = calendars.of_case(case).add(known, 10)
    return [
        TurnWanted(
            "office",
            gettext_noop("登記の変更を確かめる"),
            role="programme_officer",
            person=case.assigned_to,
            due_on=due,
            obj=award,
        )
    ]


FIRM = TurnSource(turns=of_firm, reads=(awards_of, registered))


def of_waiting(case: Case) -> list[TurnWanted]:
    """The office's turn to promote the first on the list, once there is money for it."""
    application = application_of.first(case)
    if (
        application is None
        or application.state != ApplicationState.WAITLISTED
        or is_live(case)
        or next_up.get(case) is None
    ):
        return []
    return [
        TurnWanted(
            "office", PROMOTE, role="programme_officer", person=case.assigned_to, obj=application
        )
    ]


WAITING = TurnSource(turns=of_waiting, reads=(application_of, next_up, live_items))

CHANGE_CAME_BACK = came_back.notes(
    lambda: ChangeRequest.objects.filter(state=ChangeState.SUBMITTED).exclude(answer=""),
    "state_since",
    "answer",
)
