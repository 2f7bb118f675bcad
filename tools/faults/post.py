"""A mail server that refuses, asks to come again, or says nothing after it took a mail."""

import re
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

JUST_NOW = 5  # seconds


@dataclass
class Post:
    """`way`: what becomes of a mail that comes now.

    | way | |
    |---|---|
    | "" | taken |
    | "refuses" | 554, of the whole server |
    | "greylists" | 451 the first time, taken the next |
    | "doubles" | taken, and the answer lost: whoever sends tries again |

    `taken`: how often each Message-ID was taken; `unanswered`: those of which the answer was lost.
    """

    WAYS = ("refuses", "greylists", "doubles")

    way: str = ""
    taken: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.seen: set[str] = set()
        self.lately: dict[
            str, float
        ] = {}  # when a mail was taken, in seconds of the monotonic clock
        self.controller = Controller(self, hostname="127.0.0.1", port=_free())
        self.controller.start()

    @property
    def port(self) -> int:
        return int(self.controller.port)

    def end(self) -> None:
        self.controller.stop()

    def excuse(self) -> None:
        """Whoever sent a mail a moment ago dies now, perhaps before it is written down that it was taken:
        it may come once more, under its number.
        """
        since = time.monotonic() - JUST_NOW
        with self.lock:
            for number, at in self.lately.items():
                if at > since:
                    self.unanswered[number] += 1

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(raw)
        number = re.sub(r"[<>\s]", "", str(message["Message-ID"]))
        way = self.way
        with self.lock:
            if way == "refuses":
                return "554 5.3.0 not now"
            if way == "greylists" and number not in self.seen:
                self.seen.add(number)
                return "451 4.7.1 come again"
            self.taken[number] += 1
            self.lately[number] = time.monotonic()
            if way == "doubles":
                self.unanswered[number] += 1
        if way == "doubles" and server.transport is not None:
            server.transport.close()
        return "250 OK"


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
