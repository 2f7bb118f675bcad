"""Who would be refused is not offered to take a case in hand."""

import pytest
from django.test import Client

from portal.cases.models import Case
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded, inspected, reported


def looked_over(world: World) -> Case:
    award, person = awarded(world)
    inspected(world, reported(world, award, person))
    return award.case


@begins(looked_over)
@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("second_officer", True),
        ("approver", True),
        ("inspector", False),
        ("accountant", False),
        ("accounting_officer", False),
        ("auditor", False),
    ],
)
def test_taking_a_case_is_offered_to_whom_it_is_open(
    world: World, client: Client, role: str, may: bool
) -> None:
    case = world.begun(looked_over)
    client.force_login(world.staff[role])
    page = client.get(case.get_absolute_url())
    assert page.status_code == 200
    way = f"/cases/{case.number}/take/"
    assert (way in page.content.decode()) is may
    answer = client.post(way, {"seen": str(case.assigned_to_id or "")})
    assert answer.status_code == (302 if may else 403)
    case.refresh_from_db()
    assert (case.assigned_to == world.staff[role]) is may
