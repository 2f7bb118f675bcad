"""What a reviewer reads of an application that they are asked to review: one table, by the state of
their review.

Interests are declared before anything is read. Whatever the table says, nobody reads a case in
which an interest of theirs is known (`portal.cases.visibility`).
"""

from typing import Literal

from django.db.models import QuerySet

from grants.reviews.models import Review
from grants.reviews.states import ReviewState
from portal.accounts.models import User

# review: its own page, which names the applicant so that interests can be declared
# case: the application with its files, the page of the case, and the case in lists
# secret: what the applicant marked secret, where the reviewer was cleared for it
Part = Literal["review", "case", "secret"]

READS: dict[str, tuple[Part, ...]] = {
    ReviewState.ASSIGNED: ("review",),
    ReviewState.DECLARED: ("review", "case", "secret"),
    ReviewState.SCORED: ("review", "case", "secret"),
    ReviewState.REOPENED: ("review", "case", "secret"),
    ReviewState.RECUSED: (),
    ReviewState.REPLACED: (),
    ReviewState.RELEASED: (),
}


def reads(user: User, review: Review, part: Part) -> bool:
    """Is it a review by which the person reads the part?"""
    return review.reviewer_id == user.pk and part in READS[review.state]


def reviews(user: User | int, part: Part) -> QuerySet[Review]:
    """The reviews by which the person (or whoever has this key) reads the part."""
    states = [state for state, parts in READS.items() if part in parts]
    return Review.objects.filter(reviewer=user, state__in=states)
