"""Fill the running demonstration's year in:
beside people who are already acting in it, and on from where it was stopped.

A case goes through the door step by step, as a person's would; what a room adds is one transaction,
so that it is there whole or not at all. Whoever else acts goes first: this process gives way after
a moment and tries again.
"""

import logging
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import TypeVar

from django.db import OperationalError, connection, transaction

from portal.accounts import filling
from portal.accounts.models import Demonstration
from portal.cases.models import Case
from tools.demonstration.year import Step, Year

TRIES = 20  # of one act, where people hold what it needs
ONE_AT_A_TIME = 7_201_965  # the name of the database's lock, taken by whoever fills in
POLITE = """SELECT set_config('lock_timeout', '200ms', true),
    (SELECT set_config('deadlock_timeout', '20ms', true)
        FROM pg_roles WHERE rolname = current_user AND rolsuper)"""
T = TypeVar("T")
log = logging.getLogger(__name__)


def begin(cases: int, seed: int) -> bool:
    """What a visitor needs at once: people, programmes, calls, the first firm with its case.

    False where a demonstration has begun.
    """
    if Demonstration.objects.exists() or Case.objects.exists():
        return False
    year = Year.begun(cases, seed)
    row = filling.begin(seed=seed, cases=cases)
    take(year, row, year.steps()[:1])
    return True


def go_on(progress: Callable[[int], None] = lambda percent: None) -> bool:
    """Do what is left of the demonstration being filled in.

    False where it is whole, or another process is at it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # a lost moment is done again
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return False
    row = filling.current()
    if row is None:
        return False
    year = Year.remembered(row.cases, row.memory)
    take(year, row, year.steps()[row.step :], progress)
    return True


def take(
    year: Year,
    row: Demonstration,
    steps: list[Step],
    progress: Callable[[int], None] = lambda percent: None,
) -> None:
    """Do these steps, and keep after each how far the year has come."""
    whole = year.steps()
    total, done = sum(step.weight for step in whole), sum(step.weight for step in whole[: row.step])
    for step in steps:
        left = attempt(step.run, is_whole=step.is_whole)
        acts = list(left or ())
        for n, act in enumerate(acts, 1):
            attempt(act)
            row.percent = int(100 * (done + step.weight * n / len(acts)) / total)
            row.save(update_fields=["percent"])
        done += step.weight
        filling.note(
            row, step=row.step + 1, percent=100 * done // total, memory=dict(year.memory())
        )
        progress(row.percent)


def attempt(act: Callable[[], T], *, is_whole: bool = False) -> T | None:
    """Do it; once more where people were in its way; leave it out, and say so, where it cannot be done."""
    for n in range(TRIES):
        try:
            with transaction.atomic() if is_whole else nullcontext():
                if is_whole:
                    give_way()
                return act()
        except OperationalError:
            # a lock not had in time, a deadlock, a database that was started again
            connection.close_if_unusable_or_obsolete()
            time.sleep(0.1 * (n + 1))
        except Exception:
            # somebody may have gone ahead with the same case: whatever it is, the others go on
            log.warning("left out of the demonstration", exc_info=True)
            return None
    log.warning("left out of the demonstration: the database was busy")
    return None


def give_way() -> None:
    """In this transaction: wait for nobody's lock for long, so that it is never the person who is refused."""
    with connection.cursor() as cursor:
        cursor.execute(POLITE)
