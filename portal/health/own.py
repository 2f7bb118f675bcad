"""What can be measured of the machine, the database and the queue."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from procrastinate.contrib.django import app

from portal import clock
from portal.audit.checks_at_start import MOST_APART
from portal.health.ports import Figures, Metric, Probe
from portal.workflow import failed

UP, PENDING, APART = "portal_database_up", "portal_migrations_pending", "portal_clock_apart_seconds"
FREE = "portal_disk_free_bytes"
LEAST_FREE = 512 * 1024**2  # bytes: some uploads and answers that are being sent
JOBS, OLDEST = "portal_queue_jobs", "portal_queue_oldest_seconds"
LONGEST_WAIT = 15 * 60  # seconds
WORKERS, ALIVE = "portal_workers_alive", 60  # seconds since the last sign of life
FAILED, LOCKED = "portal_jobs_failed", "portal_locks_waiting"

FAILING, BEHIND = "portal_archive_failing", "portal_archive_behind_seconds"
MOST_BEHIND = 15 * 60  # seconds of writing that a lost machine would take with it

# a server without an archive answers nothing; the workers write each minute, so that its log goes on
_ARCHIVE = """
SELECT coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)::int,
  extract(epoch FROM clock_timestamp()
    - greatest(last_archived_time, stats_reset, pg_postmaster_start_time()))
FROM pg_stat_archiver
WHERE current_setting('archive_mode') <> 'off' AND NOT pg_is_in_recovery()
"""
_OLDEST = """
SELECT queue_name, count(*),
  extract(epoch FROM clock_timestamp() - min(greatest(scheduled_at, (
    SELECT max(at) FROM procrastinate_events WHERE job_id = job.id AND type <> 'scheduled'))))
FROM procrastinate_jobs AS job
WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= clock_timestamp())
GROUP BY queue_name
"""
_ALIVE = """
SELECT count(*) FROM procrastinate_workers
WHERE last_heartbeat > clock_timestamp() - make_interval(secs => %s)
"""
# pg_locks shows every role whatever another waits for; of pg_stat_activity only what names the database
_LOCKED = """
SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database()
  AND waitstart < clock_timestamp() - interval '1 second'
"""


def _database() -> Figures:
    _one("SELECT 1")
    return {(UP, ""): 1}


def _migrations() -> Figures:
    applied = MigrationRecorder(connection).applied_migrations()
    return {(PENDING, ""): len(_on_disk() - set(applied))}


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _clock() -> Figures:
    seconds = _one("SELECT extract(epoch FROM clock_timestamp())")
    return {(APART, ""): abs(clock.now().timestamp() - seconds)}


def places() -> dict[str, Path]:
    """Where this process writes files."""
    return {"data": settings.DATA_DIR, "temporary": Path(tempfile.gettempdir())}


def _disk() -> Figures:
    return {(FREE, name): shutil.disk_usage(_there(place)).free for name, place in places().items()}


def _there(place: Path) -> Path:
    """The folder, or where it would be made."""
    return next(folder for folder in (place, *place.absolute().parents) if folder.is_dir())


def queues() -> list[str]:
    """Ours; the library has one of its own."""
    return sorted({task.queue for name, task in app.tasks.items() if "builtin" not in name})


def _queues() -> Figures:
    found: dict[tuple[str, str], float] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST)
        for queue, jobs, seconds in cursor.fetchall():
            found |= {(JOBS, queue): jobs, (OLDEST, queue): float(seconds or 0)}
    return found


def _archive() -> Figures:
    with connection.cursor() as cursor:
        cursor.execute(_ARCHIVE)
        rows = cursor.fetchall()
    return {
        key: figure
        for failing, seconds in rows
        for key, figure in (((FAILING, ""), failing), ((BEHIND, ""), float(seconds)))
    }


def _one(words: str, *given: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute(words, given)
        return float(cursor.fetchone()[0])


PROBES = {
    "database": Probe(
        metrics={UP: Metric(says="1 where the database answers")},
        ask=_database,
        of_visitors=True,
        kept=5,
    ),
    "migrations": Probe(
        metrics={
            PENDING: Metric(
                says="migrations that the database has not had yet", above=0, word="pending"
            )
        },
        ask=_migrations,
        of_visitors=True,
        kept=60,
    ),
    "disk": Probe(
        metrics={
            FREE: Metric(
                says="bytes that are free where the process writes files",
                below=LEAST_FREE,
                word="full",
            )
        },
        ask=_disk,
        label="place",
        values=places,
        asks_database=False,
        of_visitors=True,
    ),
    "clock": Probe(
        metrics={
            APART: Metric(
                says="seconds between the clocks of the machine and of the database",
                above=MOST_APART,
                word="apart",
            )
        },
        ask=_clock,
    ),
    "queues": Probe(
        metrics={
            JOBS: Metric(says="jobs that could be begun"),
            OLDEST: Metric(
                says="seconds for which the oldest of them waits", above=LONGEST_WAIT, word="late"
            ),
        },
        ask=_queues,
        label="queue",
        values=queues,
    ),
    "workers": Probe(
        metrics={WORKERS: Metric(says="workers that gave a sign of life", below=1, word="none")},
        ask=lambda: {(WORKERS, ""): _one(_ALIVE, ALIVE)},
    ),
    "failed": Probe(
        metrics={FAILED: Metric(says="jobs that failed for good and nobody saw to")},
        ask=lambda: {(FAILED, ""): failed.jobs().count()},
    ),
    "archive": Probe(
        metrics={
            FAILING: Metric(says="1 where the server's log could not be sent to its archive"),
            BEHIND: Metric(
                says="seconds since a piece of the server's log reached its archive",
                above=MOST_BEHIND,
                word="behind",
            ),
        },
        ask=_archive,
    ),
    "locks": Probe(
        metrics={LOCKED: Metric(says="connections that wait for a lock for more than a second")},
        ask=lambda: {(LOCKED, ""): _one(_LOCKED)},
    ),
}
