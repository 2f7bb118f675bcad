"""Who of the office has how much in hand: open cases, turns, the oldest of them, and what moved on
this week; of the cases that whoever asks may see.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, QuerySet

from portal import clock
from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases import alike, listing
from portal.cases.models import Case
from portal.types import Given


@dataclass(frozen=True, kw_only=True)
class Load:
    """Of one officer, or of nobody (`person` None). `oldest`: the day since when the oldest turn
    waits; `moved`: cases whose state the officer changed since Monday.
    """

    person: User | None
    cases: int
    turns: int
    late: int
    oldest: date | None
    moved: int


def loads(user: User, given: Given) -> list[Load]:
    """Most turns first. Six queries, however many officers there are."""
    seen = alike.seen(user, given)
    held = {row["assigned_to"]: row["open"] for row in seen.cases_by("assigned_to")}
    turns = {row["whose"] or None: row for row in seen.turns_by("whose", side="office")}
    moved = _moved(alike.within(Case.objects.visible_to(user), given))
    people = User.objects.in_bulk({*held, *turns, *moved} - {None})
    found = []
    for pk in {*held, *turns, *moved}:
        own = turns.get(pk)
        found.append(
            Load(
                person=people.get(pk) if pk else None,
                cases=held.get(pk, 0),
                turns=own["n"] if own else 0,
                late=own["late"] if own else 0,
                oldest=clock.day_of(own["oldest"]) if own else None,
                moved=moved[pk],
            )
        )
    human = [load for load in found if load.person is None or not load.person.is_system]
    return sorted(human, key=lambda load: (-load.turns, -load.cases, str(load.person or "")))


def table(rows: list[Load], head: list[str], nobody: str) -> Iterator[list[object]]:
    """The same for a spreadsheet."""
    yield list(head)
    for row in rows:
        name = row.person.name if row.person else nobody
        yield [name, row.cases, row.turns, row.late, row.oldest, row.moved]


def _moved(cases: QuerySet[Case]) -> Counter[int | None]:
    """Person → cases whose state they changed as the office since Monday."""
    monday = clock.today() - timedelta(days=clock.today().weekday())
    acts = Event.objects.filter(
        at__gte=listing.morning(monday), capacity="office", chain__startswith="case:"
    ).exclude(before=F("after"))
    done = {
        (actor, int(chain.removeprefix("case:")))
        for actor, chain in acts.values_list("actor", "chain").distinct()
    }
    seen = set(cases.filter(pk__in={case for _actor, case in done}).values_list("pk", flat=True))
    return Counter(actor for actor, case in done if case in seen)
