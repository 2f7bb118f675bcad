"""What an interest that a reviewer declares ends."""

from grants.reviews import outgoing
from grants.reviews.models import Review
from portal.accounts.models import User
from portal.cases.models import Case
from portal.workflow.door import perform, tell
from portal.workflow.requirements import unmet


def step_back(case: Case, person: User, detail: str) -> None:
    """End the person's reviews of the case.

    A score that a decision rests on stands, and the officer hears of it.
    """
    for review in Review.objects.filter(application__case=case, reviewer=person).exclude(
        state__in=Review.GONE
    ):
        if unmet(review, review.specs()["recuse"]):
            tell(case, "office", outgoing.SCORE_STANDS, by=person)
        else:
            perform(review, "recuse", by=person, reason=detail)
