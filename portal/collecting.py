"""A request as far as it came: it waits in memory or in a file until it is whole."""

import io
import re
import socket
import time
from collections import Counter
from tempfile import SpooledTemporaryFile
from typing import IO

from portal import visitor
from portal.room import Room

PATIENCE = 15  # seconds for a request to come, and one more …
SLOWEST = 2048  # … for each so many bytes of it …
LONGEST = 600  # … up to here
MOST_OF_HEAD = 64 * 1024  # bytes
MOST = 25 * 1024 * 1024  # bytes of a whole request: as docs/deployment.md has the proxy take
MOST_KEPT = 1024**3  # bytes of all requests that a process keeps
IN_MEMORY = 256 * 1024  # bytes of a request; what is longer waits in a file
UNREADABLE = b"400 Bad Request"
FULL = b"503 Service Unavailable"
_START = re.compile(rb"[^\r\n]+")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*")  # RFC 9112, 5
_room = Room(MOST_KEPT)


class Collected:
    """A request as far as it came; the parser reads it like a socket that ends with it."""

    def __init__(self, sock: socket.socket, peer: str) -> None:
        self._sock, self._peer = sock, peer
        self.begin()

    def begin(self) -> None:
        self._kept: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed by `forget`
        self._head, self.refusal = b"", b""  # the status with which it is turned away
        self._forwarded = ""  # X-Forwarded-For
        self._held: Counter[str] = Counter()  # bytes of the room by address
        self._whole_at: int | None = None  # bytes; None: not known yet
        self.received, self.began = 0, time.monotonic()

    @property
    def is_late(self) -> bool:
        patience = min(PATIENCE + self.received / SLOWEST, LONGEST)
        return time.monotonic() > self.began + patience

    def add(self, data: bytes) -> None:
        if not _room.take(holder := self.sender, len(data)):
            self.refusal = FULL
            return
        self._held[holder] += len(data)
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
                self.refusal = UNREADABLE
                return
            self._measure(len(head) + len(end), told)
            chain = [value for name, value in told if name == b"x-forwarded-for"]
            self._forwarded = b",".join(chain).decode("latin-1")
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
            self.refusal = UNREADABLE
        elif len(length) > len(str(MOST)) or head + int(length) > MOST:
            self.refusal = b"413 Content Too Large"
        else:
            self._whole_at = head + int(length)

    @property
    def sender(self) -> str:
        """The address on whose account it is kept and waits; that of the proxy until the head is read."""
        return visitor.network_of(visitor.seen(self._peer, self._forwarded))

    @property
    def is_whole(self) -> bool:
        return self._whole_at is not None and self.received >= self._whole_at

    @property
    def head(self) -> bytes:
        return self._head

    @property
    def only_reads(self) -> bool:
        return self._head.startswith((b"GET ", b"HEAD "))

    def hand_on(self) -> None:
        self._kept.seek(0)

    def rest(self) -> bytes:
        """What came beyond the request: the beginning of the next."""
        self._kept.seek(self._whole_at or 0)
        return self._kept.read()

    def forget(self) -> None:
        self._kept.close()
        self._kept = io.BytesIO()
        for holder, size in self._held.items():
            _room.give_back(holder, size)
        self._held.clear()

    # -- as the parser reads it
    def recv(self, size: int) -> bytes:
        return self._kept.read(min(size, (self._whole_at or 0) - self._kept.tell()))

    def gettimeout(self) -> float | None:
        return self._sock.gettimeout()

    def settimeout(self, seconds: float | None) -> None:
        self._sock.settimeout(seconds)
