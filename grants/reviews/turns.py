"""Whose turn a review makes it: the reviewer's, by name."""

from typing import Any

from grants.reviews.models import REVIEWED, Review
from portal import fiscal
from portal.cases.found import OfCase
from portal.ports import TurnSource, TurnWanted

open_reviews = OfCase(
    lambda: (
        Review.objects.filter(application__state__in=REVIEWED)
        .exclude(state__in=Review.DONE)
        .select_related("reviewer", "panel", "application")
    ),
    "application__case",
)


def turns_of(case: Any) -> list[TurnWanted]:
    wanted = []
    for review in open_reviews.all(case):
        since = review.state_day
        due_on = min(review.panel.due_on, fiscal.add_business_days(since, review.info.days or 5))
        wanted.append(TurnWanted("office", str(review.info.todo), person=review.reviewer, due_on=due_on, obj=review))
    return wanted


SOURCE = TurnSource(turns_of, (open_reviews,))
