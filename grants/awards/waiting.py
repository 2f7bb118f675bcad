"""The waiting list: who is the first of a frame, and whose turn it is once money is released."""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext_noop

from grants.applications import deciding
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.programmes.models import Call
from grants.reviews.ranking import left
from portal.accounts.permissions import any_of
from portal.cases.lookups import About
from portal.cases.models import Case
from portal.workflow.door import touch

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
