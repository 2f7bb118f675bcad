"""What is closed to somebody of the office is in none of their lists, whichever way it was looked up."""

import pytest
from django.test import Client

from portal.cases import interests, visibility
from tests.conftest import World


@pytest.mark.parametrize("few", [visibility.FEW, 0])
def test_a_case_of_interest_is_in_no_list(
    world: World, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """By its key, where there are few, or by the question itself."""
    monkeypatch.setattr(visibility, "FEW", few)
    closed, open_one = world.submitted()[0].case, world.submitted()[0].case
    interests.declare(closed, by=world.officer, detail="親族の会社")
    client = Client()
    client.force_login(world.officer)
    for path in ("/cases/", "/inbox/", "/inbox/?tab=others"):
        page = client.get(path).content.decode()
        assert closed.number not in page, path
    assert open_one.number in client.get("/cases/").content.decode()
    assert sum(load.cases for load in client.get("/cases/officers/").context["loads"]) == 1
    assert client.get("/staff/statistics/").context["open"] == 1
