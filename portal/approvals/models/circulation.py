"""How a draft goes round: the stations of its rounds, and who is written to on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.approvals import outgoing
from portal.approvals.models.parts import Step
from portal.approvals.stations import may_take
from portal.workflow.door import write_to
from portal.workflow.errors import Refused
from portal.workflow.outgoing import Wording

if TYPE_CHECKING:
    from portal.approvals.models.approval import Approval


def has_spoken(approval: Approval) -> bool:
    """Has anybody decided a step of its present round?"""
    return any(step.decided_at is not None for step in approval.steps_now)


def set_route(approval: Approval, steps: list[tuple[str, User]]) -> None:
    """The stations of its present round: (kind, person) each."""
    approval.steps.filter(round=approval.round).delete()
    Step.objects.bulk_create(
        Step(approval=approval, round=approval.round, n=n, kind=kind, person=person)
        for n, (kind, person) in enumerate(steps, 1)
    )
    approval.forget_rows()


def renew(approval: Approval, steps: list[tuple[str, User]]) -> None:
    """The stations of what comes next: of a new round, once somebody has spoken in this one."""
    if has_spoken(approval):
        approval.round += 1
    set_route(approval, steps)


def decide(approval: Approval, by: User, decision: str, opinion: str) -> None:
    step = approval.current_step
    if step is None:
        raise Refused(_("残っている段階がありません。"))
    step.decided_by, step.decision, step.opinion = by, decision, opinion
    step.decided_at = clock.now()
    step.save()
    approval.forget_rows()
    if step.person_id != by.pk:
        write_to(step.person, approval, outgoing.DECIDED_FOR_YOU)


def ask_next(approval: Approval) -> None:
    """Mail whoever has the next step; the drafter, where this person can no longer take it."""
    step = approval.current_step
    if step is not None and may_take(step.person, step.kind, approval.touched_cases()):
        asked = outgoing.TO_DECIDE if step.kind == "decide" else outgoing.TO_AGREE
        write_to(step.person, approval, asked)
    elif step is not None:
        tell_drafter(approval, outgoing.NOBODY_NEXT)


def tell_drafter(approval: Approval, words: Wording) -> None:
    if approval.is_held_by_drafter:
        write_to(approval.drafted_by, approval, words)
