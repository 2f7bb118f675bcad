"""The one source of "now". Everything that stamps or compares a moment asks here, so that a rehearsal of past
years (`simulate`) and a test of the last second before a deadline use the same code as production."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

JST = ZoneInfo("Asia/Tokyo")
_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC unless a rehearsal set another."""
    return _frozen.get() or timezone.now()


def day_of(moment: datetime) -> date:
    """The day of `moment` (aware) in Sapporo (UTC+9, no summer time): before nine in the morning it is not that of UTC."""
    return moment.astimezone(JST).date()


def stamp(moment: datetime) -> str:
    """`moment` (aware) as machines read it, in Sapporo's time: 2026-04-01T09:00:00+09:00."""
    return moment.astimezone(JST).isoformat(timespec="seconds")


def today() -> date:
    """The present day in Sapporo."""
    return day_of(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at `moment` (aware) inside the block."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
