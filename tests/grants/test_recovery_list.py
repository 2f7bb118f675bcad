"""The list of what is to come back: sums, stages, who reads it, and the same as a CSV."""

import csv
import io
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.recovery import collecting
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts.models import User
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_recovery import paid
from tools.demonstration import simulation


def ordered_back(world: World) -> Recovery:
    """280,000 yen, of which 80,000 came."""
    award, _person = paid(world)
    given = {"reason": "虚偽の報告", "heard": "書面で聞いた。", "with_surcharge": False}
    world.decided("revoke", [award], given)
    recovery = Recovery.objects.get(award=award)
    collecting.receive(recovery, amount=80_000, paid_on=clock.today(), by=world.staff["accountant"])
    return recovery


def listed(person: User, **asked: str) -> list[tuple[int, int, int]]:
    client = Client()
    client.force_login(person)
    page = client.get("/recoveries/", asked).context["page"]
    return [(r.recovery.principal, r.owed["paid"], r.owed["left"]) for r in page]


@begins(ordered_back)
def test_each_sum_stands_with_what_came_and_what_is_left(world: World, client: Client) -> None:
    recovery, finance = world.begun(ordered_back), world.staff["accountant"]
    assert listed(finance) == [(280_000, 80_000, 200_000)]
    assert len(listed(finance, stage="open")) == len(listed(finance, stage="ordered")) == 1
    assert listed(finance, stage="late") == listed(finance, stage="waived") == []
    client.force_login(finance)
    page = client.get("/recoveries/").content.decode()
    assert recovery.number in page
    assert recovery.get_absolute_url() in page
    assert "期限切れ" not in page
    assert 'href="/recoveries/"' in client.get("/inbox/").content.decode()
    with clock.at(simulation.at(recovery.due_on + timedelta(days=1), 10)):
        [(principal, came, left)] = listed(finance, stage="late")
        assert (principal, came) == (280_000, 80_000)
        assert left > 200_000  # arrears
        assert "期限切れ" in client.get("/recoveries/").content.decode()


@begins(ordered_back)
def test_the_csv_says_the_same(world: World, client: Client) -> None:
    recovery = world.begun(ordered_back)
    client.force_login(world.staff["auditor"])
    text = client.get("/recoveries.csv", {"stage": "open"}).content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["調定番号"], row["返還額"], row["納付された額"], row["残り"], row["段階"]) == (
        recovery.number,
        "280000",
        "80000",
        "200000",
        "返還命令",
    )
    none = client.get("/recoveries.csv", {"stage": "closed"}).content.decode("utf-8-sig")
    assert len(none.splitlines()) == 1
    client.force_login(world.officer)
    assert client.get("/recoveries.csv").status_code == 403


def test_the_list_asks_as_many_queries_for_three_as_for_one(world: World) -> None:
    client = Client()
    client.force_login(world.staff["accountant"])
    asked = []
    for n in (1, 2, 3):
        ordered_back(world)
        client.get("/recoveries/")
        with CaptureQueriesContext(connection) as found:
            assert len(client.get("/recoveries/").context["page"]) == n
        asked.append(len(found))
    assert asked[0] == asked[1] == asked[2]
