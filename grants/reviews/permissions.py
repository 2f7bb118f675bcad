"""Who may act on a review."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

from grants.reviews.states import ReviewState
from portal.accounts.models import User
from portal.accounts.permissions import interests

if TYPE_CHECKING:
    from grants.reviews.models import Review


class Own:
    """Whoever the row is assigned to may always step back, whatever is known of them by then."""

    def reasons(self, user: User, review: "Review") -> list[str]:
        return (
            [] if review.reviewer_id == user.pk else [_("この審査を受け持つ審査員だけが行えます。")]
        )

    def q(self, user: User) -> models.Q:
        return models.Q(reviewer=user)


class Assigned:
    """The reviewer the row is assigned to, while the role is in force and no interest is known."""

    def reasons(self, user: User, review: "Review") -> list[str]:
        if review.reviewer_id != user.pk or not user.has_role("reviewer"):
            return [_("この審査を受け持つ審査員だけが行えます。")]
        return [] if review.state == ReviewState.ASSIGNED else interests(user, review)

    def q(self, user: User) -> models.Q:
        return models.Q(reviewer=user)
