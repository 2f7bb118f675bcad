"""Which approvals a person sees, and which wait for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from portal.accounts.models import User
from portal.accounts.permissions import any_of, prefixed, staff_scope
from portal.approvals.models.parts import Item, Step
from portal.approvals.states import WITH_DRAFTER, ApprovalState
from portal.approvals.stations import DRAFTERS, READERS, ROLES_OF_STEP, STATIONS
from portal.cases import visibility

if TYPE_CHECKING:
    from portal.approvals.models.approval import Approval  # noqa: F401  in quotes below


def outside(user: User, *roles: str) -> models.Exists:
    """Approvals with a case that none of the person's live `roles` covers."""
    scope = any_of(
        [prefixed(staff_scope(role), "case") for role in user.roles() if role.role in roles]
    )
    return models.Exists(Item.objects.filter(approval=models.OuterRef("pk")).exclude(scope))


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting_for(self, user: User) -> ApprovalQuerySet:
        """Those that wait for this person now: their step, or theirs to send on; never those beyond
        their live roles.
        """
        undecided = Step.objects.filter(
            approval=models.OuterRef("pk"), round=models.OuterRef("round"), decided_at=None
        ).order_by("n")
        found = self.annotate(
            at_person=models.Subquery(undecided.values("person")[:1]),
            at_kind=models.Subquery(undecided.values("kind")[:1]),
        )
        mine = models.Q(state=ApprovalState.CIRCULATED, at_person=user.pk)
        deciding = mine & models.Q(at_kind="decide") & ~outside(user, *ROLES_OF_STEP["decide"])
        agreeing = mine & ~models.Q(at_kind="decide") & ~outside(user, *STATIONS)
        drafted = models.Q(state__in=WITH_DRAFTER, drafted_by=user) & ~outside(user, *DRAFTERS)
        return found.filter(deciding | agreeing | drafted)

    def visible_to(self, user: User) -> ApprovalQuerySet:
        """Those about a case that a role of the person's brings before them; those they drafted or
        have a step in.
        """
        seen = any_of(
            [visibility.scope_of_role(role) for role in user.roles() if role.role in READERS]
        )
        about = Item.objects.filter(prefixed(seen, "case")).values("approval")
        steps = Step.objects.filter(person=user).values("approval")
        return self.filter(
            models.Q(pk__in=about) | models.Q(pk__in=steps) | models.Q(drafted_by=user)
        )
