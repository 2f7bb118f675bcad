"""An answer as far as its reader has not taken it yet: it waits in a file, and no thread waits for it.

A thread that wrote to somebody who reads a kilobyte every few seconds would be lost to everybody
else. So it writes what the connection takes at once and leaves the rest here; the main loop of
`portal/serving.py` sends it as it is read.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Protocol

from portal.room import Room

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

MOST = 2 * 1024**3  # bytes that wait in a process, in all; a whole case has half a gigabyte at most
_IN_MEMORY = _AT_ONCE = 256 * 1024  # bytes
# bytes that the kernel keeps of an answer: where it kept some megabytes, as it would, it would say for minutes nothing
# of somebody who reads all the time
_IN_KERNEL = 64 * 1024


class File(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, /) -> object: ...


room = Room(MOST)


class Answering(socket.socket):
    """The connection `taken`, whose `sendall` never waits for the other side. `reader`: the address on
    whose account the rest is kept; `when_closed`: called once.
    """

    reader = ""

    def __init__(self, taken: socket.socket, when_closed: Callable[[], None]) -> None:
        super().__init__(taken.family, taken.type, taken.proto, fileno=taken.detach())
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _IN_KERNEL)
        self._when_closed = when_closed
        self._rest: IO[bytes] | None = None
        self._sent = self._kept = 0  # bytes of the rest

    @property
    def waits(self) -> bool:
        """Is something left that the main loop sends?"""
        return self._sent < self._kept

    def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
        """Raises BrokenPipeError where more waits than there is room for."""
        left = memoryview(data).cast("B")
        if not self.waits:
            left = left[self._push(left) :]
        if not left:
            return
        if not room.take(self.reader, len(left)):
            raise BrokenPipeError
        if self._rest is None:
            self._rest = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed by `_forget`
        self._rest.write(left)
        self._kept += len(left)

    def sendfile(self, file: File, offset: int = 0, count: int | None = None) -> int:
        """The same with what a file holds from `offset` on."""
        file.seek(offset)
        sent = 0
        while data := file.read(_AT_ONCE if count is None else min(_AT_ONCE, count - sent)):
            self.sendall(data)
            sent += len(data)
        return sent

    def send_on(self) -> int:
        """Send of the rest what the other side takes now: so many bytes. Raises OSError where it went."""
        if self._rest is None:
            return 0
        self._rest.seek(self._sent)
        sent = self._push(memoryview(self._rest.read(_AT_ONCE)))
        self._sent += sent
        if not self.waits:
            self._forget()
        return sent

    def _push(self, data: memoryview) -> int:
        sent = 0
        with suppress(BlockingIOError):
            while sent < len(data):
                sent += self.send(data[sent:], socket.MSG_DONTWAIT)
        return sent

    def _forget(self) -> None:
        if self._rest is not None:
            self._rest.close()
            room.give_back(self.reader, self._kept)
        self._rest, self._sent, self._kept = None, 0, 0

    def close(self) -> None:
        self._forget()
        if self.fileno() >= 0:
            super().close()
            self._when_closed()
