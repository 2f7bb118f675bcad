"""Somebody whose last role of the office ended while they were signed in hears so, and nothing of what lies
behind an address.
"""

import pytest
from django.test import Client

from portal.accounts import roles
from portal.accounts.models import User
from tests.conftest import World
from tests.markup import one_line

SAID = "職員としての役割は"


def ended(world: World, client: Client) -> User:
    person = world.officer
    client.force_login(person)
    assert client.get("/inbox/").status_code == 200
    for role in person.staff_roles.all():
        roles.end_role(role, by=world.staff["administrator"], reason="異動")
    return person


@pytest.mark.parametrize("path", ["/inbox/", "/cases/", "/staff/firms/", "/staff/firms/999999/"])
def test_the_next_page_of_the_office_says_that_the_role_ended(
    world: World, client: Client, path: str
) -> None:
    ended(world, client)
    answer = client.get(path)
    assert answer.status_code == 403
    page = one_line(answer)
    assert SAID in page
    assert "管理の担当" in page


def test_what_is_there_and_what_is_not_look_the_same_to_them(world: World, client: Client) -> None:
    case = world.submitted()[0].case
    ended(world, client)
    there, nowhere = (client.get(f"/cases/{number}/") for number in (case.number, "99-9999"))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert SAID in one_line(there)
    assert SAID in one_line(nowhere)


def test_who_never_was_of_the_office_learns_nothing_of_it(world: World, client: Client) -> None:
    for person in (None, world.outsider):
        if person is not None:
            client.force_login(person)
        for path in ("/staff/firms/999999/", "/nowhere/"):
            answer = client.get(path, follow=False)
            assert answer.status_code in (302, 404)
            assert SAID not in answer.content.decode()
