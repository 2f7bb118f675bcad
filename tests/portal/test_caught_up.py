"""What was to be done while no worker was there is done once one is there again, and once."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicDeferrer

from portal import clock
from portal.cases.models import Turn
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.events import Event
from portal.workflow import failed, spans
from portal.workflow.models import DoneUntil
from tests import served
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.lines import Lines, of, only
from tools.demonstration import simulation

DUE = date(2026, 6, 30)


# -- work by the clock ----------------------------------------------------------------------------
@pytest.mark.parametrize("hour", [0, 7, 16, 19, 23])
def test_a_worker_that_starts_begins_the_newest_turn_of_all_work_by_the_clock(hour: int) -> None:
    deferrer = PeriodicDeferrer(app.periodic_registry, **app.periodic_defaults)
    at = datetime(2026, 6, 30, hour, 59, tzinfo=UTC).timestamp()
    begun = [row.task.name for row, _moment in deferrer.get_previous_tasks(at=at)]
    assert sorted(begun) == sorted(
        row.task.name for row in app.periodic_registry.periodic_tasks.values()
    )


# -- reminders ------------------------------------------------------------------------------------
@given(st.lists(st.integers(1, 7), max_size=30))
def test_of_gaps_up_to_a_week_no_mark_is_left_out_and_none_is_told_twice(gaps: list[int]) -> None:
    last: date | None = None
    today, told = DUE - timedelta(days=20), []
    for gap in [1, *gaps]:
        today += timedelta(days=gap)
        after = spans.begins_after(last, today)
        mark = reminders.mark_passed(DUE, after, today)
        said = [mark] if mark is not None else []
        missed = [m for m in reminders.REMIND if after < DUE - timedelta(days=m) <= today]
        assert said == missed[-1:]
        told += said
        last = today
    assert len(set(told)) == len(told)


@pytest.mark.parametrize(
    ("last", "after"), [(None, 1), (2, 2), (1, 1), (0, 1), (-1, 1), (7, 7), (40, 7)]
)
def test_today_is_always_looked_at_and_never_more_than_a_week(last: int | None, after: int) -> None:
    """Of days ago."""
    done = None if last is None else DUE - timedelta(days=last)
    assert spans.begins_after(done, DUE) == DUE - timedelta(days=after)


@pytest.mark.parametrize(
    ("before", "back", "said"),
    [
        (15, 12, "あと12日"),
        (8, 5, "あと5日"),
        (15, 7, "あと7日"),
        (2, -1, "過ぎています"),
        (1, -3, "過ぎています"),
        (13, 10, ""),
        (16, 3, "あと3日"),
    ],
)
def test_a_worker_that_was_down_over_a_mark_tells_of_it_once(
    world: World, before: int, back: int, said: str
) -> None:
    award, person = awarded(world)
    turn = Turn.objects.get(case=award.case, side="applicant", due_on__isnull=False)
    assert turn.due_on is not None
    with clock.at(simulation.at(turn.due_on - timedelta(days=before), 8)):
        reminders.remind()
    known = set(Mail.objects.filter(to=person).values_list("pk", flat=True))
    for _twice in range(2):
        with clock.at(simulation.at(turn.due_on - timedelta(days=back), 8)):
            reminders.remind()
    with clock.at(simulation.at(turn.due_on - timedelta(days=back), 20)):
        assert reminders.remind() == 0
    subjects = [mail.subject for mail in Mail.objects.filter(to=person).exclude(pk__in=known)]
    assert [said in subject for subject in subjects] == ([True] if said else [])


def test_a_day_on_which_reminding_failed_halfway_is_done_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    award, _person = awarded(world)
    turn = Turn.objects.get(case=award.case, side="applicant", due_on__isnull=False)
    assert turn.due_on is not None

    def broken(*_args: object, **_given: object) -> None:
        raise OSError("away")

    with clock.at(simulation.at(turn.due_on - timedelta(days=7), 8)):
        with monkeypatch.context() as fault:
            fault.setattr(reminders, "tell", broken)
            with pytest.raises(OSError, match="away"):
                reminders.remind()
        assert not DoneUntil.objects.exists()
    with clock.at(simulation.at(turn.due_on - timedelta(days=7), 9)):
        assert reminders.remind() == 1


# -- jobs of a worker that died -------------------------------------------------------------------
def stalled(task: str, *, lock: str | None = None, attempts: int = 0) -> int:
    """A job whose worker is gone."""
    return _job(task, "doing", lock, attempts)


def _job(task: str, status: str, lock: str | None = None, attempts: int = 0) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock, attempts, args)"
            " VALUES ('default', %s, %s::procrastinate_job_status, %s, %s, '{\"timestamp\": 100}')"
            " RETURNING id",
            [task, status, lock, attempts],
        )
        (number,) = cursor.fetchone()
    return int(number)


def sweep() -> None:
    async_to_sync(app.tasks["requeue_stalled"].func)(SimpleNamespace(app=app), timestamp=1)


def standing(*numbers: int) -> list[str]:
    jobs = ProcrastinateJob.objects.in_bulk(numbers)
    return [jobs[number].status for number in numbers]


def test_a_stalled_job_beside_its_queued_twin_does_not_hold_up_the_rest(
    transactional_db: None, lines: Lines
) -> None:
    first = stalled("remind", lock="remind")
    twin, last = _job("remind", "todo", "remind"), stalled("send_mail")
    sweep()
    assert standing(first, twin, last) == ["failed", "todo", "todo"]
    assert of(lines, Event.JOB_FAILED) == []
    assert [line["code"] for line in of(lines, Event.JOB_RETRIED)] == ["killed", "killed"]


def test_what_its_twin_has_done_stands_no_more_among_failed_work(
    transactional_db: None,
) -> None:
    """A worker removes what succeeded, so that nothing but the begun turn is left to tell."""
    killed, other = stalled("remind", lock="remind"), stalled("seal_audit", lock="seal_audit")
    for task in ("remind", "seal_audit"):
        _job(task, "todo", task)
    sweep()
    assert {job.pk for job in failed.jobs()} == {killed, other}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)"
            " VALUES ('remind', '', 101), ('seal_audit', '', 100)"
        )
    assert {job.pk for job in failed.jobs()} == {other}


@pytest.mark.parametrize(
    ("task", "attempts", "status"),
    [
        ("pass_time", 2, "todo"),
        ("pass_time", 3, "failed"),
        ("unknown", 3, "failed"),
        ("send_mail", 103, "todo"),
        ("send_mail", 104, "failed"),
    ],
)
def test_a_job_is_begun_again_as_often_as_its_kind_says_and_three_times_at_least(
    transactional_db: None, task: str, attempts: int, status: str
) -> None:
    job = stalled(task, attempts=attempts)
    sweep()
    assert standing(job) == [status]


def test_a_job_that_ended_meanwhile_does_not_hold_up_the_rest(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    ended, other = _job("send_mail", "succeeded"), stalled("draw_notice")
    found = [row.procrastinate_job for row in ProcrastinateJob.objects.order_by("pk")]

    async def seen_before() -> list[object]:
        return list(found)

    monkeypatch.setattr(app.job_manager, "get_stalled_jobs", seen_before)
    sweep()
    assert standing(ended, other) == ["succeeded", "todo"]


WORKER = """
import os
import django; django.setup()
from procrastinate.contrib.django import app
from portal import again

app.periodic_registry.periodic_tasks.clear()

@app.task(name="deadly", retry=again.OFTEN)
def deadly(**_given):
    os._exit(9)

with app.replace_connector(app.connector.get_worker_connector()):
    app.run_worker(wait=False, install_signal_handlers=False)
"""


def test_a_job_that_its_worker_dies_of_is_ended_and_seen(
    committed_world: World, tmp_path: Path, client: Client, lines: Lines
) -> None:
    ProcrastinateJob.objects.all()._raw_delete(using="default")
    job = _job("deadly", "todo", attempts=2)
    env = served.environment(tmp_path)
    for status in ("todo", "failed"):
        ended = subprocess.run(
            [sys.executable, "-c", WORKER], env=env, cwd=served.ROOT, check=False
        )
        assert (ended.returncode, standing(job)) == (9, ["doing"])
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1h'"
            )
        sweep()
        assert standing(job) == [status]
    line = only(lines, Event.JOB_FAILED)
    assert (line["job"], line["code"], line["attempt"]) == ("deadly", "killed", 4)
    client.force_login(committed_world.staff["administrator"])
    assert f"job-{job}" in client.get("/staff/jobs/").content.decode()
