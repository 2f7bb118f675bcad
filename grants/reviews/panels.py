"""What a call's page and a case's page show of the review."""

from dataclasses import dataclass, field
from typing import TypedDict

from django.db.models import Count, Prefetch

from grants.applications.models import Application
from grants.applications.states import STEPPED_OUT, ApplicationState
from grants.programmes.models import Call, said
from grants.programmes.selecting import is_scored
from grants.reviews import rules
from grants.reviews.models import Review, ReviewPanel
from grants.reviews.ranking import by_criterion, scores_of
from grants.reviews.states import PanelState, ReviewState
from portal.accounts.models import User
from portal.accounts.permissions import covers, covers_whole
from portal.audit.models import Event
from portal.cases import visibility
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.types import Context
from portal.workflow.door import Action, actions

reviews_of = OfCase(
    lambda: Review.objects.select_related("reviewer", "panel__call").prefetch_related("scores"),
    "application__case",
)
REVIEWS_OF_PANELS = Prefetch(
    "panels__reviews",
    Review.objects.select_related("reviewer", "application__case", "panel").order_by(
        "reviewer", "pk"
    ),
)
rated = OfCase(
    lambda: Application.objects.select_related("call").prefetch_related("reviews__scores")
)
# nobody was asked yet
BEFORE_REVIEW = (ApplicationState.DRAFT, ApplicationState.SUBMITTED)


def of_call(call: Call, user: User) -> tuple[str, Context] | None:
    """How many applications are where, for whoever decides about them."""
    if not covers(user, call, *visibility.DECIDERS):
        return None
    counts = dict(
        Application.objects.filter(call=call).values_list("state").annotate(n=Count("pk"))
    )
    rows = [(state.label, counts[state]) for state in ApplicationState if state in counts]
    may_convene = (
        is_scored(call.stated.selection)
        and covers_whole(user, call, "programme_officer")
        and counts.get(ApplicationState.ACCEPTED)
    )
    return "grants/reviews/call_panel.html", {
        "counts": rows,
        "call": call,
        "records": call.selection_records.all(),
        "may_convene": may_convene,
    }


def of_case(case: Case, user: User) -> Context | None:
    """Staff see who scored what, a reviewer their own.

    The applicant sees averages, the total beside the pass mark, and what the reviewers wrote, unsigned,
    once rejected, where the call allows it.
    """
    if user.is_office:
        if case.state in BEFORE_REVIEW:
            return None
        reviews = reviews_of.all(case)
        only_mine = not visibility.reads(user, case, visibility.DECIDERS)
        shown = [r for r in reviews if r.reviewer_id == user.pk] if only_mine else reviews
        return {"reviews": shown} if shown else None
    application = rated.first(case) if case.state == ApplicationState.REJECTED else None
    return _for_rejected(application) if application is not None else None


def _for_rejected(application: Application) -> Context | None:
    shown = _scores(application) if application.stated.scores_to_rejected else {}
    if application.stated.comments_to_rejected:
        scored = [row for row in application.reviews.all() if row.state == ReviewState.SCORED]
        # by what they say: whose each is cannot be told from its place
        shown["comments"] = sorted(row.comment for row in scored if row.comment)
    return shown if any(shown.values()) else None


def _scores(application: Application) -> Context:
    rows = [
        (said(c.name), f"{float(points):.1f}", c.maximum) for c, points in by_criterion(application)
    ]
    total = rules.average(scores_of(application))
    if not rows or total is None:
        return {}
    mark = application.stated.pass_mark
    return {"averages": rows, "total": f"{float(total):.1f}", "pass_mark": mark}


@dataclass
class Progress:
    """How far one reviewer of a panel is: asked for (what they stepped back from aside), scored,
    still open, and stepped back from.
    """

    name: str
    asked: int = 0
    scored: int = 0
    open: list[Review] = field(default_factory=list)
    lost: list[tuple[Review, list[Action]]] = field(default_factory=list)


class Standing(TypedDict):
    """A panel as whoever decides sees it. `to_replace`: somebody stepped back and another is to be
    found, before anybody closes it; `why`: why it closed without scores.
    """

    panel: ReviewPanel
    actions: list[Action]
    progress: list[Progress]
    to_replace: int
    why: str


def standing(panel: ReviewPanel, user: User) -> Standing:
    """A panel, read with `REVIEWS_OF_PANELS`, as whoever decides sees it, reviewer by reviewer, with
    what can be done now.
    """
    found: dict[int, Progress] = {}
    for review in panel.reviews.all():
        if review.state == ReviewState.REPLACED or review.application.state in STEPPED_OUT:
            continue
        progress = found.setdefault(review.reviewer_id, Progress(review.reviewer.name))
        progress.asked += review.state not in Review.GONE
        progress.scored += review.state == ReviewState.SCORED
        if review.state in Review.OPEN:
            progress.open.append(review)
        elif review.state in Review.GONE:
            progress.lost.append(
                (review, [a for a in actions(user, review) if a.spec.name == "replace"])
            )
    return {
        "panel": panel,
        "actions": actions(user, panel),
        "progress": list(found.values()),
        "to_replace": sum(
            review.state == ReviewState.RECUSED and any(not action.reasons for action in found_now)
            for progress in found.values()
            for review, found_now in progress.lost
        ),
        "why": _why(panel),
    }


def _why(panel: ReviewPanel) -> str:
    """Why it closed though scores were missing; "" where none was, or it is open."""
    if panel.state != PanelState.CLOSED:
        return ""
    closed = (
        Event.objects.filter(chain=panel.audit_chain, action="reviewpanel.close")
        .select_related("payload")
        .last()
    )
    return str(closed.payload.data().get("reason", "")) if closed is not None else ""
