"""The next and the previous case of the list one came from."""

from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.applications.models import Application
from portal.cases import trail
from portal.cases.models import Case
from portal.cases.trail import Trail
from portal.workflow.door import perform
from tests.conftest import World
from tests.ledger import all_clear

HERE = "http://testserver"


@pytest.fixture
def three(world: World, client: Client) -> list[Application]:
    client.force_login(world.officer)
    rows = [world.submitted()[0] for _n in range(3)]
    for yen, row in enumerate(rows):
        row.case.amount = yen
        row.case.save()
    return rows


def opened(client: Client, case: Case, by: str = "") -> Trail | None:
    """Open a case, from the page at the address `by`."""
    page = client.get(f"/cases/{case.number}/", headers={"referer": f"{HERE}{by}"} if by else {})
    assert page.status_code == 200
    found: Trail | None = page.context["trail"]
    return found


def test_a_case_knows_its_place_in_the_order_of_its_list(
    client: Client, three: list[Application]
) -> None:
    low, middle, high = (row.case for row in three)
    down = "/cases/?order=-amount&page=1"
    found = opened(client, middle, down)
    assert found is not None
    assert (found.place, found.count) == (2, 3)
    assert (found.previous, found.next) == (f"/cases/{high.number}/", f"/cases/{low.number}/")
    back = urlsplit(found.back)
    assert (back.path, back.query, back.fragment) == (
        "/cases/",
        "order=-amount&page=1",
        middle.number,
    )
    assert f'id="{middle.number}"' in client.get(found.back).content.decode()

    last = opened(client, low, found.next)  # by the link of the page: the same list
    assert last is not None
    assert (last.place, last.next) == (3, "")
    up = opened(client, low, "/cases/?order=amount")
    assert up is not None
    assert (up.place, up.next) == (1, f"/cases/{middle.number}/")


def test_the_inbox_is_such_a_list_and_the_place_outlasts_an_act(
    world: World, client: Client, three: list[Application]
) -> None:
    case = three[1].case
    before = opened(client, case, "/inbox/?order=age")
    assert before is not None
    all_clear(three[1], by=world.officer)
    perform(three[1], "accept", by=world.officer)
    client.post(f"/cases/{case.number}/take/")
    case.refresh_from_db()
    after = opened(client, case, f"/do/application/{three[1].pk}/accept/")
    assert after == before
    assert opened(client, case, "/inbox/?tab=applicant") is None  # it is not among those


def test_who_came_otherwise_has_no_list(client: Client, three: list[Application]) -> None:
    case = three[0].case
    assert opened(client, case) is None
    response = client.get(f"/cases/{case.number}/", headers={"referer": "http://x.example/cases/"})
    assert response.context["trail"] is None
    assert 'href="/inbox/"' in response.content.decode()


def test_a_long_list_says_a_place_without_a_count(
    client: Client, three: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "MOST", 2)
    found = opened(client, three[1].case, "/cases/?order=amount")
    assert found is not None
    assert (found.place, found.count) == (2, 0)


def test_the_way_on_asks_nothing_of_the_list_again(
    client: Client, three: list[Application]
) -> None:
    opened(client, three[0].case, "/cases/?order=amount")

    def asked(by: str) -> int:
        with CaptureQueriesContext(connection) as found:
            opened(client, three[1].case, by)
        return len(found)

    assert asked(f"/cases/{three[0].case.number}/") == asked("")
