"""The mailbox to which mail servers return what they cannot deliver, read over POP3."""

import poplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from django.conf import settings

from portal import events
from portal.correspondence import bounces, unreached
from portal.events import Event

AT_ONCE = 200  # mails of one reading; the next one takes the others
MOST_BYTES = 512 * 1024  # of a mail that is read whole; a longer one is no report about ours
WAIT = 20  # seconds
# what poplib says of a line over 2,048 bytes, which no mail server writes in a report
TOO_LONG = "line too long"


def read_all() -> int:
    """Read and remove what lies in the mailbox; how many reports were about mails of ours.

    Nothing where no mailbox is set. A mailbox that is away is noted in the log, and read next time.
    """
    if not settings.BOUNCE_MAILBOX:
        return 0
    try:
        return _read(unreached.note)
    except (OSError, poplib.error_proto) as error:
        events.log(Event.MAILBOX_AWAY, code=type(error).__name__)
        return 0


def _read(note: Callable[[bounces.Report], bool]) -> int:
    """Each mail is removed when what it says is kept: one that is read twice says the same twice."""
    found, read = 0, list[int]()
    with _session() as box:
        for line in box.list()[1][:AT_ONCE]:
            number, size = (int(word) for word in line.split()[:2])
            read.append(number)
            if size > MOST_BYTES:
                continue
            try:
                report = bounces.read(b"\r\n".join(box.retr(number)[1]))
            except poplib.error_proto as error:
                if error.args != (TOO_LONG,):
                    raise
                events.log(Event.MAILBOX_SKIPPED)
                break  # its rest still lies in the line: only another session can remove it
            found += note(report) if report is not None else 0
        else:
            _remove(box, read)
            return found
    with _session() as box:
        _remove(box, read)
    return found


def _remove(box: poplib.POP3, numbers: Iterable[int]) -> None:
    for number in numbers:
        box.dele(number)
    box.quit()  # only now does the server remove them


@contextmanager
def _session() -> Iterator[poplib.POP3]:
    box = _opened()
    try:
        yield box
    finally:
        with suppress(OSError):
            box.close()


def _opened() -> poplib.POP3:
    """Signed in; over TLS, with the certificate checked, but on this very machine."""
    way = urlsplit(settings.BOUNCE_MAILBOX)
    host = way.hostname or ""
    box: poplib.POP3
    if way.scheme == "pops":
        context = ssl.create_default_context()
        box = poplib.POP3_SSL(host, way.port or 995, timeout=WAIT, context=context)
    else:
        box = poplib.POP3(host, way.port or 110, timeout=WAIT)
    box.user(unquote(way.username or ""))
    box.pass_(unquote(way.password or ""))
    return box
