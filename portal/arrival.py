"""The moment a request reached this machine, taken before any queue of ours: a worker class of
gunicorn, and a middleware.

A thread that is busy with somebody else takes a request late; whoever pressed in time is in time
all the same. The worker notes when the first byte of a request came (its main loop, which only
accepts and listens), and `clock.arrived()` gives it.
"""

import socket
import struct
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from gunicorn.workers.gthread import DEFAULT_WORKER_DATA_TIMEOUT, TConn, ThreadWorker

from portal import clock, events
from portal.events import Event

LONGEST_SECONDS = 600  # what a proxy says beyond this is a clock gone wrong, not a queue
_LAST_DATA_RECEIVED = 52  # tcpi_last_data_recv, an offset in Linux's struct tcp_info
_first_byte: ContextVar[float | None] = ContextVar("first_byte", default=None)  # seconds since 1970


def _waited(connection: socket.socket) -> float:
    """Seconds for which data lies unread on the connection, as the kernel counts them; 0.0 where it
    does not (no TCP).
    """
    try:
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_DATA_RECEIVED + 4)
        (milliseconds,) = struct.unpack_from("=I", told, _LAST_DATA_RECEIVED)
    except (OSError, AttributeError, struct.error):
        return 0.0
    seconds: float = milliseconds / 1000
    return seconds if seconds <= LONGEST_SECONDS else 0.0


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, with the moment of arrival."""

    def enqueue_req(self, conn: TConn) -> None:
        """Called by the main loop when a connection was accepted or the next request on it became
        readable.
        """
        conn.first_byte = time.time() - _waited(conn.sock)
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> object:
        """Called by a thread.

        A connection opened beforehand, on which nothing was sent yet, arrives with its first byte.
        """
        quiet = not conn.initialized and not conn.wait_for_data(0)
        if quiet and conn.wait_for_data(DEFAULT_WORKER_DATA_TIMEOUT):
            conn.first_byte = time.time()
        token = _first_byte.set(conn.first_byte)
        try:
            return super().handle(conn)
        finally:
            _first_byte.reset(token)


class Arrival:
    """Let `clock.arrived()` give the moment at which this request reached the proxy, the worker, or
    at worst this line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = time.time()
        seconds = _of_proxy(request, now) or _first_byte.get() or now
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
