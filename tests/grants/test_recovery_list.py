"""The list of what is to come back: sums, stages, who reads it, and the same as a CSV."""

import csv
import io
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.recovery import collecting, demanding, jobs, listing
from grants.recovery.models import Reckoned, Recovery
from portal import clock
from portal.accounts.models import User
from portal.together import together
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_carried_awards import beside
from tests.grants.test_recovery import paid, planned
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


def test_a_longer_list_reckons_the_orders_of_its_page_alone(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "TOLD", 1)
    ordered_back(world)
    client.force_login(world.staff["accountant"])
    assert "200,000円" in client.get("/recoveries/").content.decode()
    ordered_back(world)
    reckoned: list[Recovery] = []
    whole = listing._row

    def reckon(recovery: Recovery, day: date) -> listing.Row:
        reckoned.append(recovery)
        return whole(recovery, day)

    monkeypatch.setattr(listing, "_row", reckon)
    answer = client.get("/recoveries/")
    assert answer.context["page"].paginator.count == 2
    assert len(reckoned) == 2  # the page: once, and not once more for the sums
    assert "合計は、1件までの一覧に出します。" in answer.content.decode()


@begins(ordered_back)
def test_stages_are_what_is_reckoned(world: World) -> None:
    """Whether it is reckoned as it is asked for, or was at night; each write of it is seen at once."""
    recovery, finance = world.begun(ordered_back), world.staff["accountant"]
    day = recovery.due_on + timedelta(days=1)

    def agree() -> list[bool]:
        rows = listing.rows(listing.seen(finance))
        left = [row.recovery for row in rows if row.owed["left"]]
        late = [row.recovery for row in rows if row.is_late]
        due = [row for row in rows if row.owed["left"] and row.recovery.next_due <= day]
        sums = len(due), sum(row.owed["left"] for row in due)
        whole = [(one, one.owed(), one.next_due) for one in listing.seen(finance)]
        for _when in ("as it is asked for", "as the night reckoned it"):
            assert left == list(listing.within(listing.seen(finance), "open"))
            assert late == list(listing.within(listing.seen(finance), "late"))
            with together() as ask:
                told = listing.due(ask, finance, day)
            assert told() == sums
            said = listing.told(listing.seen(finance))
            assert [(row.recovery, row.owed, row.recovery.next_due) for row in said] == whole
            jobs.reckon_returns(0)
        assert Reckoned.objects.filter(on=clock.today()).count() == Recovery.objects.owed().count()
        return [bool(left), bool(late)]

    assert agree() == [True, False]
    with clock.at(simulation.at(day, 10)):
        assert agree() == [True, True]
        demanding.make(recovery, answer_by=clock.today() + timedelta(days=14), fee=100, by=finance)
        assert agree() == [True, True]
        first, second = day + timedelta(days=30), day + timedelta(days=60)
        parts = planned((first, 100_000), (second, 100_000))
        world.decided("defer_return", [recovery], parts)
        assert agree() == [True, False]
    with clock.at(simulation.at(first + timedelta(days=1), 10)):
        assert agree() == [True, True]
        collecting.receive(recovery, amount=200_000, paid_on=clock.today(), by=finance)
        left = Recovery.objects.get().owed()["left"]
        assert left  # arrears alone
        assert agree()[0]
        collecting.receive(recovery, amount=left, paid_on=clock.today(), by=finance)
        assert agree() == [False, False]


@begins(ordered_back)
def test_what_was_reckoned_is_read_and_not_reckoned_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.begun(ordered_back)
    finance = world.staff["accountant"]
    jobs.reckon_returns(0)
    monkeypatch.setattr(Recovery, "owed", pytest.fail)
    [row] = listing.told(listing.seen(finance))
    assert (row.owed["total"], row.owed["paid"], row.owed["left"]) == (280_000, 80_000, 200_000)
    assert "parameters" in row.recovery.award.get_deferred_fields()
    with together() as ask:
        told = listing.due(ask, finance, clock.today() + timedelta(days=400))
    assert told() == (1, 200_000)
    assert listing.within(listing.seen(finance), "open").count() == 1


@pytest.mark.parametrize("is_first", [True, False])
def test_a_night_and_a_receipt_at_one_moment(committed_world: World, is_first: bool) -> None:
    """What comes in while the night reckons is never counted as if it had not come."""
    world = committed_world
    recovery, finance = ordered_back(world), world.staff["accountant"]

    def receive() -> None:
        collecting.receive(recovery, amount=50_000, paid_on=clock.today(), by=finance)

    acts = (partial(jobs.reckon_returns, 0), receive)
    first, second = acts if is_first else reversed(acts)
    with transaction.atomic():
        first()
        thread = beside(second)
        thread.join(1)
    thread.join(20)
    assert not thread.is_alive()
    kept = Reckoned.objects.filter(recovery=recovery).values_list("left", flat=True)
    assert list(kept) in ([], [150_000])
    with together() as ask:
        told = listing.due(ask, finance, clock.today() + timedelta(days=400))
    assert told() == (1, 150_000)
