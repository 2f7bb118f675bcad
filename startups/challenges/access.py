"""Who of the office opens a challenge."""

from django.shortcuts import get_object_or_404

from portal.accounts.models import User
from portal.types import SignedIn
from startups.challenges.models import Challenge


def challenge_for(user: User, pk: int) -> Challenge:
    """For the office, within the scope of the person's role, or 404."""
    return get_object_or_404(Challenge.objects.visible_to(user), pk=pk)


def challenge_at(request: SignedIn, number: str) -> Challenge:
    return get_object_or_404(Challenge.objects.visible_to(request.user), number=number)
