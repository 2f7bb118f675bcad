"""What the gate itself answers, before there is a page: with an id, as pages have it, and a line in
the log.

Of a flood the first of a kind has a line of its own, with its id; the others are counted, one line a
second.
"""

import threading
from collections import Counter
from collections.abc import Mapping

from portal import events, logs
from portal.events import Event

_EVENTS = {408: Event.REQUEST_SLOW, 503: Event.LINE_FULL}  # others are unreadable
_END = b"\r\n"


class TurnedAway:
    """The answers of a process; `flush` is called about once a second."""

    def __init__(self) -> None:
        self._said: Counter[int] = Counter()  # since the last flush
        self._lock = threading.Lock()  # threads turn away what the parser does not read

    def head(self, status: bytes) -> bytes:
        """What is said, as `head` has it, and noted."""
        return head(status, self._noted(status))

    def page(self, status: bytes, fields: Mapping[str, str], body: bytes) -> bytes:
        """The same with a page."""
        said = head(status, self._noted(status), len(body)).removesuffix(_END)
        told = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return said + told.encode("ascii") + _END + body

    def _noted(self, status: bytes) -> str:
        """The id under which the log has it."""
        code, number = int(status[:3]), logs.new_id()
        with self._lock:
            self._said[code] += 1
            is_first = self._said[code] == 1
        if is_first:
            with logs.during(number):
                events.log(_EVENTS.get(code, Event.REQUEST_UNREADABLE), code=code)
        return number

    def flush(self) -> None:
        with self._lock:
            said, self._said = self._said, Counter()
        for code, rows in said.items():
            if rows > 1:
                event = _EVENTS.get(code, Event.REQUEST_UNREADABLE)
                events.log(event, code=code, rows=rows - 1)


def head(status: bytes, number: str, length: int = 0) -> bytes:
    """A head; the connection ends with it, or with so many bytes behind it."""
    said = b"HTTP/1.1 %s\r\nX-Request-Id: %s\r\nConnection: close\r\nContent-Length: %d\r\n"
    return said % (status, number.encode(), length) + _END
