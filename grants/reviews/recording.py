"""How the record of a selection is made: before the first decision of what stands in it."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.applications.states import ELIGIBLE
from grants.programmes.models import Call
from grants.programmes.selecting import compared_with
from grants.reviews.models import Review
from grants.reviews.ranking import Ranked, left, ranked
from grants.reviews.records import (
    ReviewFacts,
    RowFacts,
    SelectedRow,
    SelectionFacts,
    SelectionRecord,
)
from grants.reviews.states import ReviewState
from portal.accounts.models import User
from portal.audit.chain import sha256, write
from portal.audit.models import Event
from portal.audit.rows import disposed_chains
from portal.workflow.errors import NotReady

# these end with words of why: an interest, an absence, a panel that closed without the score
STEPPED_OUT = (ReviewState.RECUSED, ReviewState.REPLACED, ReviewState.RELEASED)
WHY = ("review.recuse", "review.replace", "review.release")


def keep(application: Application, by: User) -> None:
    """Keep the selection as it is now, unless the application stands in a record already.

    Where arrival decides nobody is compared, and nothing is selected. Raises NotReady where two
    decide the same frame at the same moment.
    """
    call, frame = application.call, application.frame
    is_compared = compared_with(call.stated.selection) != "none"
    if not is_compared or application.pk in _recorded(application):
        return
    found = ranked(call, frame)
    n = SelectionRecord.objects.filter(call=call, frame=frame).count() + 1
    try:
        with transaction.atomic():
            record = SelectionRecord.objects.create(
                call=call, frame=frame, n=n, decided_by=by, facts=_of_selection(call, frame)
            )
    except IntegrityError:
        raise NotReady(_("同じ枠の別の決定と重なりました。もう一度押してください。")) from None
    whys = _whys(row["application"] for row in found)
    facts = [_of_row(row, whys) for row in found]
    SelectedRow.objects.bulk_create(
        SelectedRow(
            record=record,
            application=row["application"],
            n=k,
            facts=told,
            sha256=sha256(write(told)),
        )
        for k, (row, told) in enumerate(zip(found, facts, strict=True), 1)
    )


def _recorded(application: Application) -> set[int]:
    """Who of its call stands in a record already. Kept with the call, since a record stays: many are
    decided at once, and the first has it made.
    """
    call = application.call
    known: set[int] = call.__dict__.setdefault("recorded", set())
    if application.pk not in known:
        known.update(
            SelectedRow.objects.filter(record__call=call).values_list("application", flat=True)
        )
    return known


def _of_selection(call: Call, frame: str) -> SelectionFacts:
    """The rules and the money at that moment, who sat on the panels, and what was not ranked."""
    stated = call.stated
    beside = call.applications.filter(frame=frame, arrived_at__isnull=False).exclude(
        state__in=ELIGIBLE
    )
    return {
        "frame": stated.frame(frame).name.ja,
        "selection": stated.selection,
        "pass_mark": stated.pass_mark,
        "left": left(call, frame),
        "seed": call.seed,
        "seed_hash": call.seed_hash,
        "criteria": [(c.name.ja, c.weight, c.maximum) for c in stated.criteria],
        "panels": [
            {
                "members": [member.name for member in panel.members.order_by("pk")],
                "due_on": panel.due_on.isoformat(),
                "minutes": panel.minutes,
            }
            for panel in call.panels.all()
        ],
        "beside": [
            (row.case.number, row.state)
            for row in beside.select_related("case").order_by("arrived_at")
        ],
    }


def _whys(applications: Iterable[Application]) -> dict[str, str]:
    """Chain and number of a review → why its reviewer stepped out of it."""
    out = Review.objects.filter(application__in=[a.pk for a in applications], state__in=STEPPED_OUT)
    subjects = [f"review:{pk}" for pk in out.values_list("pk", flat=True)]
    events = Event.objects.filter(subject__in=subjects, action__in=WHY).select_related("payload")
    return {
        event.subject: str(event.payload.data().get("reason", ""))
        for event in events.order_by("pk")
    }


def _of_row(row: Ranked, whys: dict[str, str]) -> RowFacts:
    application, place = row["application"], row["place"]
    case = application.case
    return {
        "rank": place.rank,
        "number": case.number,
        "firm": case.organisation.name,
        "title": case.title,
        "amount": place.entrant.amount,
        "cumulative": place.cumulative,
        "score": None if place.entrant.score is None else f"{float(place.entrant.score):.2f}",
        "arrived_at": place.entrant.arrived_at.isoformat(),
        "state": application.state,
        "passed": place.passed,
        "tied": place.tied,
        "inside": place.inside,
        "lot": row["lot"],
        "reviews": [_of_review(review, whys) for review in application.reviews.all()],
    }


def _of_review(review: Review, whys: dict[str, str]) -> ReviewFacts:
    points = {score.criterion: score for score in review.scores.all()}
    asked = [(c, points[c.key]) for c in review.panel.call.stated.criteria if c.key in points]
    return {
        "reviewer": review.reviewer.name,
        "state": review.state,
        "total": None if review.total is None else f"{float(review.total):.2f}",
        "points": [(c.name.ja, score.points, c.maximum, score.reason) for c, score in asked],
        "comment": review.comment,
        "why": whys.get(review.subject_key, ""),
    }


def first_fault() -> str:
    """The first row whose facts are not those of its SHA-256, or were erased without a disposal, as
    a sentence, or "".
    """
    disposed = disposed_chains()
    rows = SelectedRow.objects.order_by("pk").values_list(
        "pk", "facts", "sha256", "application__case"
    )
    for pk, facts, digest, case in rows.iterator(chunk_size=500):
        is_erased = not facts and f"case:{case}" in disposed
        if not is_erased and sha256(write(facts)) != digest:
            return f"grants_reviews.SelectedRow {pk}: its facts were changed"
    return ""
