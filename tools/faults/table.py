"""Each fault by its name: how it is done, and how it is undone."""

from __future__ import annotations

import random
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial

import psycopg

from tools.faults import processes
from tools.faults.jobs import POISON
from tools.faults.post import Post
from tools.faults.processes import Process
from tools.faults.proxy import Proxy
from tools.faults.rig import Rig
from tools.faults.storage import Storage

FULL = 512  # bytes that a process on a full disk may still write into a file
Chance = random.Random


class Unseen(Exception):
    """A fault of which the portal's own check says nothing."""


@dataclass(frozen=True)
class Fault:
    """`during`: what holds while it lasts, undone at its end; `lasts`: seconds, from and to."""

    during: Callable[[Rig, Chance], Iterator[None]]
    lasts: tuple[float, float] = (1, 4)

    def of(self, rig: Rig, chance: Chance) -> AbstractContextManager[None]:
        return contextmanager(self.during)(rig, chance)


# -- processes ----------------------------------------------------------------------------------------
def web_process_killed(rig: Rig, chance: Chance) -> Iterator[None]:
    """gunicorn begins another one."""
    if children := rig.web.descendants():
        processes.send(chance.choice(children), signal.SIGKILL)
    yield


def web_killed(rig: Rig, _chance: Chance) -> Iterator[None]:
    rig.web.kill()
    yield
    rig.begin_web()


def worker_killed(queue: str, rig: Rig, _chance: Chance) -> Iterator[None]:
    """The process that does the jobs; the one above it begins another."""
    _excuse(rig)
    for pid in rig.workers[queue].descendants():
        processes.send(pid, signal.SIGKILL)
    yield


def workers_killed(rig: Rig, _chance: Chance) -> Iterator[None]:
    _excuse(rig)
    for worker in rig.workers.values():
        worker.kill()
    yield
    for worker in rig.workers.values():
        worker.begin()


def stands_still(which: Callable[[Rig], list[int]], rig: Rig, _chance: Chance) -> Iterator[None]:
    pids = which(rig)
    try:
        for pid in pids:
            processes.send(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            processes.send(pid, signal.SIGCONT)


def _of_web(rig: Rig) -> list[int]:
    return rig.web.descendants()


def _of_cluster(rig: Rig) -> list[int]:
    return list(processes.below(rig.postmaster()))


# -- the database -------------------------------------------------------------------------------------
def database_killed(rig: Rig, _chance: Chance) -> Iterator[None]:
    _excuse(rig)
    rig.kill_cluster()
    yield
    rig.begin_cluster()


def backend_killed(rig: Rig, chance: Chance) -> Iterator[None]:
    """One of its processes: it ends all connections, and recovers by itself."""
    _excuse(rig)
    with _database(rig) as db:
        rows = db.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
            "AND pid <> pg_backend_pid()"
        ).fetchall()
    if rows:
        processes.send(int(chance.choice(rows)[0]), signal.SIGKILL)
    yield


def connections_cut(rig: Rig, _chance: Chance) -> Iterator[None]:
    _excuse(rig)
    with _database(rig) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
    yield


# -- the ways to the portal, the storage, the mail server ---------------------------------------------
def way_of(what: str, way: str, rig: Rig, _chance: Chance) -> Iterator[None]:
    servers: dict[str, Proxy | Storage | Post] = {
        "proxy": rig.proxy,
        "storage": rig.storage,
        "post": rig.post,
    }
    server = servers[what]
    server.way = way
    try:
        yield
    finally:
        server.way = ""


def object_spoilt(is_lost: bool, rig: Rig, chance: Chance) -> Iterator[None]:
    """One that was kept long ago, put back at the end; the portal's own check has to see it."""
    with _database(rig) as db:
        rows = db.execute(
            "SELECT key FROM portal_documents_storedfile WHERE refusal = '' AND checked_at IS NOT NULL"
        ).fetchall()
    keys = [str(key) for (key,) in rows if key in rig.storage.objects]
    if not keys:
        yield
        return
    key = chance.choice(keys)
    kept = rig.storage.take(key) if is_lost else rig.storage.change(key)
    try:
        yield
        said = rig.checked()
        if key not in said:
            raise Unseen(f"{key} {'lost' if is_lost else 'changed'}, and it says: {said[-300:]}")
    finally:
        rig.storage.put_back(key, kept)


# -- disk and clock -----------------------------------------------------------------------------------
def disk_full(which: Callable[[Rig], list[Process]], rig: Rig, _chance: Chance) -> Iterator[None]:
    """No file grows any more."""
    pids = [pid for process in which(rig) for pid in (process.pid, *process.descendants())]
    try:
        for pid in pids:
            _limit(pid, FULL)
        yield
    finally:
        for pid in pids:
            _limit(pid, resource.RLIM_INFINITY)


def _limit(pid: int, size: int) -> None:
    with suppress(ProcessLookupError):
        _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


def clock_jumps(seconds: int, rig: Rig, _chance: Chance) -> Iterator[None]:
    rig.move_clock(seconds)
    try:
        yield
    finally:
        rig.move_clock(0)


# -- jobs ---------------------------------------------------------------------------------------------
def jobs_doubled(rig: Rig, _chance: Chance) -> Iterator[None]:
    """Whatever waits waits twice."""
    with _database(rig) as db:
        db.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, priority, scheduled_at) "
            "SELECT queue_name, task_name, args, priority, scheduled_at FROM procrastinate_jobs "
            "WHERE status = 'todo' AND queueing_lock IS NULL AND task_name <> %s",
            [POISON],
        )
    yield


AGAIN = {
    "send_mail": ("default", "mail_id", "portal_correspondence_mail"),
    "draw_notice": ("default", "notice_id", "portal_notices_notice"),
    "import_result": ("default", "import_id", "grants_payments_resultimport"),
    "check_file": ("files", "file_id", "portal_documents_storedfile"),
    "draw_pages": ("files", "file_id", "portal_documents_storedfile"),
}


def jobs_again(rig: Rig, _chance: Chance) -> Iterator[None]:
    """What is done is asked for twice more."""
    with _database(rig) as db:
        for task, (queue, name, table) in AGAIN.items():
            db.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
                f"SELECT %s, %s, jsonb_build_object(%s::text, id) FROM (SELECT id FROM {table} "
                "ORDER BY id DESC LIMIT 5) AS latest, generate_series(1, 2)",
                [queue, task, name],
            )
    yield


def poison(queue: str, rig: Rig, _chance: Chance) -> Iterator[None]:
    _excuse(rig)
    with _database(rig) as db:
        db.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES (%s, %s)",
            [queue, POISON],
        )
    yield
    _excuse(rig)


FAULTS: dict[str, Fault] = {
    "a web process is killed": Fault(web_process_killed),
    "the web server is killed": Fault(web_killed),
    "the worker of mails and papers is killed": Fault(partial(worker_killed, "default")),
    "the worker of files is killed": Fault(partial(worker_killed, "files")),
    "all workers are killed": Fault(workers_killed, (2, 6)),
    "the web server stands still": Fault(partial(stands_still, _of_web), (2, 5)),
    "the database is killed": Fault(database_killed, (1, 5)),
    "a process of the database is killed": Fault(backend_killed),
    "all connections to the database are cut": Fault(connections_cut),
    "the database stands still": Fault(partial(stands_still, _of_cluster), (2, 5)),
    "browsers are refused": Fault(partial(way_of, "proxy", "refused")),
    "what browsers send is cut": Fault(partial(way_of, "proxy", "cut")),
    "answers to browsers are lost": Fault(partial(way_of, "proxy", "unanswered"), (2, 5)),
    "the network is slow": Fault(partial(way_of, "proxy", "slow"), (2, 5)),
    "the storage fails": Fault(partial(way_of, "storage", "fails"), (2, 6)),
    "the storage is slow": Fault(partial(way_of, "storage", "slow"), (3, 8)),
    "the storage hangs": Fault(partial(way_of, "storage", "hangs"), (5, 12)),
    "the storage cuts connections": Fault(partial(way_of, "storage", "cut"), (2, 6)),
    "the storage loses what it is given": Fault(partial(way_of, "storage", "loses"), (2, 6)),
    "the storage changes what it is given": Fault(partial(way_of, "storage", "changes"), (2, 6)),
    "a stored file is lost": Fault(partial(object_spoilt, True)),
    "a stored file is changed": Fault(partial(object_spoilt, False)),
    "the mail server refuses": Fault(partial(way_of, "post", "refuses"), (3, 8)),
    "the mail server asks to come again": Fault(partial(way_of, "post", "greylists"), (3, 8)),
    "the mail server loses its answers": Fault(partial(way_of, "post", "doubles"), (3, 8)),
    "the disk of the web server is full": Fault(partial(disk_full, lambda rig: [rig.web]), (2, 6)),
    "the disk of the workers is full": Fault(
        partial(disk_full, lambda rig: [*rig.workers.values()]), (2, 6)
    ),
    "the clock jumps ten minutes ahead": Fault(partial(clock_jumps, 600)),
    "the clock jumps ten minutes back": Fault(partial(clock_jumps, -600)),
    "the clock jumps a day ahead": Fault(partial(clock_jumps, 86_400)),
    "jobs wait twice": Fault(jobs_doubled),
    "jobs are done again": Fault(jobs_again),
    "a job kills the worker of mails and papers": Fault(partial(poison, "default")),
    "a job kills the worker of files": Fault(partial(poison, "files")),
}


def _excuse(rig: Rig) -> None:
    """A mail that was taken just now may be sent once more under its number: its sender dies before it
    can write down that it was taken.
    """
    rig.post.excuse()


def _database(rig: Rig) -> psycopg.Connection[tuple[str | int, ...]]:
    return psycopg.connect(rig.env["DATABASE_URL"], autocommit=True, connect_timeout=5)
