"""How a draft goes round: the stations of its rounds, and who is written to on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.approvals import outgoing, standing_in
from portal.approvals.models.parts import Step, to_look_over
from portal.approvals.stations import may_take
from portal.audit.record import record
from portal.workflow.door import door, write_to
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.outgoing import Wording

if TYPE_CHECKING:
    from portal.approvals.models.approval import Approval


def has_spoken(approval: Approval) -> bool:
    """Has anybody decided a step of its present round?"""
    return any(step.decided_at is not None for step in approval.steps_now)


def stations(kinds: list[str], *, agree_together: bool = False) -> list[int]:
    """The number of the station of each step: 合議 that follow each other are one, and are asked
    together; so are 回議, where the draft says so.
    """
    together = ("agree", "consult") if agree_together else ("consult",)
    numbers: list[int] = []
    for before, kind in zip(["", *kinds], kinds, strict=False):
        last = numbers[-1] if numbers else 0
        numbers.append(last if kind == before and kind in together else last + 1)
    return numbers


def set_route(approval: Approval, steps: list[tuple[str, User]]) -> None:
    """The stations of its present round: (kind, person) each."""
    approval.steps.filter(round=approval.round).delete()
    kinds = [kind for kind, _person in steps]
    numbers = stations(kinds, agree_together=approval.agree_together)
    Step.objects.bulk_create(
        Step(approval=approval, round=approval.round, n=n, kind=kind, person=person)
        for n, (kind, person) in zip(numbers, steps, strict=True)
    )
    approval.forget_rows()


def renew(approval: Approval, steps: list[tuple[str, User]]) -> None:
    """The stations of what comes next: of a new round, once somebody has spoken in this one."""
    if has_spoken(approval):
        approval.round += 1
    set_route(approval, steps)


def decide(approval: Approval, by: User, decision: str, opinion: str) -> None:
    step = _step_of(approval, by)
    step.decided_by, step.decision, step.opinion = by, decision, opinion
    step.decided_at = clock.now()
    step.save()
    approval.forget_rows()
    if step.person_id != by.pk:
        write_to(step.person, approval, outgoing.DECIDED_FOR_YOU)


def _step_of(approval: Approval, by: User) -> Step:
    """The open step that `by` decides: the own one, else one of whom `by` stands in for."""
    steps = approval.open_steps
    own = [step for step in steps if step.person_id == by.pk]
    of_others = [
        step
        for step in steps
        if any(deputy.stand_in_id == by.pk for deputy in standing_in.able(approval, step))
    ]
    if not own + of_others:
        raise Forbidden(_("残っている段階がありません。"))
    return (own + of_others)[0]


def pass_on(approval: Approval, by: User, opinion: str) -> None:
    """Agree; whoever comes next is asked once all who are asked together agreed."""
    asked = approval.open_steps
    decide(approval, by, "agreed", opinion)
    if len(asked) == 1:
        ask_next(approval)


def asked(approval: Approval) -> list[User]:
    """Whom its open steps wait for: their people, or who stands in for them."""
    return [
        person for step in approval.open_steps for person in standing_in.wait_for(approval, step)
    ]


def ask_next(approval: Approval) -> None:
    """Mail whoever has the next steps; the drafter, where one of them can no longer be taken."""
    for step in approval.open_steps:
        if may_take(step.person, step.kind, approval.touched_cases(), approval):
            words = outgoing.TO_DECIDE if step.kind == "decide" else outgoing.TO_AGREE
            for person in standing_in.wait_for(approval, step):
                write_to(person, approval, words)
        else:
            tell_drafter(approval, outgoing.NOBODY_NEXT)


def look_over(approval: Approval, *, by: User) -> None:
    """後閲: who was away has read what a deputy did meanwhile. It changes nothing of the decision.

    Raises NotReady where nothing is left to look at.
    """
    with door(by, [approval]):
        steps = list(approval.steps.filter(to_look_over(by)))
        if not steps:
            raise NotReady(_("後閲を待つ段階はありません。"))
        for step in steps:
            step.looked_at = clock.now()
        Step.objects.bulk_update(steps, ["looked_at"])
        record(
            chain=approval.audit_chain,
            action="approval.look_over",
            label=gettext_noop("後閲しました"),
            subject=approval.subject_key,
            by=by,
            capacity="office",
        )


def tell_drafter(approval: Approval, words: Wording) -> None:
    if approval.is_held_by_drafter:
        write_to(approval.drafted_by, approval, words)
