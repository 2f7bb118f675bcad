"""Who is answered as whom at every address, when it is opened and when its form is sent: a colleague of the
firm as the one who applied, a deputy as the one who is away; but for what is written here by hand.
"""

from typing import NamedTuple

from pytest_django import Settings

from portal.accounts.models import User
from portal.workflow.access import may_enter
from tests import absences
from tests.architecture.test_house import routes
from tests.beginning import begins
from tests.conftest import World
from tests.journeys.test_urls import addresses, named, paths
from tests.journeys.test_writing_rights import Form, holding, press, proved, undrawn, unlimited

__all__ = ["addresses", "undrawn", "unlimited"]  # fixtures of the tables beside


class Answers(NamedTuple):
    opened: int
    sent: int


# what a member is refused, or is not the person for, that a representative does
A_COLLEAGUE = {
    # who belongs to the firm, whose it is, and what its number is
    "organisation_invite firm": (Answers(404, 404), Answers(200, 302)),
    "invitation_take_back firm_invitation": (Answers(405, 404), Answers(405, 302)),
    "delegation_end firm_delegation": (Answers(404, 404), Answers(200, 302)),
    "firm_proof firm": (Answers(200, 200), Answers(200, 422)),
    "firm_number firm": (Answers(404, 404), Answers(200, 422)),
    "firm_passing_object passing": (Answers(404, 404), Answers(302, 302)),
    # handing in, and taking back what was handed in
    "completion_review report": (Answers(200, 422), Answers(200, 409)),
    "do withdraw": (Answers(403, 409), Answers(200, 409)),
    "late_papers late": (Answers(200, 403), Answers(200, 404)),
    "late_paper_move late_move": (Answers(405, 404), Answers(405, 422)),
    # what is a person's own
    "consultation consultation": (Answers(404, 404), Answers(200, 200)),
    "data_request own_request": (Answers(404, 404), Answers(200, 302)),
    "data_request_letter answered_request": (Answers(404, 404), Answers(200, 200)),
    "mail_settle unreached_mail": (Answers(405, 404), Answers(405, 302)),
}


def answers(person: User, addresses: dict[str, str]) -> dict[str, Answers]:
    """Of all addresses whose gate lets the person in, but for the public's."""
    client = proved(person)
    public = {e.name for _route, e in routes() if getattr(e.callback, "access", "") == "anyone"}
    return {
        key: Answers(client.get(path).status_code, press(client, Form(key, path, set()))[0])
        for key, path in paths(addresses).items()
        if (name := key.split()[0]) not in public and may_enter(person, name)
    }


def differences(
    one: User, other: User, addresses: dict[str, str]
) -> dict[str, tuple[Answers | None, Answers | None]]:
    first, second = answers(one, addresses), answers(other, addresses)
    return {
        key: (first.get(key), second.get(key))
        for key in {**first, **second}
        if first.get(key) != second.get(key)
    }


@begins(named)
def test_a_colleague_and_a_deputy_are_answered_as_whom_they_stand_beside(
    world: World, addresses: dict[str, str], settings: Settings, unlimited: None, undrawn: None
) -> None:
    settings.API_PER_MINUTE = 10_000
    deputy = holding(world, "approver", rank=world.director.staff_roles.get().rank)
    absences.deputised(world.director, deputy)
    pairs = {
        "colleague": (world.people["member"], world.people["representative"]),
        "deputy": (deputy, world.director),
    }
    found = {who: differences(*pair, addresses) for who, pair in pairs.items()}
    assert found == {"colleague": A_COLLEAGUE, "deputy": {}}, "\n".join(
        f"{who} {key}: {one} not {other}"
        for who, rows in found.items()
        for key, (one, other) in rows.items()
    )
