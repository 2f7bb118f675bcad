"""gunicorn's threads behind a gate: a request takes a thread when it is whole, not before.

A thread that waited for the rest of a request would be lost to everybody else; a handful of slow or
half-open connections would be an outage. The main loop, which only listens, collects what comes and
lets go of whoever is too slow; it sends as well what a reader takes slowly of an answer
(portal/answering.py). It also notes when the last byte of a request came (portal/arrival.py). What a
proxy in front does in production, this does without one.
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
from portal.answering import Answering
from portal.events import Event

PATIENCE = 15  # seconds for a request to come, and one more …
SLOWEST = 2048  # … for each so many bytes of it …
LONGEST = 600  # … up to here
MOST_OF_HEAD = 64 * 1024  # bytes
MOST = 25 * 1024 * 1024  # bytes of a whole request: as docs/deployment.md has the proxy take
MOST_UNFINISHED = 0.75  # of the connections that a worker takes; the others go on meanwhile
_IN_MEMORY = 256 * 1024  # bytes of a request; what is longer waits in a file
_UNREADABLE = b"400 Bad Request"
_LINGERS = 2  # seconds for the other side to close
_STUCK = struct.pack("ll", 10, 0)  # seconds without progress after which a thread gives up
_LAST_DATA_RECEIVED = 52  # tcpi_last_data_recv, an offset in Linux's struct tcp_info
_START = re.compile(rb"[^\r\n]+")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*")  # RFC 9112, 5


class Collected:
    """A request as far as it came; the parser reads it like a socket that ends with it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.begin()

    def begin(self) -> None:
        self._kept: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed by `forget`
        self._head, self.refusal = b"", b""  # the status with which it is turned away
        self._whole_at: int | None = None  # bytes; None: not known yet
        self.received, self.began = 0, time.monotonic()

    @property
    def is_late(self) -> bool:
        patience = min(PATIENCE + self.received / SLOWEST, LONGEST)
        return time.monotonic() > self.began + patience

    def add(self, data: bytes) -> None:
        self._kept.write(data)
        self.received += len(data)
        if self._whole_at is None:
            self._read_head(data)

    def _read_head(self, data: bytes) -> None:
        self._head += data
        head, end, _body = self._head.partition(b"\r\n\r\n")
        if len(head) > MOST_OF_HEAD:
            self.refusal = b"431 Request Header Fields Too Large"
        elif end:
            start, *lines = head.split(b"\r\n")
            fields = [_FIELD.fullmatch(line) for line in lines]
            told = [(field[1].lower(), field[2].lower()) for field in fields if field]
            if not _START.fullmatch(start) or len(told) < len(lines):
                self.refusal = _UNREADABLE
                return
            self._measure(len(head) + len(end), told)
            if not self.refusal and (b"expect", b"100-continue") in told:
                self._sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _measure(self, head: int, told: list[tuple[bytes, bytes]]) -> None:
        """Where does it end? What two readers could understand differently is not understood."""
        lengths = [value for name, value in told if name == b"content-length"]
        codings = [value for name, value in told if name == b"transfer-encoding"]
        length = lengths[0] if lengths else b"0"
        if codings == [b"chunked"] and not lengths:
            self.refusal = b"411 Length Required"  # no browser sends it
        elif codings or len(lengths) > 1 or not length.isdigit():
            self.refusal = _UNREADABLE
        elif len(length) > len(str(MOST)) or head + int(length) > MOST:
            self.refusal = b"413 Content Too Large"
        else:
            self._whole_at = head + int(length)

    @property
    def is_whole(self) -> bool:
        return self._whole_at is not None and self.received >= self._whole_at

    def hand_on(self) -> None:
        self._kept.seek(0)

    def rest(self) -> bytes:
        """What came beyond the request: the beginning of the next."""
        self._kept.seek(self._whole_at or 0)
        return self._kept.read()

    def forget(self) -> None:
        self._kept.close()
        self._kept = io.BytesIO()

    # -- as the parser reads it
    def recv(self, size: int) -> bytes:
        return self._kept.read(min(size, (self._whole_at or 0) - self._kept.tell()))

    def gettimeout(self) -> float | None:
        return self._sock.gettimeout()

    def settimeout(self, seconds: float | None) -> None:
        self._sock.settimeout(seconds)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's threads, with the gate and the moment of arrival."""

    def init_process(self) -> None:
        self.coming: dict[TConn, Collected] = {}
        self.leaving: dict[TConn, float] = {}  # until when, in seconds of the monotonic clock
        self.reading: dict[TConn, float] = {}  # an answer's rest: until when, later with each byte
        self.swept = 0.0
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        """Called by the main loop when a connection was accepted or the next request on it became
        readable.
        """
        sent_along = b""  # with the request before
        if conn.parser is None:
            conn.sock = Answering(conn.sock)
            conn.collected, conn.last_byte = Collected(conn.sock), None
            conn.parser = http.get_parser(self.cfg, conn.collected, conn.client)
            for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                conn.sock.setsockopt(socket.SOL_SOCKET, option, _STUCK)
        else:
            sent_along, conn.parser.unreader.buf = conn.parser.unreader.buf.getvalue(), io.BytesIO()
            conn.collected.begin()
        conn.sock.setblocking(False)
        self.coming[conn] = conn.collected
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.collect, conn))
        if len(self.coming) > self.worker_connections * MOST_UNFINISHED:
            self.drop(next(iter(self.coming)))
        if sent_along:
            self.take(conn, sent_along)
        else:
            self.collect(conn, conn.sock)

    def collect(self, conn: TConn, sock: socket.socket) -> None:
        try:
            data = sock.recv(_IN_MEMORY)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.take(conn, data)

    def take(self, conn: TConn, data: bytes) -> None:
        """With the last byte the request goes to a thread."""
        collected = self.coming[conn]
        try:
            collected.add(data)
        except OSError:
            data = b""
        if collected.refusal or not data:
            if collected.refusal == _UNREADABLE:
                events.log(Event.REQUEST_UNREADABLE, code="head")
            self.let_go(conn, collected.refusal)
        elif collected.is_whole:
            conn.last_byte = time.time() - _waited(conn.sock)
            self.poller.unregister(conn.sock)
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

    def drop(self, conn: TConn) -> None:
        """Whoever has been unfinished longest makes room, without a word."""
        self.coming.pop(conn).forget()
        self.close(conn)

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
        self.reading.pop(conn, None)
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
        for slow in (self.leaving, self.reading):
            for conn in [conn for conn, until in slow.items() if now > until]:
                self.close(conn)

    def handle(self, conn: TConn) -> object:
        """Called by a thread."""
        with arrival.at(conn.last_byte):
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
        """Called by the main loop when a thread is done: at once, or once its answer was read."""
        if conn.sock.waits:
            self.reading[conn] = time.monotonic() + PATIENCE
            self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self.send_on, conn, fs))
            if len(self.reading) > self.worker_connections * MOST_UNFINISHED:
                self.close(next(iter(self.reading)))  # whoever has been reading longest
            return
        rest = conn.collected.rest()
        conn.collected.forget()
        if fs.cancelled() or fs.exception() or not fs.result():
            self.part(conn)
            return
        conn.parser.unreader.buf.seek(0, 2)
        conn.parser.unreader.buf.write(rest)
        super().finish_request(conn, fs)

    def send_on(self, conn: TConn, fs: "Future[bool]", sock: Answering) -> None:
        """Called by the main loop when a reader takes more of an answer."""
        try:
            self.reading[conn] += sock.send_on() / SLOWEST
        except OSError:
            conn.collected.forget()
            self.close(conn)
            return
        if not sock.waits:
            self.poller.unregister(sock)
            del self.reading[conn]
            self.finish_request(conn, fs)


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
