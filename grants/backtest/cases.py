"""The past cases of a programme, read for a back-test: as many questions for two hundred as for ten."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, cast

from django.db.models import Count, QuerySet

from grants.applications import rules
from grants.applications.content import Content, Sum
from grants.applications.models import Application, ApplicationVersion
from grants.applications.said_facts import of_version
from grants.applications.states import OPEN, ApplicationState
from grants.awards.assessed import AssessedItem
from grants.awards.models import Award
from grants.backtest import comparing
from grants.backtest.comparing import Outcome, Rules
from grants.backtest.reckoning import Decided, Filed, Money, frame_of
from grants.budget.models import BudgetLine
from grants.programmes.models import Call, IntakePeriod
from grants.programmes.models import Programme as Revision
from grants.programmes.parameters import Programme
from grants.reviews.models import Score
from grants.reviews.states import ReviewState
from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case
from portal.together import together

MOST = 2_000  # cases of one run: what a page reckons in a second or two
DECIDED: Mapping[str, Decided] = {
    **dict.fromkeys(OPEN, "open"),
    ApplicationState.AWARDED: "in",
    ApplicationState.WAITLISTED: "waits",
    ApplicationState.REJECTED: "out",
    ApplicationState.INADMISSIBLE: "out",
}
Version: TypeAlias = tuple[int, Content, Content, Content, Content]
OfCall = TypeVar("OfCall", BudgetLine, IntakePeriod)


@dataclass
class Past:
    """A call with its cases under the revision. `rows`: those that the person sees, with their applications;
    `unseen`: how many more took part in the ranking.
    """

    call: Call
    rows: list[tuple[Application, Outcome]]
    unseen: int
    then: Mapping[str, Money]
    now: Mapping[str, Money]


def calls_of(code: str) -> dict[Call, int]:
    """The calls of a programme that have cases, the latest first; and how many."""
    mine = _kept().filter(call__programme__code=code).order_by()
    counts = dict(mine.values_list("call").annotate(n=Count("pk")))
    calls = Call.objects.filter(pk__in=counts).select_related("programme")
    return {row: counts[row.pk] for row in calls.order_by("-fiscal_year", "-round_no", "-pk")}


def _kept() -> QuerySet[Application]:
    """Handed in, gone as far as a decision or still on its way there, and not yet disposed of."""
    rows = Application.objects.filter(state__in=DECIDED, arrived_at__isnull=False)
    return rows.filter(case__disposed_on=None)


def within(calls: Mapping[Call, int], asked: str) -> list[Call]:
    """The call that is asked for by its number, else the latest ones, as many as one run takes."""
    chosen = [call for call in calls if str(call.pk) == asked] or list(calls)
    found, n = [], 0
    for call in chosen:
        n += calls[call]
        if n > MOST:
            break
        found.append(call)
    return found


def run(calls: Sequence[Call], revision: Programme, by: User) -> list[Past]:
    """Each call under the revision."""
    keys = [call.pk for call in calls]
    mine = _kept().filter(call__in=keys)
    versions = ApplicationVersion.objects.filter(application__in=mine.values("pk"))
    content = [f"content__{part}" for part in ("organisation", "eligibility", "costs", "aid")]
    scores = Score.objects.filter(
        review__application__in=mine.values("pk"), review__state=ReviewState.SCORED
    )
    with together() as ask:
        applications = ask(mine.select_related("case__organisation").order_by("arrived_at", "pk"))
        last = ask(
            versions.order_by("application", "-n")
            .distinct("application")
            .values_list("application", *content)
        )
        points = ask(
            scores.values_list("review__application", "review", "criterion", "points").order_by(
                "review"
            )
        )
        items = ask(
            AssessedItem.objects.filter(assessment__application__in=mine.values("pk")).values_list(
                "assessment__application", "category", "accepted"
            )
        )
        awards = ask(
            Award.objects.filter(of_call__in=keys).values_list("application", "awarded_amount")
        )
        lines = ask(BudgetLine.objects.filter(call__in=keys).order_by("pk"))
        periods = ask(IntakePeriod.objects.filter(call__in=keys).order_by("opens_at"))
        revisions = ask(Revision.objects.filter(pk__in=mine.values("filed_under")))
    hidden = visibility.unseen(by, Case.objects.filter(application__in=mine.values("pk")))
    reader = _Reader(
        {row[0]: cast("Version", row) for row in last},
        _points(points),
        _accepted(items),
        dict(awards),
        _by_call(periods),
    )
    of_call: dict[int, list[Application]] = defaultdict(list)
    its, under = {call.pk: call for call in calls}, {row.pk: row for row in revisions}
    for application in applications:
        application.call = its[application.call_id]  # with what was read of it
        application.filed_under = under.get(application.filed_under_id or 0)
        if application.pk in reader.versions:
            of_call[application.call_id].append(application)
    money = _by_call(lines)
    return [_of(call, of_call[call.pk], reader, money[call.pk], revision, hidden) for call in calls]


@dataclass(frozen=True)
class _Reader:
    """What was read beside the applications, by primary key of each; the periods by call."""

    versions: Mapping[int, Version]
    points: Mapping[int, tuple[Mapping[str, int], ...]]
    accepted: Mapping[int, Mapping[str, int]]
    awards: Mapping[int, int]
    periods: Mapping[int, list[IntakePeriod]]

    def filed(self, application: Application) -> Filed:
        pk, call, stated = application.pk, application.call, application.stated
        _pk, organisation, answers, costs, amount = self.versions[pk]
        items: Iterable[Sum] = (costs or {}).get("items", ())
        if stated.unit == "seats":
            items = [Sum(category=stated.categories[0].key, amount=amount["eligible"])]
        asked = rules.by_category(items)
        decided = DECIDED[application.state]
        granted = self.awards.get(pk, application.requested_amount or 0)
        year, months = (costs or {}).get("support_year"), (costs or {}).get("months")
        return Filed(
            pk=pk,
            receipt=application.case.receipt_number,
            arrived_at=application.place_at or application.case.opened_at,
            frame=application.frame,
            facts=of_version(organisation, answers or {}),
            costs=asked,
            accepted=self.accepted.get(pk, asked),
            decided=decided,
            awarded=granted if decided == "in" else 0,
            intake=self._intake(application),
            year=int(year) if year else None,
            months=int(months) if months else None,
            points=self.points.get(pk, ()),
            maxima={c.key: c.maximum for c in call.stated.criteria},
        )

    def _intake(self, application: Application) -> int:
        """Which period it came in, the last one where it came beside them."""
        periods, came = self.periods[application.call_id], application.arrived_at
        inside = (n for n, p in enumerate(periods) if came and p.opens_at <= came <= p.closes_at)
        return next(inside, len(periods) - 1)


def _of(
    call: Call,
    applications: Sequence[Application],
    reader: _Reader,
    lines: Sequence[BudgetLine],
    revision: Programme,
    hidden: frozenset[int],
) -> Past:
    stated = {a.pk: a.stated for a in applications}
    cases = [reader.filed(a) for a in applications]
    had = {frame.key: _money(lines, frame.key) for frame in call.stated.frames}
    has = {frame.key: _now(frame.key, had, call.stated, revision) for frame in revision.frames}
    then = Rules(stated, call.stated, had, call.seed)
    now = Rules(dict.fromkeys(stated, revision), revision, has, call.seed)
    outcomes = comparing.compare(cases, then, now)
    rows = [
        pair for pair in zip(applications, outcomes, strict=True) if pair[0].case_id not in hidden
    ]
    return Past(call, rows, len(cases) - len(rows), had, has)


def _money(lines: Sequence[BudgetLine], frame: str) -> Money:
    """What the lines of a frame may promise in all."""
    has = {line.unit: line.available + line.committed for line in lines if line.frame == frame}
    return Money(has.get("yen", has.get("seats")), has.get("slots"))


def _now(key: str, had: Mapping[str, Money], then: Programme, now: Programme) -> Money:
    """What the call had, but where the revision states another figure than the call's own rules."""
    old, new, has = frame_of(then, key), frame_of(now, key), had.get(key, Money())
    if new is None:
        return has
    name = "seats" if now.unit == "seats" else "budget"
    amount, slots = (
        given
        if old is not None and getattr(old, part) == getattr(new, part)
        else getattr(new, part)
        for part, given in ((name, has.amount), ("slots", has.slots))
    )
    return Money(amount, slots)


def _points(rows: Iterable[tuple[int, int, str, int]]) -> dict[int, tuple[Mapping[str, int], ...]]:
    found: dict[int, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for application, review, criterion, points in rows:
        found[application][review][criterion] = points
    return {pk: tuple(of_each.values()) for pk, of_each in found.items()}


def _accepted(rows: Iterable[tuple[int, str, int]]) -> dict[int, Mapping[str, int]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for application, category, yen in rows:
        found[application][category] += yen
    return dict(found)


def _by_call(rows: Iterable[OfCall]) -> dict[int, list[OfCall]]:
    found: dict[int, list[OfCall]] = defaultdict(list)
    for row in rows:
        found[row.call_id].append(row)
    return found
