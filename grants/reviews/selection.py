"""The ranking of a call's applications, with the budget line, for all three ways of selecting."""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.budget.models import lines_of
from grants.programmes.models import Call
from grants.programmes.parameters import Criterion
from grants.reviews import rules

ELIGIBLE = ("accepted", "reviewed", "selected", "waitlisted")


def scores_of(application: Application) -> list[Fraction]:
    """The totals of the reviewers who scored, out of 100."""
    return [review.total for review in application.reviews.all() if review.total is not None]


def by_criterion(application: Application) -> list[tuple[Criterion, Fraction]]:
    """The average points of each criterion, for the notice to the rejected and the applicant's page."""
    scored = [review for review in application.reviews.all() if review.state == "scored"]
    found = []
    for criterion in application.call.stated.criteria:
        points = [s.points for review in scored for s in review.scores.all() if s.criterion == criterion.key]
        if points:
            found.append((criterion, Fraction(sum(points), len(points))))
    return found


def shown_scores(application: Application) -> list[tuple[str, str]]:
    """(criterion, "3.4／5") for the rejected, where the call allows it."""
    if not application.call.stated.scores_to_rejected:
        return []
    return [(c.name.ja, f"{float(points):.1f}／{c.maximum}") for c, points in by_criterion(application)]


def left(call: Call, frame: str) -> dict[str, int | None]:
    """What the frame's lines have left: {"amount": yen or seats, "slots": …}, None where there is no such line."""
    lines = {line.unit: line.available for line in lines_of(call, frame)}
    return {"amount": lines.get("yen", lines.get("seats")), "slots": lines.get("slots")}


def ranking(call: Call, frame: str) -> list[dict[str, Any]]:
    """Rows of the ranking: place, application, scores, and what is likely to become of it."""
    applications = {
        a.pk: a
        for a in Application.objects.filter(call=call, frame=frame, state__in=ELIGIBLE)
        .select_related("case__organisation", "call")
        .prefetch_related("reviews__scores", "reviews__panel__call")
    }
    totals = {pk: scores_of(a) for pk, a in applications.items()}
    entrants = [
        rules.Entrant(
            a.pk,
            a.case.receipt_number,
            a.requested_amount or 0,
            a.arrived_at or a.case.opened_at,
            rules.average(totals[a.pk]),
        )
        for a in applications.values()
    ]
    stated, remaining = call.stated, left(call, frame)
    places = rules.ranking(
        entrants, stated.selection, budget=remaining["amount"], slots=remaining["slots"], pass_mark=stated.pass_mark,
        tie=stated.tie, seed=call.seed,
    )  # fmt: skip
    return [
        {
            "place": p,
            "application": applications[p.entrant.pk],
            "scores": sorted(totals[p.entrant.pk]),
            "outlook": outlook(p),
        }
        for p in places
    ]


def outlook(place: rules.Place) -> tuple[str, str]:
    """Tone and words for what the ranking says of a row, before anybody decides."""
    if not place.passed:
        return "rest", _("基準点に届かない")
    if place.tied:
        return "care", _("同点（審査会で決める）")
    return ("good", _("予算内")) if place.inside else ("rest", _("予算外（補欠）"))
