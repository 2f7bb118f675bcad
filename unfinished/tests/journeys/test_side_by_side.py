"""Who is answered as whom, at every address, when it is opened and when its form is sent: a colleague of
the firm as the one who applied, a deputy as the one who is away; but for what is written here by hand.
"""

from typing import NamedTuple

from pytest_django import Settings

from portal.accounts.models import User
from tests.absences import away, named
from tests.conftest import World
from tests.journeys.test_urls import addresses, paths
from tests.journeys.test_writing_rights import (
    Form,
    holding,
    press,
    proved,
    undrawn,
    unlimited,
)

__all__ = ["addresses", "undrawn", "unlimited"]


class Answers(NamedTuple):
    opened: int
    sent: int


def answers(person: User, addresses: dict[str, str]) -> dict[str, Answers]:
    client = proved(person)
    return {
        key: Answers(client.get(path).status_code, press(client, Form(key, path, set()))[0])
        for key, path in paths(addresses).items()
    }


def differences(
    one: User, other: User, addresses: dict[str, str]
) -> dict[str, tuple[Answers, Answers]]:
    first, second = answers(one, addresses), answers(other, addresses)
    return {key: (first[key], second[key]) for key in first if first[key] != second[key]}


def test_a_colleague_is_answered_as_who_applied(
    world: World, addresses: dict[str, str], settings: Settings, unlimited: None, undrawn: None
) -> None:
    settings.API_PER_MINUTE = 10_000
    found = differences(world.people["member"], world.people["representative"], addresses)
    assert found == {}, "\n".join(f"{key}: {a} not {b}" for key, (a, b) in found.items())


def test_a_deputy_is_answered_as_who_is_away(
    world: World, addresses: dict[str, str], settings: Settings, unlimited: None, undrawn: None
) -> None:
    settings.API_PER_MINUTE = 10_000
    deputy, somebody = holding(world, "finance_officer"), world.staff["treasurer"]
    named(somebody, deputy, role="finance_officer")
    away(somebody)
    found = differences(deputy, somebody, addresses)
    assert found == {}, "\n".join(f"{key}: {a} not {b}" for key, (a, b) in found.items())
