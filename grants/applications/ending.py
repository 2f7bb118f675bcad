"""Drafts that nobody finishes: their people are told, and some days later what was typed and sent is
erased. The days: `retention.py`. Decision 0169.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from grants.applications import discarding
from grants.applications.attempts import SubmissionAttempt
from grants.applications.models import Application
from grants.applications.retention import AFTER_INTAKE, NOTICE, UNTOUCHED
from grants.applications.sections import Section
from grants.applications.states import ApplicationState
from grants.programmes.states import CALL_SETTLED
from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.ports import keeping_rules
from portal.documents.models import Document
from portal.privacy.models import DataRequest
from portal.workflow.door import door, perform
from portal.workflow.writing import trying

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Unfinished: TypeAlias = WithAnnotations[Application, "Looked"]


class Looked(TypedDict):
    """What stands against the end of a draft: when it was last written, whether a press of "submit" may
    still count, and whether somebody of its firm asks what is kept of them.
    """

    touched_at: datetime
    is_pressed: bool
    is_asked_about: bool


def ready_on(over_at: datetime | None, touched_at: datetime) -> date:
    """The day on which its people are told that a draft ends: some days from the end of its intake,
    where that is over, else long after somebody wrote it last.
    """
    if over_at is not None:
        return clock.day_of(over_at) + AFTER_INTAKE
    return clock.day_of(touched_at) + UNTOUCHED


def ends_after(draft: Application) -> date | None:
    """The last day at the earliest of a draft that can be handed in no more, before its people are told."""
    ended_at = draft.call.ended_at
    is_draft = draft.state == ApplicationState.DRAFT and not draft.case.on_paper
    if ended_at is None or not is_draft or draft.ends_on is not None:
        return None
    return max(clock.day_of(ended_at) + AFTER_INTAKE, clock.today()) + NOTICE


def unfinished() -> QuerySet[Unfinished]:
    """Drafts, but for what the counter entered: that is a paper that the office took in."""
    section = Section.objects.filter(application=OuterRef("pk")).order_by("-saved_at")
    document = Document.objects.filter(case=OuterRef("case")).order_by("-uploaded_at")
    pressed = SubmissionAttempt.objects.filter(application=OuterRef("pk"))
    return (
        Application.objects.filter(
            state=ApplicationState.DRAFT, case__on_paper=False, case__disposed_on=None
        )
        .select_related("case", "call")
        .prefetch_related("call__periods")
        .annotate(
            touched_at=Greatest(
                "case__opened_at",
                Subquery(section.values("saved_at")[:1]),
                Subquery(document.values("uploaded_at")[:1]),
                "officer_list__saved_at",
                output_field=DateTimeField(),
            ),
            is_pressed=Exists(pressed.stopped()),
            is_asked_about=Exists(_asked_about()),
        )
    )


def _asked_about() -> QuerySet[DataRequest]:
    """Open requests of its firm's people about what the portal keeps of them."""
    return DataRequest.objects.filter(
        decided_at=None,
        withdrawn_at=None,
        person__memberships__organisation=OuterRef("case__organisation"),
    )


def is_left(draft: Unfinished, today: date) -> bool:
    """Whether a draft of `unfinished` is to end: nothing stands against it, and its time has come."""
    if draft.call.is_paused or draft.is_asked_about:
        return False
    if draft.is_pressed and draft.call.state not in CALL_SETTLED:
        return False  # an officer may still honour the moment
    return ready_on(draft.call.ended_at, draft.touched_at) <= today and not _is_kept(draft.case)


def _is_kept(case: Case) -> bool:
    """A request about the case is open; its own rule keeps each that is under way."""
    others = [rule for name, rule in keeping_rules.items() if name != "application"]
    return any(rule(case) == date.max for rule in others)


def look() -> int:
    """Tell the people of drafts whose time has come, erase those whose last day is over, and call off what
    somebody went on with; each in its own transaction, idempotent. Returns how many were erased.
    """
    return sum(_look_at(draft) for draft in unfinished().order_by("pk").iterator(500))


def _look_at(draft: Unfinished) -> int:
    erased, today, system = 0, clock.today(), User.objects.system()
    if draft.ends_on is None and not is_left(draft, today):
        return erased
    with trying(), door(system, [draft.case, draft]):
        held = unfinished().filter(pk=draft.pk).first()
        if held is None:  # handed in or thrown away meanwhile
            return erased
        if not is_left(held, today):
            held.go_on()
        elif held.ends_on is None:
            perform(held, "foretell", by=system, ends_on=today + NOTICE)
        elif held.ends_on < today:
            discarding.end(held)
            erased = 1
    return erased
