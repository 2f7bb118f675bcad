"""The fictitious year, step by step.

The steps are the same whether a command makes it at once or it is filled in beside a running
demonstration.

Each step begins where the one before ended: what chance has drawn and which cases were made is all
it needs to know.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypedDict

from django.db.models import QuerySet

from grants.applications.models import Application
from grants.programmes.models import Call
from portal.accounts.models import Organisation
from tools.demonstration import people, simulation
from tools.demonstration.rooms import (
    absences,
    budget,
    challenges,
    circulation,
    concierge,
    firms,
    followup,
    matching,
    payments,
    pilots,
    proposals,
    recovery,
    rollouts,
    seats,
    statistics,
)
from tools.demonstration.simulation import STAGES, World

Acts = Iterable[Callable[[], None]]


@dataclass(frozen=True)
class Room:
    """What a room of the product adds to the year: `run` does it, or returns acts to be done one by
    one.

    `weight`: how long it takes, where a case from draft to decision is 1. `goes_on`: stopped
    half-way it finds by itself what is still to be done; the others are done in one transaction
    where they may be stopped.
    """

    run: Callable[[World, list[Application]], Acts | None]
    weight: int = 2
    goes_on: bool = False


# in this order: each goes on from what those before it have made
ROOMS = [
    Room(payments.run, weight=30, goes_on=True),
    Room(recovery.run),
    Room(followup.run, weight=6, goes_on=True),
    Room(seats.run, weight=3),
    Room(challenges.run),
    Room(proposals.run),
    Room(matching.run),
    Room(pilots.run, weight=8),
    Room(rollouts.run),
    Room(concierge.run),
    Room(firms.run),
    Room(circulation.run),
    Room(absences.run, weight=1),
    Room(budget.run, weight=1),
    Room(statistics.run, weight=6, goes_on=True),
]


@dataclass(frozen=True)
class Step:
    """`run` does it, or returns acts to be done one by one.

    `is_whole`: in one transaction where it may be stopped; `weight`: a case is 1.
    """

    run: Callable[[], Acts | None]
    weight: int = 1
    is_whole: bool = False


class Memory(TypedDict):
    """All that the next step needs, as plain values: primary keys, and what chance is about to draw."""

    chance: tuple[int, list[int], float | None]
    calls: list[int]
    spring: list[int]
    made: list[int]


@dataclass
class Year:
    """So many fictitious cases over past and present calls,
    an eighth as many over each of spring's, and what becomes of them.
    """

    cases: int
    world: World
    made: list[int] = field(default_factory=list)  # applications, in the order of their birth

    @classmethod
    def begun(cls, cases: int, seed: int) -> "Year":
        year = cls(cases, simulation.prepare(seed))
        year.count_firms()
        return year

    @classmethod
    def remembered(cls, cases: int, memory: Memory) -> "Year":
        """The year as `memory` left it."""
        rng = random.Random()  # noqa: S311  chance, not a secret
        version, state, gauss = memory["chance"]
        rng.setstate((version, tuple(state), gauss))
        calls = Call.objects.in_bulk([*memory["calls"], *memory["spring"]])
        world = World(
            rng,
            people.staff(),
            [calls[pk] for pk in memory["calls"]],
            [calls[pk] for pk in memory["spring"]],
        )
        year = cls(cases, world, list(memory["made"]))
        year.count_firms()
        return year

    def memory(self) -> Memory:
        version, state, gauss = self.world.rng.getstate()
        return {
            "chance": (version, list(state), gauss),
            "calls": [call.pk for call in self.world.calls],
            "spring": [call.pk for call in self.world.spring],
            "made": self.made,
        }

    def count_firms(self) -> None:
        self.world.serial = Organisation.objects.filter(is_fictitious=True).count()

    def steps(self) -> list[Step]:
        return [*self._cases(), *self._decisions(), *self._rooms()]

    def _cases(self) -> Iterator[Step]:
        calls = self.world.calls
        for n in range(self.cases):
            call, turn = calls[n % len(calls)], n // len(calls)
            stage = "decided" if simulation.is_over(call) else STAGES[turn % len(STAGES)]
            yield Step(partial(self.make, call, stage))
        for call in self.world.spring:
            for _n in range(self.cases // 8):
                yield Step(partial(self.make, call, "decided"))

    def _decisions(self) -> Iterator[Step]:
        for call in (*self.world.calls, *self.world.spring):
            yield Step(partial(self.decide, call))

    def _rooms(self) -> Iterator[Step]:
        """What later rooms make of the awarded ones."""
        for room in ROOMS:
            yield Step(partial(self.follow, room), room.weight, is_whole=not room.goes_on)

    def make(self, call: Call, stage: str) -> None:
        self.made.append(simulation.one_case(self.world, call, stage).pk)

    def decide(self, call: Call) -> None:
        accepted = self.applications().filter(call=call, state="accepted")
        simulation.decide(self.world, call, list(accepted.order_by("pk")))

    def follow(self, room: Room) -> Acts | None:
        return room.run(self.world, list(self.applications()))

    def applications(self) -> QuerySet[Application]:
        return Application.objects.filter(pk__in=self.made)


def run(cases: int, seed: int, progress: Callable[[], object] = lambda: None) -> list[Application]:
    """The whole year at once; returns its applications.

    `progress` is called after each of the first `cases` cases.
    """
    year = Year.begun(cases, seed)
    for n, step in enumerate(year.steps()):
        for act in step.run() or ():
            act()
        if n < cases:
            progress()
    return list(year.applications())
