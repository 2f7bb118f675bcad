"""Why a panel may not close yet, and what stands in the way of a score or of a decision."""

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.reviews.states import DONE, OPEN, REVIEWED, ReviewState
from portal import clock
from portal.approvals.turns import is_live
from portal.ui.templatetags.ui import day

if TYPE_CHECKING:
    from grants.reviews.models import Review, ReviewPanel


def unfinished(panel: "ReviewPanel") -> list[str]:
    """Whoever was asked has until their day.

    After it the panel closes without their scores, for a reason that is kept.
    """
    waits = [review for review in panel.missing() if review.state in OPEN]
    last = max((review.score_by for review in waits), default=None)
    if last is None or last < clock.today():
        return []
    return [
        _(
            "採点の終わっていない審査が%(n)s件あります（%(who)s）。期限の%(day)sを過ぎると、理由を書いて閉じられます。"
        )
        % {"n": len(waits), "who": "、".join(by_reviewer(waits)), "day": day(last)}
    ]


def without_score(panel: "ReviewPanel") -> list[str]:
    """An application under review that nobody scored needs another reviewer first."""
    waiting = Application.objects.filter(reviews__panel=panel, state=ApplicationState.UNDER_REVIEW)
    rows = waiting.exclude(reviews__state=ReviewState.SCORED).distinct().select_related("case")
    cases = "、".join(str(row.case) for row in rows)
    said = _("採点が一つもない申請が%(n)s件あります（%(cases)s）。代わりの審査員を決めてください。")
    return [said % {"n": len(rows), "cases": cases}] if rows else []


def by_reviewer(reviews: list["Review"]) -> list[str]:
    """Whose reviews they are, and how many of each state."""
    counts: dict[str, Counter[str]] = {}
    for review in reviews:
        counts.setdefault(review.reviewer.name, Counter())[review.state] += 1
    said, each = _("%(name)sさん：%(counts)s"), _("%(state)s%(n)s件")
    rows = {
        name: [each % {"state": ReviewState.of(state).label, "n": n} for state, n in found.items()]
        for name, found in counts.items()
    }
    return [said % {"name": name, "counts": "、".join(row)} for name, row in rows.items()]


def decided(review: "Review") -> list[str]:
    """Scores are what a decision rests on: they stand once one is drafted.

    Nobody scores what was withdrawn.
    """
    state = review.application.state
    if state == ApplicationState.CALLED_OFF:
        return [_("公募は中止されました。採点は要りません。")]
    if state == ApplicationState.WITHDRAWN:
        return [_("申請は取り下げられました。採点は要りません。")]
    if state not in REVIEWED:
        return [
            _("「%(state)s」の申請の採点は、もう変えられません。")
            % {"state": review.application.info.label}
        ]
    if is_live(review.case):
        return [
            _(
                "この申請の決定が起案されています。採点を変えるときは、先に起案を取り下げてもらってください。"
            )
        ]
    return []


def unscored(application: Application) -> list[str]:
    """Why nothing can be decided yet: a score is asked for, or asked for again."""
    n = sum(review.state not in DONE for review in application.reviews.all())
    return (
        [
            _("採点の終わっていない審査が%(n)s件あります。採点が出そろってから決定します。")
            % {"n": n}
        ]
        if n
        else []
    )


def relied_on(review: "Review") -> list[str]:
    """A score that a drafted decision rests on is not taken back.

    The officer hears of the interest instead.
    """
    return decided(review) if review.state == ReviewState.SCORED else []
