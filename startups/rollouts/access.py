"""Who opens a roll-out, and whom it is brought before."""

from django.db.models import Q
from django.shortcuts import get_object_or_404

from portal.accounts.models import StaffRole, User
from portal.cases.models import Case
from portal.types import SignedIn
from startups.rollouts.models import Rollout
from startups.rollouts.turns import KIND


def adopted(_role: StaffRole) -> Q:
    """Roll-outs: the department's, and for their budget and contract the finance officer's."""
    return Q(kind=KIND)


def rollout_for(user: User, pk: int) -> Rollout:
    rows = Rollout.objects.select_related("case__organisation", "pilot__case", "municipality")
    return get_object_or_404(rows, pk=pk, case__in=Case.objects.visible_to(user))


def rollout_at(request: SignedIn, number: str) -> Rollout:
    rows = Rollout.objects.select_related(
        "case__organisation", "pilot__case", "pilot__challenge", "municipality"
    )
    return get_object_or_404(
        rows, case__number=number, case__in=Case.objects.visible_to(request.user)
    )
