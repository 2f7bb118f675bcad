"""A maintenance is announced with whose time runs out meanwhile, told on every page, and closes the portal by a file."""

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from portal import clock
from portal.audit.models import Event
from portal.events import Event as Line
from portal.maintenance import announcing, gate, shown
from portal.maintenance.announcing import Wanted
from portal.maintenance.models import TOLD_BEFORE, Maintenance
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World
from tests.lines import Lines, of
from tests.portal.test_closures import PARTS

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def file_of_gate(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.MAINTENANCE_FILE = tmp_path / "kept" / "maintenance"
    yield settings.MAINTENANCE_FILE
    shown._until = 0.0


def wanted(starts_at: datetime, hours: int = 2) -> Wanted:
    return Wanted(
        starts_at=starts_at, ends_at=starts_at + hours * HOUR, about="更新", about_en="Update"
    )


def announced(world: World, starts_at: datetime, hours: int = 2) -> Maintenance:
    return announcing.announce(wanted(starts_at, hours), by=world.staff["administrator"])


# -- announced ----------------------------------------------------------------------------------------
def test_only_administrators_announce_and_call_off(world: World) -> None:
    soon = clock.now() + HOUR
    for other in (world.officer, world.approver, world.outsider):
        with pytest.raises(Forbidden):
            announcing.announce(wanted(soon), by=other)
    row = announced(world, soon)
    with pytest.raises(Forbidden):
        announcing.call_off(row, by=world.officer)
    announcing.call_off(row, by=world.staff["administrator"])
    with pytest.raises(NotReady):
        announcing.call_off(row, by=world.staff["administrator"])
    done = Event.objects.filter(chain="maintenance").order_by("seq")
    assert [row.action for row in done] == ["maintenance.announce", "maintenance.call_off"]


def test_what_is_over_or_overlaps_is_refused(world: World) -> None:
    soon = clock.now() + HOUR
    announced(world, soon)
    for starts_at in (soon + HOUR, soon - HOUR, clock.now() - 3 * HOUR):
        with pytest.raises(NotReady):
            announced(world, starts_at)
    announced(world, soon + 2 * HOUR)


def test_whose_time_runs_out_meanwhile_is_named(world: World) -> None:
    application, _person = world.draft()
    closes_at = application.call.last_closes_at
    assert closes_at is not None
    found = announcing.ending_in(wanted(closes_at - HOUR))
    assert [(row.at, row.what, row.cases) for row in found] == [
        (closes_at, str(application.call), None)
    ]
    assert announcing.ending_in(wanted(closes_at)) == []
    assert announcing.ending_in(wanted(closes_at - 2 * HOUR, 1)) == []


def test_a_day_of_an_applicant_runs_out_at_midnight(world: World) -> None:
    application, _person = world.submitted()
    today = clock.today()
    application.case.turns.create(
        side="applicant",
        what="直して、もう一度提出する",
        subject="x",
        due_on=today,
        since=clock.now(),
    )
    midnight = datetime.combine(today + timedelta(days=1), time(), clock.JST)
    found = announcing.ending_in(wanted(midnight - HOUR))
    assert [(row.at, row.cases) for row in found] == [(midnight, 1)]
    assert announcing.ending_in(wanted(midnight - 4 * HOUR)) == []
    assert announcing.ending_in(wanted(midnight)) == []


def test_the_page_shows_the_deadlines_before_it_announces(world: World, client: Client) -> None:
    call = world.calls["telework"]
    closes_at = call.last_closes_at
    assert closes_at is not None
    client.force_login(world.staff["administrator"])
    day = closes_at.astimezone(clock.JST)
    typed = {
        **{f"starts_on_{part}": str(getattr(day, name)) for part, name in PARTS},
        "starts": f"{day.hour - 1:02}:00",
        "ends": f"{day.hour + 1:02}:30",
        "about": "更新",
        "about_en": "Update",
    }
    first = client.post("/staff/maintenance/new/", typed)
    assert first.context["form"].errors == {}
    assert str(call) in first.content.decode()
    assert not Maintenance.objects.exists()
    seen = first.context["seen"]
    assert client.post("/staff/maintenance/new/", typed | {"seen_endings": "x"}).status_code == 200
    assert not Maintenance.objects.exists()
    done = client.post("/staff/maintenance/new/", typed | {"seen_endings": seen})
    assert done["Location"] == "/staff/maintenance/"
    row = Maintenance.objects.get()
    assert row.ends_at > closes_at > row.starts_at
    page = client.get("/staff/maintenance/").content.decode()
    assert (row.span_said in page, "call-off" in page) == (True, True)
    assert client.post("/staff/maintenance/new/", typed | {"ends": "00:00"}).status_code == 422


def test_every_page_says_so_from_two_weeks_before(world: World, client: Client) -> None:
    row = announced(world, clock.now() + TOLD_BEFORE + HOUR)
    assert "保守のため使えません" not in client.get("/").content.decode()
    with clock.at(clock.now() + 2 * HOUR):
        assert "保守のため使えません（更新）" in client.get("/").content.decode()
        assert "closed for maintenance" in client.get("/en/").content.decode()
        client.force_login(world.officer)
        assert "保守のため使えません" in client.get("/inbox/", follow=True).content.decode()
    with clock.at(row.starts_at):
        assert "保守の時間です" in client.get("/calls/").content.decode()
    with clock.at(row.ends_at):
        assert "保守の時間です" not in client.get("/calls/").content.decode()


def test_no_page_asks_the_database_for_it(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    announced(world, clock.now() + HOUR)
    with django_assert_num_queries(0):
        assert shown.banner(None)["maintenance"] is not None  # type: ignore[arg-type]


# -- closed -------------------------------------------------------------------------------------------
def test_while_the_file_is_there_every_page_says_so_and_asks_nothing(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries, lines: Lines
) -> None:
    gate.close(clock.now() + 2 * HOUR)
    with django_assert_num_queries(0):
        for path in ("/", "/en/", "/staff/jobs/", "/no-such-page/", "/accounts/login/"):
            page = client.get(path)
            assert (page.status_code, page["Retry-After"]) == (503, "3600"), path
            assert "ただいま保守のため閉じています" in page.content.decode()
            assert "Closed for maintenance" in page.content.decode()
            assert page["Cache-Control"] == "no-store"
        sent = client.post("/apply/TW8-1/plan/", {"a": "b"})
        assert (sent.status_code, "届いていません" in sent.content.decode()) == (503, True)
        data = client.post("/apply/TW8-1/plan/", {"a": "b"}, headers={"accept": "application/json"})
        assert (data.status_code, data.json()["message"]) == (503, "ただいま保守のため閉じています")
        assert client.get("/health/live").status_code == 200
    assert len(of(lines, Line.CLOSED_FOR_WORK)) == 7
    assert [line for line in lines if line["level"] != "INFO"] == []  # no alarm for each who comes
    gate.open_again()
    assert client.get("/").status_code == 200
    assert connection.connection is not None


def test_a_time_that_passed_opens_nothing(client: Client) -> None:
    now = clock.now().replace(microsecond=0)
    gate.close(now + timedelta(minutes=10))
    with clock.at(now):
        assert client.get("/")["Retry-After"] == "600"
    with clock.at(now + HOUR):
        page = client.get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "300")
    assert "作業が終わりしだい開きます" in page.content.decode()


@pytest.mark.parametrize("said", ["", "{", "[]", "{}", '{"until": 5}', json.dumps({"until": "x"})])
def test_a_file_that_nobody_can_read_closes(client: Client, file_of_gate: Path, said: str) -> None:
    file_of_gate.parent.mkdir()
    file_of_gate.write_text(said)
    assert client.get("/").status_code == 503


def test_the_command_closes_opens_and_says(file_of_gate: Path) -> None:
    def said(*words: str) -> str:
        out = StringIO()
        call_command("maintenance", *words, stdout=out)
        return out.getvalue().strip()

    assert said() == "Open."
    assert said("on") == "Closed until `maintenance off`."
    tomorrow = clock.today() + timedelta(days=1)
    assert said("on", "--until", f"{tomorrow} 09:00") == f"Closed until {tomorrow}T09:00:00+09:00."
    assert file_of_gate.exists()
    assert said("off") == "Open."
    assert said("off") == "Open."
    for wrong in (
        ["on", "--until", "soon"],
        ["on", "--until", "2020-01-01 00:00"],
        ["--until", "x"],
    ):
        with pytest.raises(CommandError):
            said(*wrong)
    assert not file_of_gate.exists()
