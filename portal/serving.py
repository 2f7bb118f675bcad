"""gunicorn's threads behind a gate: a request takes a thread when it is whole, not before.

A thread that waited for the rest of a request would be lost to everybody else; a handful of slow or
half-open connections would be an outage. The main loop, which only listens, collects what comes and
lets go of whoever is too slow; it sends as well what a reader takes slowly of an answer
(portal/answering.py). It also notes when the last byte of a request came (portal/arrival.py). What a
proxy in front does in production, this does without one.
"""

import errno
import io
import resource
import selectors
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial, wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from gunicorn import http
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

from portal import arrival, events, logs
from portal.answering import Answering
from portal.collecting import FULL, IN_MEMORY, PATIENCE, SLOWEST, UNREADABLE, Collected
from portal.events import Event
from portal.turned_away import TurnedAway, head
from portal.waiting import WaitingLine
from portal.waiting_room import WaitingRoom

P = ParamSpec("P")

MOST_IN_LINE = 32  # requests of one address that wait for a thread before those of others
MOST_INSIDE = 48  # requests in line before pages wait outside: some seconds
MOST_OF_PEER = 0.5  # of the connections that a worker takes
MOST_TAKEN = 0.9  # of the connections that a worker takes; beyond it somebody makes way
_AT_ONCE = 64  # connections
# open files of a connection: itself, a file for its request and one for its answer; a third more for all else
_FILES = 4
_NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
# seconds after which a thread that makes a page gives way: by Python's own 5 ms the loop, which asks the
# kernel a few times for each connection, would take a hundred connections a second
_TURN = 0.0005
_LINGERS = 2  # seconds for the other side to close
_STUCK = struct.pack("ll", 10, 0)  # seconds without progress after which a thread gives up
_CLOSED = {7, 8}  # TCP_CLOSE, TCP_CLOSE_WAIT: tcpi_state, the first byte of struct tcp_info
_LAST_DATA_RECEIVED = 52  # tcpi_last_data_recv, an offset in Linux's struct tcp_info


def of_one_connection(
    act: "Callable[Concatenate[Worker, TConn, P], None]",
) -> "Callable[Concatenate[Worker, TConn, P], None]":
    """What goes wrong with one connection ends that connection alone: gunicorn's loop would end the
    process.
    """

    @wraps(act)
    def guarded(worker: "Worker", conn: TConn, /, *args: P.args, **given: P.kwargs) -> None:
        try:
            act(worker, conn, *args, **given)
        except Exception as fault:  # whatever it is, the others go on
            events.log(Event.REQUEST_FAILED, fault=True, code=type(fault).__name__)
            worker.close(conn)

    return guarded


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's threads, with the gate and the moment of arrival."""

    def init_process(self) -> None:
        self.coming: dict[TConn, Collected] = {}
        self.leaving: dict[TConn, float] = {}  # until when, in seconds of the monotonic clock
        self.reading: dict[TConn, float] = {}  # an answer's rest: until when, later with each byte
        self.line: WaitingLine[TConn] = WaitingLine(MOST_IN_LINE)
        self.outside = WaitingRoom(MOST_INSIDE)
        self.busy = 0  # threads
        self.accepted = 0  # connections
        self.of_peer: Counter[str] = Counter()  # connections that are open
        self.swept = 0.0
        self.turned_away = TurnedAway()
        self.worker_connections = _room_for(self.cfg.worker_connections)
        sys.setswitchinterval(_TURN)
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        if not settings.DEMO:
            demand_free_thread(self.cfg.threads)

    def run(self) -> None:
        try:
            super().run()
        finally:
            self.turned_away.flush()

    def accept(self, listener: socket.socket) -> None:
        """As many as have come: gunicorn takes one between two looks at all connections, so that others
        would stand before the door behind a flood.
        """
        for _ in range(_AT_ONCE):
            before = self.accepted
            try:
                super().accept(listener)
            except OSError as fault:
                if fault.errno not in _NO_ROOM:
                    raise
                self.make_way()
                return
            if self.accepted == before or self.nr_conns >= self.worker_connections:
                return

    @of_one_connection
    def enqueue_req(self, conn: TConn) -> None:
        """Called by the main loop when a connection was accepted or the next request on it became
        readable.
        """
        sent_along = b""  # with the request before
        if conn.parser is None:
            self.accepted += 1
            peer = _peer(conn)
            if self.is_full_of(peer) and not self.makes_way_for(peer):
                self.nr_conns -= 1
                conn.close()
                return
            conn.sock = Answering(conn.sock, partial(self.is_gone, peer))
            self.of_peer[peer] += 1
            conn.collected, conn.last_byte = Collected(conn.sock, peer), None
            conn.parser = http.get_parser(self.cfg, conn.collected, conn.client)
            for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                conn.sock.setsockopt(socket.SOL_SOCKET, option, _STUCK)
        else:
            sent_along, conn.parser.unreader.buf = conn.parser.unreader.buf.getvalue(), io.BytesIO()
            conn.collected.begin()
        conn.sock.setblocking(False)
        self.coming[conn] = conn.collected
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.collect, conn))
        if self.nr_conns > self.worker_connections * MOST_TAKEN:
            self.make_way(conn)
        if sent_along:
            self.take(conn, sent_along)
        else:
            self.collect(conn, conn.sock)

    def is_full_of(self, peer: str) -> bool:
        """Does one address hold its part of the connections? Behind a proxy of ours all come from that, which
        holds them to a number itself.
        """
        most = self.worker_connections * MOST_OF_PEER
        return not settings.TRUSTED_PROXIES and self.of_peer[peer] >= most

    def makes_way_for(self, peer: str) -> bool:
        """Of an address one that was told to go, else whoever has been unfinished, or reading, longest makes
        way for another of it.
        """
        slow = (conn for held in (self.leaving, self.coming, self.reading) for conn in held)
        oldest = next((conn for conn in slow if _peer(conn) == peer), None)
        if oldest is not None:
            self.close(oldest)
        return oldest is not None

    def is_gone(self, peer: str) -> None:
        self.of_peer[peer] -= 1
        if not self.of_peer[peer]:
            del self.of_peer[peer]

    def make_way(self, newest: TConn | None = None) -> None:
        """So that others are still heard, one goes: of the address that has most behind its part of the
        line the last, told so; else whoever has been unfinished, or reading, longest, without a word.
        """
        waits = self.line.give_way()
        if waits is not None:
            _say(waits.sock, self.turned_away.head(FULL))
            self.close(waits)
            return
        slow = self.coming if len(self.coming) > len(self.reading) else self.reading
        oldest = next(iter(self.leaving or slow), newest)
        if oldest is not None and oldest is not newest:
            self.close(oldest)

    @of_one_connection
    def collect(self, conn: TConn, sock: socket.socket) -> None:
        try:
            data = sock.recv(IN_MEMORY)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.take(conn, data)

    def take(self, conn: TConn, data: bytes) -> None:
        """With the last byte the request goes to a thread. Whoever made way meanwhile is heard no more."""
        collected = self.coming.get(conn)
        if collected is None:
            return
        try:
            collected.add(data)
        except OSError:
            data = b""
        if collected.refusal or not data:
            status = collected.refusal
            self.let_go(conn, self.turned_away.head(status) if status else b"")
        elif collected.is_whole and (
            said := self.outside.answer(collected.head, len(self.line), self.turned_away)
        ):
            self.let_go(conn, said)
        elif collected.is_whole:
            conn.last_byte = time.time() - _waited(conn.sock)
            self.poller.unregister(conn.sock)
            del self.coming[conn]
            collected.hand_on()
            conn.data_ready = True
            conn.sock.reader = collected.sender
            self.line.add(collected.sender, conn)
            self.begin_next()

    def begin_next(self) -> None:
        """Give a thread to whoever has waited longest, as long as one is free. A page is made for
        nobody who hung up meanwhile; what was sent whole is done all the same.
        """
        while self.busy < self.cfg.threads and (conn := self.line.next()):
            if conn.collected.only_reads and _hung_up(conn.sock):
                self.close(conn)
                continue
            self.busy += 1
            done = self.tpool.submit(self.handle, conn)
            done.add_done_callback(partial(self.method_queue.defer, self.thread_is_free, conn))

    def thread_is_free(self, conn: TConn, done: "Future[bool]") -> None:
        self.busy -= 1
        self.begin_next()
        self.finish_request(conn, done)

    def let_go(self, conn: TConn, said: bytes) -> None:
        self.poller.unregister(conn.sock)
        self.coming.pop(conn).forget()
        _say(conn.sock, said)
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

    @of_one_connection
    def hear_out(self, conn: TConn, sock: socket.socket) -> None:
        try:
            is_over = not sock.recv(IN_MEMORY)
        except BlockingIOError:
            return
        except OSError:
            is_over = True
        if is_over:
            self.close(conn)

    def close(self, conn: TConn) -> None:
        if conn.sock.fileno() < 0:
            return  # an event of the same moment comes too late
        with suppress(KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.coming.pop(conn, None)
        self.leaving.pop(conn, None)
        self.reading.pop(conn, None)
        self.nr_conns -= 1
        conn.collected.forget()
        conn.close()

    def murder_pending(self) -> None:
        """Called by the main loop at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        if now < self.swept + 1:
            return
        self.swept = now
        self.turned_away.flush()
        for conn, collected in list(self.coming.items()):
            if collected.is_late or not (self.alive or collected.received):
                late = self.turned_away.head(b"408 Request Timeout") if collected.received else b""
                self.let_go(conn, late)
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
        if isinstance(error, ParseException):
            _say(client, self.turned_away.head(UNREADABLE))
            return
        number = logs.new_id()
        with logs.during(number):
            events.log(Event.REQUEST_FAILED, fault=True, code=type(error).__name__)
        _say(client, head(b"500 Internal Server Error", number))

    @of_one_connection
    def finish_request(self, conn: TConn, fs: "Future[bool]") -> None:
        """Called by the main loop when a thread is done: at once, or once its answer was read."""
        if conn.sock.waits:
            self.reading[conn] = time.monotonic() + PATIENCE
            self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self.send_on, conn, fs))
            return
        rest = conn.collected.rest()
        conn.collected.forget()
        if fs.cancelled() or fs.exception() or not fs.result():
            self.part(conn)
            return
        conn.parser.unreader.buf.seek(0, 2)
        conn.parser.unreader.buf.write(rest)
        super().finish_request(conn, fs)

    @of_one_connection
    def send_on(self, conn: TConn, fs: "Future[bool]", sock: Answering) -> None:
        """Called by the main loop when a reader takes more of an answer."""
        if conn not in self.reading:
            return
        try:
            self.reading[conn] += sock.send_on() / SLOWEST
        except OSError:
            self.close(conn)
            return
        if not sock.waits:
            self.poller.unregister(sock)
            del self.reading[conn]
            self.finish_request(conn, fs)


def demand_free_thread(threads: int) -> None:
    """Raise ImproperlyConfigured where a document storage that hangs could take all threads."""
    if threads <= settings.STORAGE_AT_ONCE:
        raise ImproperlyConfigured(
            f"STORAGE_AT_ONCE={settings.STORAGE_AT_ONCE} is not below gunicorn's --threads {threads}:"
            " a document storage that hangs would take them all."
        )


def _room_for(connections: int) -> int:
    """How many of so many connections the process can hold open with their files, as many as it may open
    (a shell and systemd give 1,024 until they are asked for more).
    """
    _few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = connections * _FILES
    if most != resource.RLIM_INFINITY:
        files = min(files, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(files, _few), most))
    return min(connections, files // _FILES)


def _peer(conn: TConn) -> str:
    return conn.client[0] if conn.client else ""


def _say(sock: socket.socket, said: bytes) -> None:
    with suppress(OSError):
        sock.send(said)


def _hung_up(sock: socket.socket) -> bool:
    """Did the other side close? As the kernel keeps it, whatever lies unread before."""
    try:
        return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] in _CLOSED
    except (OSError, AttributeError):
        return False


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
