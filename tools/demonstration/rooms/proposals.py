"""The fictitious year's proposals: fictitious firms answer the open challenges;
one of them keeps its price secret.
"""

from datetime import timedelta

from grants.applications import drafts, submit
from grants.applications.models import Application
from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import User
from portal.workflow.door import begin
from startups.challenges.models import Challenge
from tools.demonstration import simulation
from tools.demonstration.simulation import World

HANDED_IN = 3  # to each round


def run(world: World, _applications: object) -> None:
    """A few proposals to each round: all handed in where its intake is over,
    the last one still a draft where it is open.
    """
    calls = Call.objects.filter(programme__code="open_innovation", state="announced").order_by("pk")
    if Application.objects.filter(call__in=calls).exists():
        return
    for call in calls:
        last = call.last_closes_at
        if last is not None and call.is_intake_over:
            with clock.at(last - timedelta(days=20)):
                _propose(world, call, unfinished=0)
        else:
            _propose(world, call, unfinished=1)


def _propose(world: World, call: Call, *, unfinished: int) -> None:
    for n in range(HANDED_IN + unfinished):
        application, person = drafted(world, call, secret=("price",) if n == 1 else ())
        if n < HANDED_IN:
            submit.submit(application, by=person)


def drafted(
    world: World, call: Call, *, secret: tuple[str, ...] = (), challenges: tuple[str, ...] = ()
) -> tuple[Application, User]:
    """A whole draft of a new firm, answering the challenges named (all published ones where none
    is).
    """
    _firm, person = simulation.organisation(world, call)
    application = begin(Application, by=person, call=call, organisation=_firm)
    simulation.fill(world, application, person, complete=True)
    chosen = challenges or tuple(
        Challenge.objects.filter(call=call, state="published").values_list("number", flat=True)
    )
    for key, typed in (
        ("challenges", {f"c_{number}": "on" for number in chosen}),
        ("secrecy", {f"s_{name}": "on" for name in secret} | {"read": "on"}),
    ):
        drafts.save(application, key, typed, by=person, page=drafts.Page(0))
    return application, person
