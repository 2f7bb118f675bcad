"""gunicorn's threads behind a gate: a request takes a thread when it is whole, not before.

A thread that waited for the rest of a request would be lost to everybody else; a handful of slow or
half-open connections would be an outage. The main loop, which only listens, collects what comes and
lets go of whoever is too slow. It also notes when the first byte of a request came
(portal/arrival.py). What a proxy in front does in production, this does without one.
"""

import io
import re
import selectors
import socket
import struct
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO

from gunicorn import http, util
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

from portal import arrival, events
from portal.events import Event

PATIENCE = 15  # seconds for a request to come, and one more …
SLOWEST = 2048  # … for each so many bytes of it
MOST_OF_HEAD = 64 * 1024  # bytes
MOST = 25 * 1024 * 1024  # bytes of a whole request: as docs/deployment.md has the proxy take
_IN_MEMORY = 256 * 1024  # bytes of a request; what is longer waits in a file
_LINGERS = 2  # seconds for the other side to close
_STUCK = struct.pack("ll", 10, 0)  # seconds without progress after which a thread gives up
_LAST_DATA_RECEIVED = 52  # tcpi_last_data_recv, an offset in Linux's struct tcp_info
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
_WAITS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


class Collected:
    """A request as far as it came; the parser reads it like a socket, whose rest follows."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.begin()

    def begin(self) -> None:
        self._kept: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed by `forget`
        self._head, self._tail = b"", b""
        self._whole_at: int | None = None  # bytes; None: not known yet, or told by the last chunk
        self.received, self.began = 0, time.monotonic()

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.began + PATIENCE + self.received / SLOWEST

    def add(self, data: bytes) -> None:
        self._kept.write(data)
        self.received += len(data)
        self._tail = (self._tail + data)[-5:]
        if self._whole_at is None and not _CHUNKED.search(self._head):
            self._read_head(data)

    def _read_head(self, data: bytes) -> None:
        self._head += data
        head, end, _body = self._head.partition(b"\r\n\r\n")
        if not end:
            return
        self._head = head + b"\r\n"
        if not _CHUNKED.search(self._head):
            said = _LENGTH.search(self._head)
            self._whole_at = len(head) + len(end) + (int(said.group(1)) if said else 0)
        if _WAITS.search(self._head):
            self._sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    @property
    def refusal(self) -> bytes:
        """The status with which a request is turned away; nothing for one that may come."""
        if self._whole_at is None and len(self._head) > MOST_OF_HEAD:
            return b"431 Request Header Fields Too Large"
        return b"413 Content Too Large" if max(self.received, self._whole_at or 0) > MOST else b""

    @property
    def is_whole(self) -> bool:
        if self._whole_at is not None:
            return self.received >= self._whole_at
        return bool(_CHUNKED.search(self._head)) and self._tail == b"0\r\n\r\n"

    def hand_on(self) -> None:
        self._kept.seek(0)

    def rest(self) -> bytes:
        """What came beyond the request: the beginning of the next."""
        return self._kept.read()

    def forget(self) -> None:
        self._kept.close()
        self._kept = io.BytesIO()

    # -- as the parser reads it
    def recv(self, size: int) -> bytes:
        return self._kept.read(size) or self._sock.recv(size)

    def gettimeout(self) -> float | None:
        return self._sock.gettimeout()

    def settimeout(self, seconds: float | None) -> None:
        self._sock.settimeout(seconds)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's threads, with the gate and the moment of arrival."""

    def init_process(self) -> None:
        self.coming: dict[TConn, Collected] = {}
        self.leaving: dict[TConn, float] = {}  # until when, in seconds of the monotonic clock
        self.swept = 0.0
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        """Called by the main loop when a connection was accepted or the next request on it became
        readable.
        """
        if conn.parser is None:
            conn.collected, conn.first_byte = Collected(conn.sock), None
            conn.parser = http.get_parser(self.cfg, conn.collected, conn.client)
            for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                conn.sock.setsockopt(socket.SOL_SOCKET, option, _STUCK)
        elif conn.parser.unreader.buf.getvalue():  # sent along with the one before
            conn.first_byte = time.time()
            super().enqueue_req(conn)
            return
        else:
            conn.collected.begin()
        conn.sock.setblocking(False)
        self.coming[conn] = conn.collected
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.collect, conn))
        self.collect(conn, conn.sock)

    def collect(self, conn: TConn, sock: socket.socket) -> None:
        """Take what came; with the last byte the request goes to a thread."""
        collected = self.coming[conn]
        try:
            data = sock.recv(_IN_MEMORY)
            if data and not collected.received:
                conn.first_byte = time.time() - _waited(sock)
            collected.add(data)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if collected.refusal or not data:
            self.let_go(conn, collected.refusal)
        elif collected.is_whole:
            self.poller.unregister(sock)
            del self.coming[conn]
            collected.hand_on()
            conn.data_ready = True
            super().enqueue_req(conn)

    def let_go(self, conn: TConn, status: bytes = b"") -> None:
        self.poller.unregister(conn.sock)
        self.coming.pop(conn).forget()
        if status:
            said = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % status
            with suppress(OSError):
                conn.sock.send(said)
        self.part(conn)

    def part(self, conn: TConn) -> None:
        """Say no more, and hear the other side out for a moment, so that it reads what was said
        (RFC 9112, 9.6): gunicorn's own way would let everybody wait for that.
        """
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.hear_out, conn))
            self.leaving[conn] = time.monotonic() + _LINGERS
        except (OSError, ValueError):
            self.close(conn)

    def hear_out(self, conn: TConn, sock: socket.socket) -> None:
        try:
            is_over = not sock.recv(_IN_MEMORY)
        except BlockingIOError:
            return
        except OSError:
            is_over = True
        if is_over:
            self.close(conn)

    def close(self, conn: TConn) -> None:
        with suppress(KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.leaving.pop(conn, None)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Called by the main loop at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        if now < self.swept + 1:
            return
        self.swept = now
        for conn, collected in list(self.coming.items()):
            if collected.is_late or not (self.alive or collected.received):
                self.let_go(conn, b"408 Request Timeout" if collected.received else b"")
        for conn in [conn for conn, until in self.leaving.items() if now > until]:
            self.close(conn)

    def handle(self, conn: TConn) -> object:
        """Called by a thread."""
        with arrival.at(conn.first_byte):
            return super().handle(conn)

    def handle_error(
        self, _req: object, client: socket.socket, _addr: object, error: Exception
    ) -> None:
        """Rubbish is answered without a word of it, on the page or in the log."""
        is_rubbish = isinstance(error, ParseException)
        event = Event.REQUEST_UNREADABLE if is_rubbish else Event.REQUEST_FAILED
        events.log(event, fault=not is_rubbish, code=type(error).__name__)
        status = (400, "Bad Request") if is_rubbish else (500, "Internal Server Error")
        with suppress(OSError):
            util.write_error(client, *status, "")

    def finish_request(self, conn: TConn, fs: "Future[bool]") -> None:
        """Called by the main loop when a thread is done."""
        rest = conn.collected.rest()
        conn.collected.forget()
        if fs.cancelled() or fs.exception() or not fs.result():
            self.part(conn)
            return
        conn.parser.unreader.buf.seek(0, 2)
        conn.parser.unreader.buf.write(rest)
        super().finish_request(conn, fs)


def _waited(sock: socket.socket) -> float:
    """Seconds for which data lay unread on the connection, as the kernel counts them; 0.0 where it
    does not (no TCP).
    """
    try:
        told = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_DATA_RECEIVED + 4)
        (milliseconds,) = struct.unpack_from("=I", told, _LAST_DATA_RECEIVED)
    except (OSError, AttributeError, struct.error):
        return 0.0
    seconds: float = milliseconds / 1000
    return seconds if seconds <= arrival.LONGEST_SECONDS else 0.0
