"""Whose turn a live approval makes it."""

from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import covers_all
from portal.approvals.models import Approval, Item
from portal.approvals.states import ApprovalState
from portal.approvals.stations import DRAFTERS, ROLES_OF_STEP
from portal.cases.lookups import About, OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.workflow.door import touch

live_items = OfCase(lambda: Item.objects.filter(approval__state__in=Approval.LIVE))
# Prefetched, not joined: the cases of one approval share the one object, and what is found of it is
# found once.
READ = (
    "approval__steps__person__staff_roles",
    "approval__drafted_by__staff_roles",
    "approval__items__case",
)


def _waiting(cases: Collection[Case]) -> dict[int, list[Item]]:
    found = {case.pk: live_items.all(case) for case in cases}
    prefetch_related_objects([item for items in found.values() for item in items], *READ)
    return found


waiting_items = About(_waiting)


def is_live(case: Case) -> bool:
    """True while an approval about the case waits for its decision."""
    return live_items.first(case) is not None


def of_case(case: Case) -> list[TurnWanted]:
    return [_turn(item.approval) for item in waiting_items.get(case) or []]


SOURCE = TurnSource(turns=of_case, reads=(live_items, waiting_items))


def _turn(approval: Approval) -> TurnWanted:
    known: TurnWanted | None = approval.__dict__.get("turn_wanted")
    if known is None:
        known = (
            _step_turn(approval)
            if approval.state == ApprovalState.CIRCULATED
            else _drafters_turn(approval)
        )
        approval.__dict__["turn_wanted"] = known
    return known


def _step_turn(approval: Approval) -> TurnWanted:
    """The person's whose step it is; where this person's roles no longer cover it, that of those
    who may help.
    """
    step = approval.current_step
    if step is None:
        return _drafters_turn(approval)
    until = _next_change(step.person)
    if _covers(step.person, ROLES_OF_STEP[step.kind], approval):
        what = gettext_noop("決裁する") if step.kind == "decide" else gettext_noop("起案を確かめる")
        return TurnWanted("office", what, person=step.person, obj=approval, until=until)
    if step.kind == "decide":
        return TurnWanted(
            "office",
            gettext_noop("代わって決裁する（代決）"),
            role="approver",
            obj=approval,
            until=until,
        )
    return _of_drafter(approval, gettext_noop("起案を取り下げて、回議先を選び直す"), until)


def _drafters_turn(approval: Approval) -> TurnWanted:
    what = (
        gettext_noop("差し戻された起案を直す")
        if approval.state == ApprovalState.RETURNED
        else gettext_noop("起案を回議に回す")
    )
    return _of_drafter(approval, what, None)


def _of_drafter(approval: Approval, what: str, until: datetime | None) -> TurnWanted:
    """The drafter's; where the drafter's roles no longer cover it, that of those who may withdraw
    it.
    """
    moments = [
        moment for moment in (until, _next_change(approval.drafted_by)) if moment is not None
    ]
    first = min(moments, default=None)
    if _covers(approval.drafted_by, DRAFTERS, approval):
        return TurnWanted("office", what, person=approval.drafted_by, obj=approval, until=first)
    return TurnWanted(
        "office",
        gettext_noop("起案を取り下げる"),
        role="programme_officer",
        obj=approval,
        until=first,
    )


def _covers(person: User, roles: tuple[str, ...], approval: Approval) -> bool:
    held = [role for role in person.staff_roles.all() if role.role in roles and role.is_in_force]
    return covers_all(held, approval.own_scopes)


def _next_change(person: User) -> datetime | None:
    """When a role of the person next begins or ends."""
    today = clock.today()
    days = [role.starts_on for role in person.staff_roles.all()]
    days += [
        role.ends_on + timedelta(days=1)
        for role in person.staff_roles.all()
        if role.ends_on is not None
    ]
    day = min((day for day in days if day > today), default=None)
    return None if day is None else datetime.combine(day, time(), clock.JST)


def roles_changed(person: User) -> None:
    """Whose turn a live approval makes it depends on the roles of those it waits for."""
    concerned = Q(approval_items__approval__steps__person=person) | Q(
        approval_items__approval__drafted_by=person
    )
    for case in Case.objects.filter(
        concerned, approval_items__approval__state__in=Approval.LIVE
    ).distinct():
        touch(case)
