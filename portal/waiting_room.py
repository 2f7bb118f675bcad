"""Over capacity whoever asks for a page is told their place, and comes in by when they first came.

The page is answered by the main loop of `portal/serving.py`, so that it costs no thread and no question to
the database; it comes again by itself, without scripts. A ticket in a cookie, signed, says when its holder
first came: coming again moves nobody back. What writes (a form, a file) is never sent here.
"""

import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.utils.translation import override

from portal import clock
from portal.collecting import FULL
from portal.turned_away import TurnedAway

AGAIN = 5  # seconds after which the page comes again
GONE = 4 * AGAIN  # seconds after which whoever does not come again is waited for no more
KEPT = 1800  # seconds for which a ticket counts
MOST = 5000  # who are waited for in a process
COOKIE = "place"  # behind the prefix of all
_START = re.compile(rb"GET (?!/(?:static|health)/)(/\S*) HTTP/1\.1\r\n")
_ACCEPT = re.compile(rb"\r\naccept:[^\r\n]*text/html", re.IGNORECASE)
_TICKET = re.compile(rb"\r\ncookie:[^\r\n]*?[ ;-]place=([0-9a-f.]+:[\w-]+)", re.IGNORECASE)


@cache
def _signer() -> signing.Signer:
    return signing.Signer(salt="waiting room")


@dataclass(frozen=True, order=True)
class Ticket:
    """`arrived`: seconds since 1970; `number`: tells apart who came in one moment."""

    arrived: float
    number: str

    @property
    def signed(self) -> str:
        return _signer().sign(f"{self.arrived:.3f}.{self.number}")


@dataclass(frozen=True)
class Asked:
    """A request for a page, by what its head says."""

    is_english: bool
    ticket: Ticket


def asked(head: bytes, now: float) -> Asked | None:
    """None: no page is asked for, as by a form, a script or for a file."""
    start = _START.match(head)
    if start is None or not _ACCEPT.search(head):
        return None
    found = _TICKET.search(head)
    ticket = _read(found[1].decode(), now) if found else None
    new = Ticket(round(now, 3), secrets.token_hex(4))
    return Asked(start[1].startswith(b"/en/"), ticket or new)


def _read(signed: str, now: float) -> Ticket | None:
    try:
        arrived, _dot, number = _signer().unsign(signed).rpartition(".")
        ticket = Ticket(float(arrived), number)
    except (signing.BadSignature, ValueError):
        return None
    return ticket if now - KEPT <= ticket.arrived <= now else None


class WaitingRoom:
    """Of a process: at most `room` requests are in its line before pages wait here."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._seen: dict[Ticket, float] = {}  # who waits → when they last asked

    def answer(self, head: bytes, standing: int, turned_away: TurnedAway) -> bytes:
        """What whoever asks for a page reads while too many are before them; empty: they come in."""
        found = asked(head, now := time.time())
        if found is None or not (place := self.place(found.ticket, standing, now)):
            return b""
        return turned_away.page(FULL, *_answer(found, place))

    def place(self, ticket: Ticket, standing: int, now: float) -> int:
        """0: come in; else the place among those who wait. `standing`: requests in the line."""
        if not self._seen and standing < self._room:
            return 0
        self._seen = {one: at for one, at in self._seen.items() if at > now - GONE}
        before = sum(one < ticket for one in self._seen)
        if before < self._room - standing:
            self._seen.pop(ticket, None)
            return 0
        if ticket in self._seen or len(self._seen) < MOST:
            self._seen[ticket] = now
        return before + 1


@cache
def _page(is_english: bool) -> str:
    """With marks where place and moment go. Its styles are files, which browsers keep."""
    with override("en" if is_english else "ja"):
        return render_to_string("waiting.html", {"again": AGAIN, "place": "@1", "at": "@2"})


def _answer(asked: Asked, place: int) -> tuple[dict[str, str], bytes]:
    """The fields of the head, and the page."""
    came = datetime.fromtimestamp(asked.ticket.arrived, UTC).astimezone(clock.JST)
    page = _page(asked.is_english).replace("@1", f"{place:,}").replace("@2", f"{came:%H:%M:%S}")
    kept = f"Max-Age={KEPT}; Path=/; HttpOnly; SameSite=Lax"
    kept += "; Secure" if settings.SESSION_COOKIE_SECURE else ""
    fields = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "Retry-After": str(AGAIN),
        "Set-Cookie": f"{settings.COOKIE_PREFIX}{COOKIE}={asked.ticket.signed}; {kept}",
    }
    return fields, page.encode()
