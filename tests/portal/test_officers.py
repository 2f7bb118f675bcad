"""The report by officer: what each has in hand, and what moved on this week."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.applications.models import Application
from portal import clock
from portal.cases import assignment, officers
from portal.cases.models import Turn
from portal.cases.officers import Load
from tests.conftest import World


def given(world: World, name: str, count: int) -> list[Application]:
    rows = [world.submitted()[0] for _n in range(count)]
    for row in rows:
        assert assignment.assign(row.case, world.staff[name], by=world.officer) == []
    return rows


def by_name(world: World, **filters: object) -> dict[str, Load]:
    loads = officers.loads(world.director, filters)
    return {load.person.name if load.person else "": load for load in loads}


def test_each_officer_has_what_is_in_their_hand(world: World) -> None:
    mine, theirs = given(world, "officer", 2), given(world, "second_officer", 1)
    world.submitted()  # nobody's
    old = clock.now() - timedelta(days=9)
    Turn.objects.filter(case=mine[0].case).update(since=old, due_on=clock.day_of(old))
    theirs[0].case.closed_at = clock.now()
    theirs[0].case.save()
    found = by_name(world)
    officer, second = found["北川 優"], found["水野 千尋"]
    assert (officer.cases, officer.turns, officer.late) == (2, 2, 1)
    assert officer.oldest == clock.day_of(old)
    assert (second.cases, second.turns) == (0, 1)
    assert (found[""].cases, found[""].turns) == (1, 1)
    other = by_name(world, programme="none")
    assert not any(load.cases or load.turns for load in other.values())


def test_moved_counts_cases_of_this_week_once(world: World) -> None:
    with clock.at(clock.now() - timedelta(days=9)):
        world.accepted()
    assert "北川 優" not in {name for name, load in by_name(world).items() if load.moved}
    accepted = world.accepted()[0]
    world.decided("reject", [accepted], {"reason": "予算を超えたため"})
    found = by_name(world)
    assert found["北川 優"].moved == 1  # accepted; drafting moves no case
    assert found["佐々木 薫"].moved == 1  # decided


def test_the_report_asks_as_much_of_one_officer_as_of_two(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            by_name(world)
        return len(found)

    given(world, "officer", 1)
    asked()  # finds the roles of whoever asks
    one = asked()
    given(world, "second_officer", 2)
    assert asked() == one


def test_the_page_and_its_spreadsheet_say_the_same(world: World, client: Client) -> None:
    given(world, "officer", 2)
    client.force_login(world.director)
    page = client.get("/cases/officers/").content.decode()
    assert f'href="/cases/?officer={world.officer.pk}&amp;open_only=on"' in page
    lines = client.get("/cases/officers.csv").content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("北川 優,2,2,0,")
