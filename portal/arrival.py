"""The moment a request reached this machine, taken before any queue of ours.

A thread that is busy with somebody else takes a request late; whoever pressed in time is in time
all the same. The worker class (portal/serving.py) notes when the last byte of a request came, and
`clock.arrived()` gives it. Not the first one: until the last one is sent, whoever sends it slowly
can still write what it hands in.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal import clock, events
from portal.events import Event

LONGEST_SECONDS = 600  # what a proxy says beyond this is a clock gone wrong, not a queue
_last_byte: ContextVar[float | None] = ContextVar("last_byte", default=None)  # seconds since 1970


@contextmanager
def at(last_byte: float | None) -> Iterator[None]:
    """In this thread, for the block: when the last byte came, in seconds since 1970."""
    token = _last_byte.set(last_byte)
    try:
        yield
    finally:
        _last_byte.reset(token)


class Arrival:
    """Let `clock.arrived()` give the moment at which this request reached the proxy, the worker, or
    at worst this line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = time.time()
        seconds = _of_proxy(request, now) or _last_byte.get() or now
        with clock.arriving(datetime.fromtimestamp(min(seconds, now), UTC)):
            return self.get_response(request)


def _of_proxy(request: HttpRequest, now: float) -> float | None:
    """The moment that our own proxy wrote into ARRIVAL_HEADER ("t=" and seconds since 1970), where
    one is set to do so.
    """
    text = request.headers.get(settings.ARRIVAL_HEADER, "") if settings.ARRIVAL_HEADER else ""
    if not text:
        return None
    try:
        seconds = float(text.removeprefix("t="))
    except ValueError:
        seconds = 0.0
    if not now - LONGEST_SECONDS <= seconds <= now + LONGEST_SECONDS:
        events.log(Event.ARRIVAL_UNUSABLE)
        return None
    return seconds
