"""The one source of "now".

Everything that stamps or compares a moment asks here, so that the demonstration's
fictitious year and a test of the last second before a deadline use the same code as production.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

JST = ZoneInfo("Asia/Tokyo")
_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)
_arrived: ContextVar[datetime | None] = ContextVar("arrived", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC unless `at` has set another."""
    return _frozen.get() or timezone.now()


def arrived() -> datetime:
    """The moment at which what the person pressed reached us: every deadline of theirs is held
    against it.

    Inside a request it is taken at the door, before any queue (portal/arrival.py); elsewhere it is
    the present moment.
    """
    return _frozen.get() or _arrived.get() or timezone.now()


@contextmanager
def arriving(moment: datetime) -> Iterator[None]:
    """Let `arrived` give `moment` (aware) inside the block: one request."""
    token = _arrived.set(moment)
    try:
        yield
    finally:
        _arrived.reset(token)


def day_of(moment: datetime) -> date:
    """The day of `moment` (aware) in Sapporo (UTC+9, no summer time): before nine in the morning it
    is not that of UTC.
    """
    return moment.astimezone(JST).date()


def stamp(moment: datetime) -> str:
    """`moment` (aware) as machines read it, in Sapporo's time: 2026-04-01T09:00:00+09:00."""
    return moment.astimezone(JST).isoformat(timespec="seconds")


def today() -> date:
    """The present day in Sapporo."""
    return day_of(now())


def next_change(spans: Sequence[tuple[date, date | None]]) -> datetime | None:
    """The beginning of the next day on which one of these spans (first and last day; None where it
    has no end) begins or is over.
    """
    days = [first for first, _last in spans]
    days += [last + timedelta(days=1) for _first, last in spans if last is not None]
    day = min((day for day in days if day > today()), default=None)
    return None if day is None else datetime.combine(day, time(), JST)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at `moment` (aware) inside the block."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
