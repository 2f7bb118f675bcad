"""代決: who may act in the place of the person whose step it is, while this person is away.

Deputies are named beforehand (`portal/accounts/absences.py`); here is asked which of them it is now.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import Deputy, User, away_until, stood_for
from portal.accounts.permissions import covers_all
from portal.approvals.stations import DUTY_OF_STEP, ROLES_OF_STEP, Named
from portal.cases.interests import people_by_case
from portal.workflow import duties

if TYPE_CHECKING:
    from portal.approvals.models import Approval, Step

# what is read with approvals before it is asked of many
READ = (
    "steps__person__staff_roles",
    "steps__person__absences",
    "steps__person__deputies__stand_in__staff_roles",
    "steps__person__deputies__stand_in__absences",
    "drafted_by__staff_roles",
    "items__case",
)


def covers(person: User, roles: Collection[str], approval: Approval) -> bool:
    """Do the person's live `roles` cover every case of the approval?"""
    held = [role for role in person.staff_roles.all() if role.role in roles and role.is_in_force]
    return covers_all(held, approval.own_scopes)


def named(step: Step) -> list[Deputy]:
    """The deputies of the step's person in a role by which the step can be taken, in their order."""
    return [
        deputy
        for deputy in step.person.deputies.all()
        if deputy.is_in_force and deputy.role in ROLES_OF_STEP[step.kind]
    ]


def able(approval: Approval, step: Step) -> list[Deputy]:
    """Who may act now in the place of a step's person, in their order: nobody while this person is
    there, and each one only while all before are away or may not act themselves.
    """
    if away_until(step.person) is None:
        return []
    found = []
    for deputy in named(step):
        if not _fits(approval, step, deputy):
            continue
        found.append(deputy)
        if away_until(deputy.stand_in) is None:
            break
    return found


def waits_for(approval: Approval, step: Step) -> User:
    """Whose turn the step makes it: the deputy's who is there, else the person's own."""
    found = able(approval, step)
    if found and away_until(found[-1].stand_in) is None:
        return found[-1].stand_in
    return step.person


def _fits(approval: Approval, step: Step, deputy: Deputy) -> bool:
    """Both hold the role over every case, and nothing keeps the deputy from it."""
    stand_in = deputy.stand_in
    return (
        stand_in.is_active
        and stand_in.pk != approval.drafted_by_id
        and covers(step.person, (deputy.role,), approval)
        and covers(stand_in, (deputy.role,), approval)
        and stand_in.pk not in _kept_out(approval)[step.kind]
    )


def _kept_out(approval: Approval) -> dict[str, set[int]]:
    if "kept_out" not in approval.__dict__:
        fill([approval])
    found: dict[str, set[int]] = approval.__dict__["kept_out"]
    return found


def fill(approvals: Collection[Approval]) -> None:
    """Let each approval keep who may not take a step of each kind: by an interest in one of its
    cases, or by what they did on one. As many queries for many as for one.
    """
    cases = {approval.pk: approval.touched_cases() for approval in approvals}
    interested = people_by_case([case for found in cases.values() for case in found])
    subjects = {approval.pk: set(approval.duty_subjects()) for approval in approvals}
    done = duties.done_by_anyone(set().union(*subjects.values()))
    for approval in approvals:
        keys = {case.pk for case in cases[approval.pk]}
        people = {person for person, case in interested if case in keys}
        approval.__dict__["kept_out"] = {
            kind: people
            | {
                person
                for subject, person, did in done
                if subject in subjects[approval.pk] and did in duties.against(duty)
            }
            for kind, duty in DUTY_OF_STEP.items()
        }


class StandIn(Named):
    """代決: a deputy who may act now in the place of a person whose step it is."""

    def named(self, user: User, approval: Approval) -> tuple[str, ...] | str:
        for step in approval.open_steps:
            for deputy in able(approval, step):
                if deputy.stand_in_id == user.pk:
                    return (deputy.role,)
        return _("代決できるのは、受け持つ方が不在の間の、決めてある代決者だけです。")

    def q(self, user: User) -> Q:
        return Q(steps__person__in=stood_for(user.pk), steps__decided_at=None)
