"""`manage.py work`: the job worker, started again whenever it ends, until this process is told to
stop.

A worker ends when its connection to PostgreSQL is cut (a restart, a failover). Whoever runs the
portal should not have to notice: this process holds no connection of its own and outlives both.
"""

import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from types import FrameType

from django.core.management.base import BaseCommand

from portal import events
from portal.events import Event

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before it is started again, doubled each time
SETTLED = 60.0  # seconds after which a worker counts as having come up


class Command(BaseCommand):
    help = "Run the job worker and start it again when it ends; stops on SIGTERM or SIGINT."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=1)
        parser.add_argument("--queues", default="", help="names, with commas; all where left out")

    def handle(self, *_args: object, concurrency: int, queues: str, **_options: object) -> None:
        worker = [
            "procrastinate",
            "worker",
            "--concurrency",
            str(concurrency),
            "--queues",
            queues,
            "--delete-jobs",
            "successful",
        ]
        keep_running([sys.executable, sys.argv[0], *worker])


def keep_running(command: list[str]) -> None:
    """Start `command`, and again after each end, with a pause that grows; a signal ends both, the
    child in its own time.
    """
    stopped: list[int] = []
    child: subprocess.Popen[bytes] | None = None

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)
        if child is not None and child.poll() is None:
            child.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    pause = FIRST_PAUSE
    while not stopped:
        started = time.monotonic()
        child = subprocess.Popen(command, start_new_session=True)  # noqa: S603  our own manage.py
        if stopped:  # told to stop between the two lines above
            child.terminate()
        code = child.wait()
        if stopped:
            return
        pause = FIRST_PAUSE if time.monotonic() - started > SETTLED else pause
        events.log(Event.WORKER_RESTARTED, code=code, seconds=round(pause))
        until = time.monotonic() + pause
        while not stopped and time.monotonic() < until:
            time.sleep(0.2)
        pause = min(pause * 2, LONGEST_PAUSE)
