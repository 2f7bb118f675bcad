"""The ranking of a call's applications, with the budget line, for all three ways of selecting."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypedDict

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.applications.deciding import too_early
from grants.applications.models import Application
from grants.applications.states import ELIGIBLE, ApplicationState
from grants.budget.models import lines_of
from grants.programmes.models import Call
from grants.programmes.parameters import Criterion
from grants.programmes.selecting import is_scored
from grants.reviews import rules
from grants.reviews.states import ReviewState
from portal.approvals.ports import acts
from portal.together import together


class Outlook(NamedTuple):
    """What the ranking foresees of a row: how that looks, in words, and the act by which it comes;
    "" where people must choose first.
    """

    tone: str
    words: str
    act: str


class Ranked(TypedDict):
    """A row of the ranking. `scores`: the reviewers' totals; `lot`: what the draw made of its receipt
    number, "" where lots do not decide or are not drawn.
    """

    place: rules.Place
    application: Application
    scores: list[Fraction]
    outlook: Outlook
    lot: str


def scores_of(application: Application) -> list[Fraction]:
    """The totals of the reviewers who scored, out of 100."""
    return [review.total for review in application.reviews.all() if review.total is not None]


def by_criterion(application: Application) -> list[tuple[Criterion, Fraction]]:
    """The average points of each criterion, for the rejected and the applicant's page."""
    scored = [review for review in application.reviews.all() if review.state == ReviewState.SCORED]
    found = []
    for criterion in application.stated.criteria:
        points = [
            s.points
            for review in scored
            for s in review.scores.all()
            if s.criterion == criterion.key
        ]
        if points:
            found.append((criterion, Fraction(sum(points), len(points))))
    return found


def shown_scores(application: Application) -> list[tuple[str, str]]:
    """(criterion, "3.4／5") and the total for the rejected, where the call allows it."""
    if not application.stated.scores_to_rejected:
        return []
    rows = [
        (c.name.ja, f"{float(points):.1f}／{c.maximum}") for c, points in by_criterion(application)
    ]
    total = rules.average(scores_of(application))
    return rows if total is None else [*rows, ("総合点", f"{float(total):.1f}／100")]


def left(call: Call, frame: str) -> dict[str, int | None]:
    """What the frame's lines have left, in "amount" (yen or seats) and "slots".

    None where there is no such line.
    """
    lines = {line.unit: line.available for line in lines_of(call, frame)}
    return {"amount": lines.get("yen", lines.get("seats")), "slots": lines.get("slots")}


def _read(applications: QuerySet[Application]) -> list[Application]:
    """With all that the ranking asks of each."""
    rows = applications.select_related("case__organisation", "call")
    with together() as ask:
        found = ask(rows.prefetch_related("reviews__scores", "reviews__panel__call"))
    return found


def _entrant(application: Application) -> rules.Entrant:
    case, score = application.case, rules.average(scores_of(application))
    arrived_at = application.place_at or case.opened_at
    return rules.Entrant(
        application.pk, case.receipt_number, application.requested_amount or 0, arrived_at, score
    )


def in_order(applications: Collection[Application]) -> list[Application]:
    """The applications in the order of their rankings, frame by frame, whatever state they are in."""
    read = {a.pk: a for a in _read(Application.objects.filter(pk__in=[a.pk for a in applications]))}
    frames: dict[tuple[int, str], list[rules.Entrant]] = {}
    for row in sorted(read.values(), key=lambda a: (a.call_id, a.frame)):
        frames.setdefault((row.call_id, row.frame), []).append(_entrant(row))
    place: dict[int, int] = {}
    for entrants in frames.values():
        call = read[entrants[0].pk].call
        for entrant in rules.order(
            entrants, call.stated.selection, tie=call.stated.tie, seed=call.seed
        ):
            place[entrant.pk] = len(place)
    return sorted(applications, key=lambda application: place[application.pk])


def waiting_ranks(
    call: Call, frame: str, joining: Collection[int], drafted: Mapping[int, str] | None = None
) -> dict[int, int]:
    """Primary key → rank on the waiting list, in the order of the ranking, of those who wait and
    those `joining` them.

    Whoever is still to be decided, has passed and lies beyond the money that is left, or stands in
    a draft for the list (`drafted`: application → act), may come onto it later: their rank is kept
    free, so that a list decided in several drafts comes out as if it had been decided in one. A
    rank once told is kept where the order allows it.
    """
    drafts = drafted or {}
    rank, found = 0, {}
    for row in ranked(call, frame):
        application, place = row["application"], row["place"]
        waits = application.state == ApplicationState.WAITLISTED
        expected = (
            drafts.get(application.pk, "waitlist") == "waitlist"
            and place.passed
            and not place.inside
        )
        if (
            waits
            or application.pk in joining
            or expected
            or drafts.get(application.pk) == "waitlist"
        ):
            rank = max(rank + 1, application.waiting_rank or 0) if waits else rank + 1
        if waits or application.pk in joining:
            found[application.pk] = rank
    return found


def ranked(call: Call, frame: str) -> list[Ranked]:
    """Rows of the ranking: place, application, scores, and what is likely to become of it."""
    rows = _read(Application.objects.filter(call=call, frame=frame, state__in=ELIGIBLE))
    for application in rows:
        application.call = call  # with what was read with it
    applications = {a.pk: a for a in rows}
    totals = {pk: scores_of(a) for pk, a in applications.items()}
    entrants = [_entrant(a) for a in rows]
    stated, remaining = call.stated, left(call, frame)
    places = rules.ranking(
        entrants,
        stated.selection,
        budget=remaining["amount"],
        slots=remaining["slots"],
        pass_mark=stated.pass_mark,
        tie=stated.tie,
        seed=call.seed,
    )
    return [
        Ranked(
            place=p,
            application=applications[p.entrant.pk],
            scores=sorted(totals[p.entrant.pk]),
            outlook=outlook(
                p.passed,
                p.tied,
                p.inside,
                unscored=is_scored(stated.selection) and p.entrant.score is None,
            ),
            lot=rules.lottery_key(call.seed, p.entrant.receipt) if call.seed else "",
        )
        for p in places
    ]


def outlook(passed: bool, tied: bool, inside: bool, *, unscored: bool = False) -> Outlook:
    """What the ranking says of a row, before anybody decides; `unscored`: marks decide, and nobody
    gave one.
    """
    if unscored:
        return Outlook("care", _("採点がまだ"), "")
    if not passed:
        return Outlook("rest", _("基準点に届かない"), "reject")
    if tied:
        return Outlook("care", _("同点（審査会で決める）"), "")
    if inside:
        return Outlook("good", _("予算内"), "award")
    return Outlook("rest", _("予算外（補欠）"), "waitlist")


def lines(rows: Sequence[Ranked], *, scored: bool) -> dict[str, int | None]:
    """How many rows stand above the line of the budget, all of them where all fit, and above that of
    the pass mark; None where nobody lies below it.
    """
    over = (n for n, row in enumerate(rows) if not row["place"].fits)
    failed = (
        n
        for n, row in enumerate(rows)
        if not row["place"].passed and row["place"].entrant.score is not None
    )
    return {"budget": next(over, len(rows)), "mark": next(failed, None) if scored else None}


def _performed(act: str) -> str:
    """The transition of an application that the act performs."""
    return acts[act].performs or act


def decidable(
    rows: Sequence[Ranked], offered: Collection[str], left_out: Collection[int]
) -> set[int]:
    """The applications that one of the acts `offered` may be drafted on now, without those `left_out`."""
    return {
        row.pk
        for row in (ranked["application"] for ranked in rows)
        if row.pk not in left_out
        and any(row.state in row.specs()[_performed(act)].sources for act in offered)
        and not too_early(row)
    }


def by_act(rows: Sequence[Ranked], offered: Collection[str]) -> dict[str, list[Application]]:
    """Act of those `offered` → the applications to be drafted as the ranking foresees, in its order;
    without those whose state the act would not change.
    """
    act_of = {_performed(act): act for act in offered}
    found: dict[str, list[Application]] = defaultdict(list)
    for row in rows:
        application, foreseen = row["application"], row["outlook"].act
        act = act_of.get(foreseen)
        if act and application.state in application.specs()[foreseen].sources:
            found[act].append(application)
    return dict(found)
