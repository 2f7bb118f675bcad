"""The waiting list, promoted when money is released; what a case shows of its award; published results."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop

from grants.applications import deciding
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.applications.turns import application_of
from grants.awards.changes import ChangeRequest
from grants.awards.models import Award, award_of
from grants.awards.states import TAKEN_BACK, AwardState
from grants.programmes.models import Call
from grants.reviews.selection import left
from portal.accounts.models import StaffRole, User
from portal.accounts.permissions import any_of, stands_for_applicant
from portal.approvals.turns import is_live, live_items
from portal.cases import retention
from portal.cases.found import About
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.types import Context
from portal.workflow.door import actions, touch

PROMOTE = gettext_noop("補欠を繰り上げる")


def first_waiting(call: Call, frame: str) -> Application | None:
    waiting = Application.objects.filter(
        call=call, frame=frame, state=ApplicationState.WAITLISTED
    ).select_related("case")
    return waiting.order_by("waiting_rank").first()


def fits(application: Application) -> bool:
    """True when what is left of the frame's yen or seats,
    and of its slots, is enough for this application.
    """
    rest = left(application.call, application.frame)
    amount, slots = rest["amount"], rest["slots"]
    return (amount is None or amount >= (application.requested_amount or 0)) and (
        slots is None or slots >= 1
    )


def _next_up(cases: Collection[Case]) -> dict[int, Application]:
    """Of `cases`, those that are the first of their frame's list and have money for it:
    primary key of the case → application.
    """
    waiting = Application.objects.filter(
        case__in=cases, state=ApplicationState.WAITLISTED
    ).select_related("call")
    frames = {(row.call_id, row.frame): row for row in waiting}
    firsts = [
        first
        for row in frames.values()
        if (first := first_waiting(row.call, row.frame)) is not None
    ]
    return {
        first.case_id: first for first in firsts if not deciding.too_late(first) and fits(first)
    }


next_up = About(_next_up)


def turns_of(case: Case) -> list[TurnWanted]:
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


SOURCE = TurnSource(turns=turns_of, reads=(application_of, next_up, live_items))


def waiting_cases(frames: set[tuple[int, str]]) -> list[Case]:
    """Of each frame (primary key of the call, key of the frame):
    the case that is first on its list, and whose turn it was to be promoted.
    """
    here = any_of([Q(application__call=call, application__frame=frame) for call, frame in frames])
    rows = Case.objects.filter(here, application__state=ApplicationState.WAITLISTED).order_by(
        "-application__waiting_rank"
    )
    firsts = {
        (call, frame): pk
        for pk, call, frame in rows.values_list("pk", "application__call", "application__frame")
    }
    return list(
        Case.objects.filter(Q(pk__in=firsts.values()) | here & Q(turns__what=PROMOTE)).distinct()
    )


def money_moved(frames: set[tuple[int, str]]) -> None:
    """A frame has more or less left: the first on its list shows up in the inbox, or no longer does."""
    for case in waiting_cases(frames):
        touch(case)


def touched(rows: list[tuple[Application, str]]) -> list[Case]:
    """Whoever comes onto a waiting list or leaves it may make another the first."""
    moved = [row for row, before in rows if ApplicationState.WAITLISTED in (before, row.state)]
    return waiting_cases({(row.call_id, row.frame) for row in moved}) if moved else []


def results(call: Call) -> Context:
    """Published results: awards to corporations by name.

    Sole proprietors are left out of the sum, else a lone one's award could be worked out from it.
    """
    awards = Award.objects.filter(application__call=call).exclude(
        state__in=(AwardState.WITHDRAWN, *TAKEN_BACK)
    )
    awards = awards.select_related("application__case__organisation").order_by("-awarded_amount")
    named = [a for a in awards if not a.application.case.organisation.is_sole_proprietor]
    return {"named": named, "count": len(named), "total": sum(a.awarded_amount for a in named)}


def load(user: User, pk: int) -> Award:
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        Award.objects.select_related("application__call", "case"), pk=pk, case__in=cases
    )


def load_change(user: User, pk: int) -> ChangeRequest:
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        ChangeRequest.objects.select_related("award__application__call", "case"),
        pk=pk,
        case__in=cases,
    )


def awarded(_role: StaffRole) -> Q:
    """Cases with an award, whatever became of it: what is inspected, paid or paid back."""
    return Q(pk__in=Award.objects.values("case"))


def panel(case: Case, user: User) -> Context | None:
    if case.state != ApplicationState.AWARDED:
        return None
    award = award_of(case)
    if award is None:
        return None
    changes = [
        (change, actions(user, change))
        for change in ChangeRequest.objects.filter(award=award).select_related("case")
    ]
    may_change = stands_for_applicant(user, case) and award.state in award.RUNNING
    return {
        "award": award,
        "actions": actions(user, award),
        "changes": changes,
        "may_change": may_change,
    }


def keep_until(case: Case) -> date | None:
    """Five years from the end of the fiscal year in which the
    project was completed or ended; open while it lives.
    """
    award = award_of(case)
    if award is None:
        return None
    if award.state in Award.OPEN:
        return date.max
    ended = award.fixed_on or award.state_day
    return retention.after(ended)
