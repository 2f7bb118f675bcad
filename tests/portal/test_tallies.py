"""The database counts turns and open cases as they are written: what pages read of it is what a count
of every row says.
"""

from collections.abc import Callable
from dataclasses import replace
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal import clock
from portal.accounts.models import User
from portal.cases import alike, assignment, jobs, tallies
from portal.cases.models import Case, Interest, Tally, Turn
from tests.conftest import World
from tests.portal.test_assigned_only import given, narrowed


def both_ways(person: User, **only: object) -> list[object]:
    """(from the tally, counted one by one) of all that pages ask."""
    seen = alike.seen(person, only)
    assert seen.tally is not None
    one_by_one = replace(seen, tally=None)

    def told(seen: alike.Seen) -> list[object]:
        ways = (
            seen.cases_by("programme_code"),
            seen.cases_by("assigned_to"),
            seen.turns_by("programme_code", "side", "what"),
            seen.turns_by("whose", side="office"),
        )
        return [sorted((dict(row) for row in rows), key=str) for rows in ways]

    assert told(seen) == told(one_by_one)
    return told(seen)


def busy(world: World) -> list[Case]:
    """Cases at several points, in several hands, with turns by name; some late, one closed."""
    world.decided("reject", [world.accepted()[0]], {"reason": "予算を超えたため"})
    rows = [world.submitted()[0].case for _n in range(3)]
    assert assignment.assign(rows[0], world.staff["second_officer"], by=world.officer) == []
    Turn.objects.filter(case=rows[1]).update(due_on=clock.day_of(clock.now()).replace(year=2020))
    rows[2].closed_at = clock.now()
    rows[2].save()
    world.draft()
    return rows


def test_the_tally_says_what_a_count_of_each_row_says(world: World) -> None:
    rows = busy(world)
    assert tallies.is_exact()
    whole = both_ways(world.director)
    assert all(whole)
    assert both_ways(world.director, programme=rows[0].programme_code) == whole
    assert not any(both_ways(world.director, programme="none"))
    Turn.objects.filter(case=rows[0]).delete()
    Case.objects.filter(pk=rows[1].pk).update(programme_code="other")
    assert tallies.is_exact()
    assert both_ways(world.director) != whole


def test_a_role_over_some_cases_is_told_of_these(world: World) -> None:
    busy(world)  # one of them is in this officer's hand
    person = narrowed(world)
    own = world.submitted()[0].case
    given(own, person, world)
    found = both_ways(person)
    assert found[1] == [{"assigned_to": person.pk, "open": 2}]


def test_who_may_not_see_a_case_is_counted_one_by_one(world: World) -> None:
    row, *_others = busy(world)
    before = sum(each["open"] for each in alike.seen(world.director, {}).cases_by("assigned_to"))
    Interest.objects.create(person=world.director, case=row, detail="親族の会社")
    seen = alike.seen(User.objects.get(pk=world.director.pk), {})
    assert seen.tally is None
    assert sum(each["open"] for each in seen.cases_by("assigned_to")) == before - 1


def test_what_is_alike_is_added_up(world: World) -> None:
    busy(world)
    told, rows = both_ways(world.director), Tally.objects.count()
    jobs.gather_tallies(0)
    assert both_ways(world.director) == told
    assert Tally.objects.count() < rows
    assert tallies.is_exact()


def test_a_wrong_count_is_found_and_mended(world: World) -> None:
    world.submitted()
    Tally.objects.filter(side="office").update(difference=7)
    with pytest.raises(CommandError):
        call_command("verify_turns")
    call_command("verify_turns", mend=True)
    assert tallies.is_exact()


@pytest.mark.parametrize("meanwhile", [tallies.gather, tallies.recount])
def test_what_is_written_while_it_is_added_up_counts(
    committed_world: World, meanwhile: Callable[[], None]
) -> None:
    case = committed_world.submitted()[0].case
    turn = Turn.objects.filter(case=case)[0]

    def add_up() -> None:
        try:
            meanwhile()
        finally:
            connection.close()

    with transaction.atomic():
        turn.delete()
        thread = Thread(target=add_up)
        thread.start()
        thread.join(20)
        assert not thread.is_alive()
    assert tallies.is_exact()
