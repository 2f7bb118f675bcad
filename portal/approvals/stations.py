"""Who may act at a station of an approval's way, and what a station asks first.

All of it is asked anew at every step.
"""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

from portal.accounts.models import DEPUTISED, StaffRole, User, in_force
from portal.accounts.permissions import (
    Scope,
    covers_all,
    each_town,
    office,
    scope_of,
    unproven,
)
from portal.cases.interests import people
from portal.cases.models import Case
from portal.workflow import duties

if TYPE_CHECKING:
    from portal.approvals.models import Approval

DRAFTERS = ("programme_officer", "approver")
STATIONS = DEPUTISED  # who may be asked to agree
READERS = (*STATIONS, "auditor", "concierge")
ROLES_OF_STEP = {"agree": STATIONS, "consult": STATIONS, "decide": ("approver",)}
DUTY_OF_STEP = {
    "agree": "agree_approval",
    "consult": "agree_approval",
    "decide": "approve_approval",
}


class Named(ABC):
    """The person whom the row names, while this person may still act on every case of it.

    Roles end, scopes change and interests come up while an approval circulates: all are asked at
    every step.
    """

    @abstractmethod
    def named(self, user: User, approval: "Approval") -> tuple[str, ...] | str:
        """The roles by which the person may act, or why it is not theirs to do."""

    def reasons(self, user: User, approval: "Approval") -> list[str]:
        roles = self.named(user, approval)
        if isinstance(roles, str):
            return [roles]
        return office(*roles).reasons(user, approval) or unproven(user)


class StepPerson(Named):
    """The person whose step it is, away or not."""

    def named(self, user: User, approval: "Approval") -> tuple[str, ...] | str:
        step = next((s for s in approval.open_steps if s.person_id == user.pk), None)
        return (
            _("いまの段階を受け持つ方だけが行えます。")
            if step is None
            else ROLES_OF_STEP[step.kind]
        )

    def q(self, user: User) -> models.Q:
        return models.Q(steps__person=user, steps__decided_at=None, steps__round=models.F("round"))


class Drafter(Named):
    """Whoever drafted the approval."""

    def named(self, user: User, approval: "Approval") -> tuple[str, ...] | str:
        return DRAFTERS if approval.drafted_by_id == user.pk else _("起案した方だけが行えます。")

    def q(self, user: User) -> models.Q:
        return models.Q(drafted_by=user)


class Heir(Drafter):
    """The drafter, or anyone who could have drafted it once the drafter no longer could: its cases
    must not wait for ever.
    """

    def named(self, user: User, approval: "Approval") -> tuple[str, ...] | str:
        return super().named(user, approval) if approval.is_held_by_drafter else DRAFTERS

    def q(self, user: User) -> models.Q:
        return super().q(user) | office(*DRAFTERS).q(user)


def not_free_to_draft(by: User, cases: list[Case]) -> list[str]:
    """Whoever typed an application in for its applicant does not draft what is decided about it.

    The pair of drafting and deciding is asked when an approval is decided, of the approval and its
    cases.
    """
    done = duties.done(by, [f"case:{case.pk}" for case in cases])
    typed = {subject: found & {"file_application"} for subject, found in done.items()}
    return duties.conflicts(by, typed, "draft_approval", typed)


def no_last_step(approval: "Approval") -> list[str]:
    if approval.pk and not any(step.kind == "decide" for step in approval.steps_now):
        return [_("決裁する人を選んでください。")]
    return []


def last_step(approval: "Approval") -> list[str]:
    if any(step.kind != "decide" for step in approval.open_steps):
        return [_("先に回議が終わる必要があります。")]
    return []


def before_last(approval: "Approval") -> list[str]:
    if any(step.kind == "decide" for step in approval.open_steps):
        return [_("最後の段階です。「決裁する」を押してください。")]
    return []


def scopes(cases: list[Case]) -> list[Scope]:
    """What a role over all of these cases covers: of a case of several towns, each."""
    return each_town(scope_of(case) for case in cases)


def able(kind: str, cases: list[Case], approval: "Approval | None" = None) -> models.QuerySet[User]:
    """Who may be given a step of `kind`: a live role over every case, no interest in any, and no
    duty done on one, or on the draft itself, that forbids it.
    """
    held: dict[int, list[StaffRole]] = {}
    rows = StaffRole.objects.filter(
        in_force(), role__in=ROLES_OF_STEP[kind], person__is_active=True
    )
    for role in rows:
        held.setdefault(role.person_id, []).append(role)
    wanted = scopes(cases)
    found = {person for person, roles in held.items() if covers_all(roles, wanted)}
    subjects = [f"case:{case.pk}" for case in cases]
    subjects += [approval.subject_key] if approval is not None and approval.pk else []
    barred = duties.barred(DUTY_OF_STEP[kind], subjects)
    return User.objects.filter(pk__in=found - people(cases) - barred).order_by("name")


def may_take(
    person: User, kind: str, cases: list[Case], approval: "Approval | None" = None
) -> bool:
    return able(kind, cases, approval).filter(pk=person.pk).exists()
