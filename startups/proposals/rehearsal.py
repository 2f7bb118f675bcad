"""The rehearsal's proposals: fictitious firms answer the open challenges; one of them keeps its price secret."""

from typing import Any

from grants.applications import drafts, submit
from grants.applications.models import Application
from grants.awards import simulation
from grants.programmes.models import Call
from portal.accounts.models import User
from portal.workflow.door import begin
from startups.challenges.models import Challenge

PROPOSALS = 4


def run(world: Any, _applications: Any) -> None:
    """A few proposals to the published challenges, the last one still a draft."""
    call = Call.objects.filter(programme__code="open_innovation", state="announced").first()
    if call is None or Application.objects.filter(call=call).exists():
        return
    for n in range(PROPOSALS):
        application, person = drafted(world, call, secret=("price",) if n == 1 else ())
        if n < PROPOSALS - 1:
            submit.submit(application, by=person)


def drafted(world: Any, call: Call, *, secret: tuple[str, ...] = (), challenges: tuple[str, ...] = ()) -> tuple[Application, User]:  # fmt: skip
    """A whole draft of a new firm, answering the challenges named (all published ones where none is)."""
    _firm, person = simulation.organisation(world, call)
    application = begin(Application, by=person, call=call, organisation=_firm)
    simulation.fill(world, application, person, complete=True)
    chosen = challenges or tuple(Challenge.objects.filter(call=call, state="published").values_list("number", flat=True))  # fmt: skip
    for key, typed in (
        ("challenges", {f"c_{number}": "on" for number in chosen}), ("secrecy", {f"s_{name}": "on" for name in secret} | {"read": "on"}),
    ):  # fmt: skip
        drafts.save(application, key, typed, by=person, page=drafts.Page(0))
    return application, person
