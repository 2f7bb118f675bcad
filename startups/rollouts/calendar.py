"""The road to a contract, counted back from the day of use:
request, council, procurement, contract. Pure; days are planning values.

Sessions are those of Sapporo's council in an ordinary year (第1–4回定例会); other municipalities' lie
within some days of them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

# (month, day) of the vote; (years before, month, day) by which the department asks for the money;
# (month, day) from which it can be spent
SESSIONS = (
    ((3, 25), (1, 10, 31), (4, 1)),
    ((6, 18), (0, 4, 16), (6, 19)),
    ((10, 5), (0, 7, 31), (10, 6)),
    ((12, 10), (0, 10, 1), (12, 11)),
)
# route → steps of the procurement as (key, weeks before use, weeks it lasts); the first of them
# needs the money
PROCUREMENT = {
    "trial_order": (("quotes", 6, 0), ("contract", 3, 0)),
    "proposal": (("notice", 13, 4), ("review", 6, 0), ("contract", 3, 0)),
    "small_amount": (("quotes", 5, 0), ("contract", 3, 0)),
    "tender": (("notice", 9, 3), ("review", 5, 0), ("contract", 3, 0)),
}
DECIDE_WEEKS = 4  # before the request the municipality decides whether it wants to adopt


@dataclass(frozen=True)
class Step:
    """key: use, contract, review, quotes, notice, council, request, decide, report, gate or pilot;
    kind: goal, plain, gate or now.
    """

    key: str
    on: date
    until: date | None = None
    kind: str = "plain"


@dataclass(frozen=True)
class Road:
    """The steps, last first, and whether the decision would come before the result of the pilot is
    known.
    """

    steps: tuple[Step, ...]
    too_early: bool

    def day(self, key: str) -> date | None:
        return next((step.on for step in self.steps if step.key == key), None)


def council(needed_on: date) -> tuple[date, date]:
    """(vote, request) of the latest session whose money can be spent on `needed_on`."""
    found = []
    for year in (needed_on.year - 1, needed_on.year):
        for vote, (back, month, day), spend in SESSIONS:
            if date(year, *spend) <= needed_on:
                found.append((date(year, *vote), date(year - back, month, day)))
    return max(found)


def road(
    used_on: date,
    route: str,
    *,
    starts_on: date,
    ends_on: date,
    reports_on: date,
    gate_on: date | None = None,
) -> Road:
    """Counted back from `used_on`. Raises KeyError for an unknown route."""
    procurement = [
        Step(
            key,
            used_on - timedelta(weeks=weeks),
            used_on - timedelta(weeks=weeks - lasts) if lasts else None,
        )
        for key, weeks, lasts in PROCUREMENT[route]
    ]
    vote, request = council(procurement[0].on)
    decide = request - timedelta(weeks=DECIDE_WEEKS)
    steps = [
        Step("use", used_on, kind="goal"),
        *reversed(procurement),
        Step("council", vote),
        Step("request", request),
        Step("decide", decide, kind="gate"),
        Step("report", reports_on),
        *([Step("gate", gate_on, kind="gate")] if gate_on else []),
        Step("pilot", starts_on, ends_on, "now"),
    ]
    return Road(tuple(sorted(steps, key=lambda step: step.on, reverse=True)), decide < reports_on)


def earliest(route: str, *, reports_on: date) -> date:
    """The first day of a month on which use can begin when the decision waits for the result."""
    day = reports_on.replace(day=1)
    for _n in range(36):
        day = (day + timedelta(days=32)).replace(day=1)
        if not road(
            day, route, starts_on=reports_on, ends_on=reports_on, reports_on=reports_on
        ).too_early:
            return day
    raise AssertionError("a session of the council is never three years away")


@dataclass(frozen=True)
class Drawing:
    """The road laid out on 1000 points: thirteen marks of `months` months each."""

    heads: tuple[tuple[date, bool], ...]  # (first day of the month, whether its year is named)
    marks: tuple[float, ...]
    rows: tuple[
        tuple[Step, float, float | None, int], ...
    ]  # step, x, width of its bar, weeks before use
    today: float | None


def drawing(road: Road, today: date) -> Drawing:
    first = min(step.on for step in road.steps).replace(day=1)
    last = max(step.on for step in road.steps)
    total = (last.year - first.year) * 12 + last.month - first.month + 1
    each = -(-total // 12)

    def month(n: int) -> date:
        year, index = divmod(first.month - 1 + n * each, 12)
        return date(first.year + year, index + 1, 1)

    heads = [month(n) for n in range(13)]
    span = (month(12) - first).days * 13 / 12

    def x(day: date) -> float:
        return (day - first).days / span * 1000

    used = next(step.on for step in road.steps if step.key == "use")
    rows = [
        (
            step,
            x(step.on),
            x(step.until) - x(step.on) if step.until else None,
            max((used - (step.until or step.on)).days // 7, 0),
        )
        for step in road.steps
    ]
    named = [(day, n == 0 or day.year != heads[n - 1].year) for n, day in enumerate(heads)]
    return Drawing(
        tuple(named),
        tuple(x(day) for day in heads),
        tuple(rows),
        x(today) if first <= today <= heads[-1] else None,
    )


def first_day(fiscal_year: int) -> date:
    """1 April of a fiscal year."""
    return date(fiscal_year, 4, 1)
