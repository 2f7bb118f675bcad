"""Whose turn a review makes it: the reviewer's, by name."""

from typing import Any

from grants.reviews.models import Review
from portal import clock, fiscal
from portal.ports import TurnWanted


def turns_of(case: Any) -> list[TurnWanted]:
    reviews = (
        Review.objects.filter(application__case=case).exclude(state__in=Review.DONE).select_related("reviewer", "panel")
    )
    wanted = []
    for review in reviews:
        since = (review.state_since or clock.now()).astimezone(clock.JST).date()
        due_on = min(review.panel.due_on, fiscal.add_business_days(since, review.info.days or 5))
        wanted.append(TurnWanted("office", str(review.info.todo), person=review.reviewer, due_on=due_on, obj=review))
    return wanted
