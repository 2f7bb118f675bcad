"""What is bound into the whole of a case of its review: who gave which points, and why."""

from grants.programmes.models import said
from grants.reviews.models import Review
from grants.reviews.states import ReviewState
from portal.accounts.models import User
from portal.cases.dossier import facts
from portal.cases.models import Case
from portal.cases.ports import Section


def scores(case: Case, _user: User) -> list[Section]:
    reviews = (
        Review.objects.filter(application__case=case)
        .exclude(state=ReviewState.REPLACED)
        .select_related("reviewer", "panel__call")
        .prefetch_related("scores")
    )
    return [_review(review) for review in reviews]


def _review(review: Review) -> Section:
    names = {row.key: said(row.name) for row in review.panel.call.stated.criteria}
    return facts(
        f"審査　{review.reviewer.name}",
        ("状態", review.info.label),
        ("採点", review.scored_at),
        *[
            (names.get(score.criterion, score.criterion), f"{score.points}点　{score.reason}")
            for score in review.scores.all()
        ],
        ("講評", review.comment),
    )
