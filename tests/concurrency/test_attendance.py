"""Attendance and assessments by two officers at once: first the control, then with the lock."""

import threading
from datetime import timedelta

import pytest

from grants.applications.models import Application
from grants.awards import assessing
from grants.awards.assessed import Assessment
from grants.programmes.models import Call
from grants.seats import courses
from grants.seats.models import Enrolment, Session
from portal import clock
from portal.audit.models import Event
from portal.workflow import door
from portal.workflow.errors import Refused
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.grants.test_assessing import CUT, two_items
from tools.demonstration.rooms import seats


def session_of(world: World) -> tuple[Session, list[Enrolment]]:
    call = seats.call_of(world.staff, clock.today() - timedelta(days=20), seats=3)
    day = clock.today() - timedelta(days=15)
    application = seats.enrolled(world.sim, call, day, people=2)
    session = seats.schedule(call, world.staff, clock.today() - timedelta(days=40))[0]
    return session, list(application.enrolments.order_by("pk"))


def noted(session: Session) -> set[int]:
    return set(session.enrolments.values_list("pk", flat=True))


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Widen the window between reading who has a seat and writing."""
    read = courses.of_course

    def wait(call: Call) -> list[Enrolment]:
        rows = read(call)
        threading.Event().wait(0.3)
        return rows

    monkeypatch.setattr(courses, "of_course", wait)


def both_take_one(world: World) -> tuple[list[object], int]:
    """Two officers note the same person at once: what came of it, and how often it was done."""
    session, (first, _second) = session_of(world)
    people = [world.officer, world.staff["second_officer"]]
    found = together(
        *[lambda p=p: courses.take_attendance(session, {first.pk}, by=p) for p in people]
    )
    return found, Event.objects.filter(action="enrolment.attend").count()


def test_control_without_the_lock_one_person_begins_the_course_twice(
    committed_world: World, slow: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    found, begun = both_take_one(committed_world)
    assert (found, begun) == ([None, None], 2)


def test_who_is_noted_by_two_at_once_begins_the_course_once(
    committed_world: World, slow: None
) -> None:
    assert both_take_one(committed_world) == ([None, None], 1)


def each_takes_their_part(world: World, *, whole: bool) -> tuple[set[int], set[int]]:
    """Two officers, each with a page that was drawn before the other pressed, tick one person each:
    (who is noted, who should be). `whole`: as pages did that said the whole list.
    """
    session, rows = session_of(world)
    people = [world.officer, world.staff["second_officer"]]
    together(
        *[
            lambda p=p, row=row: courses.take_attendance(
                session, {row.pk}, by=p, absent=None if whole else set()
            )
            for p, row in zip(people, rows, strict=True)
        ]
    )
    return noted(session), {row.pk for row in rows}


def test_control_with_whole_lists_one_mark_is_lost(committed_world: World) -> None:
    found, wanted = each_takes_their_part(committed_world, whole=True)
    assert (len(found), len(wanted)) == (1, 2)


def test_with_what_each_changed_no_mark_is_lost(committed_world: World) -> None:
    found, wanted = each_takes_their_part(committed_world, whole=False)
    assert found == wanted


def two_assessments(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """From two pages drawn at the same time."""
    application, _person = two_items(world)
    seen, look = assessing.basis(application), assessing.refusals

    def wait(application: Application) -> list[str]:
        threading.Event().wait(0.3)
        return look(application)

    monkeypatch.setattr(assessing, "refusals", wait)
    people = [world.officer, world.staff["second_officer"]]
    return together(
        *[lambda p=p: assessing.assess(application, CUT, by=p, seen=seen) for p in people]
    )


def test_control_without_the_lock_no_second_page_is_told_of_the_first(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    found = two_assessments(committed_world, monkeypatch)
    assert not any(isinstance(result, Refused) for result in found)


def test_of_two_pages_of_an_assessment_the_second_is_told(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = two_assessments(committed_world, monkeypatch)
    assert sorted(type(result).__name__ for result in found) == ["Assessment", "Changed"]
    assert Assessment.objects.get().amount == 200_000
