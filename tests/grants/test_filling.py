"""The demonstration's year is filled in beside people who act: it goes on where it was stopped, gives way, and says how far it is."""

import threading

import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models.signals import class_prepared
from django.test import Client
from django_fsm import FSMField
from pytest_django import DjangoAssertNumQueries, Settings

from grants.applications.models import Application
from grants.programmes.models import Call
from portal import clock
from portal.accounts import filling as progress
from portal.accounts.models import Demonstration, Membership, User
from portal.registry import reference
from portal.workflow.errors import WrongState
from tools.demonstration import filling, year
from tools.demonstration.people import address
from tools.demonstration.simulation import World

CASES = 3  # and none of spring's


Rooms = list[year.Room]


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    """No room adds anything but what the test says."""
    found: Rooms = []
    monkeypatch.setattr(year, "ROOMS", found)
    monkeypatch.setattr(progress, "_over", False)
    return found


@pytest.fixture
def begun(db: None, rooms: Rooms) -> None:
    reference._areas()
    reference._industries()
    call_command("fill_demonstration", begin=True, cases=CASES)


def go_on() -> None:
    progress._over = False  # as a process that has just been started
    call_command("fill_demonstration")


def test_before_the_first_page_a_visitor_has_people_programmes_open_calls_and_a_firm(
    begun: None,
) -> None:
    assert {address("representative"), address("officer")} <= set(
        User.objects.values_list("email", flat=True)
    )
    assert Call.objects.open().count() >= 3
    assert Membership.objects.filter(user__email=address("representative")).exists()
    assert Demonstration.objects.get().step == 1


def test_a_year_that_was_stopped_goes_on_with_the_next_case(
    begun: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []
    whole = year.Year.make

    def stopped(self: year.Year, call: Call, stage: str) -> None:
        if not drawn:
            drawn.append(self.world.rng.getstate())
            raise KeyboardInterrupt
        drawn.append(self.world.rng.getstate())
        whole(self, call, stage)

    monkeypatch.setattr(year.Year, "make", stopped)
    with pytest.raises(KeyboardInterrupt):
        go_on()
    assert Demonstration.objects.get().finished_at is None
    go_on()
    row = Demonstration.objects.get()
    assert row.finished_at is not None
    assert row.percent == 100
    assert Application.objects.count() == CASES
    assert drawn[0] == drawn[1]  # chance goes on as if nothing had happened


def test_what_a_room_adds_is_there_whole_or_not_at_all_and_only_once(
    begun: None, rooms: Rooms
) -> None:
    said: list[int] = []

    def room(world: World, applications: list[Application]) -> None:
        User.objects.create_user(f"room{len(said)}@firms.example")
        said.append(len(applications))
        if len(said) == 1:
            raise KeyboardInterrupt

    rooms.append(year.Room(room))
    with pytest.raises(KeyboardInterrupt):
        go_on()
    assert not User.objects.filter(email__startswith="room").exists()
    go_on()
    go_on()
    assert said == [CASES, CASES]
    assert User.objects.filter(email__startswith="room").count() == 1


def test_what_a_person_has_done_before_is_left_out_and_the_rest_goes_on(
    begun: None, rooms: Rooms
) -> None:
    def refused() -> None:
        raise WrongState("somebody accepted it already")

    done: list[int] = []
    rooms.append(
        year.Room(lambda world, applications: [refused, lambda: done.append(1)], goes_on=True)
    )
    go_on()
    assert done == [1]
    assert Demonstration.objects.get().finished_at is not None


def test_the_filling_gives_way_to_a_person_who_holds_what_it_needs(transactional_db: None) -> None:
    person = User.objects.create_user("person@firms.example", name="一")
    held, waited = threading.Event(), threading.Event()

    def act() -> None:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=person.pk)
            held.set()
            waited.wait(20)
            User.objects.filter(pk=person.pk).update(name="二")
        connection.close()

    thread = threading.Thread(target=act)
    thread.start()
    held.wait(20)
    tries = []

    def fill() -> str:
        tries.append(1)
        if len(tries) == 2:
            waited.set()
        return User.objects.select_for_update().get(pk=person.pk).name

    assert filling.attempt(fill, is_whole=True) == "二"
    thread.join()
    assert len(tries) >= 2


def test_every_page_says_how_far_it_is_until_it_is_whole(begun: None, client: Client) -> None:
    Demonstration.objects.update(percent=37)
    progress._over = False
    page = client.get("/").content.decode()
    assert "架空の1年分を用意しています（37％）" in page
    assert "Refresh" not in client.get("/").headers
    assert client.get("/demo/progress/").headers["Refresh"] == "3"
    assert 'value="37"' in client.get("/en/demo/progress/").content.decode()
    progress.finish(Demonstration.objects.get())
    assert "架空の1年分を用意しています" not in client.get("/").content.decode()
    assert "Refresh" not in client.get("/demo/progress/").headers


def test_a_demonstration_that_is_whole_is_asked_for_once_and_not_on_every_page(
    db: None, rooms: Rooms, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Demonstration.objects.create(seed=1, cases=1, began_at=clock.now(), finished_at=clock.now())
    with django_assert_num_queries(1):
        assert [progress.current() for _page in range(3)] == [None, None, None]


def test_no_progress_is_told_where_there_is_no_demonstration(
    db: None, client: Client, settings: Settings
) -> None:
    settings.DEMO = False
    assert client.get("/demo/progress/").status_code == 404


def test_a_second_year_over_the_first_opens_new_rounds_where_calls_are_decided(
    db: None, rooms: Rooms
) -> None:
    reference._areas()
    reference._industries()
    cases = len(year.Year.begun(0, 1).world.calls)
    first = year.run(cases, 1)
    second = year.run(cases, 2)
    assert len(first) == len(second)
    decided = {a.call_id for a in first if a.call.state == "decided"}
    assert decided
    assert not decided & {a.call_id for a in second}


def test_a_prepared_model_leaves_nothing_listening() -> None:
    """Otherwise each of the thousands of models that `migrate` prepares is told to all state fields before it."""
    before = len(class_prepared.receivers)
    own = type("Meta", (), {"app_label": "sample", "apps": Apps()})
    type("Sample", (models.Model,), {"state": FSMField(), "Meta": own, "__module__": __name__})
    assert len(class_prepared.receivers) == before
