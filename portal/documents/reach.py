"""Every reach into the document storage goes through here: its faults under one name, and few at
once.

A storage that hangs stops those who need it, never those who do not: at most STORAGE_AT_ONCE
threads of a process wait for it, others are told so after PATIENCE seconds, and once it has hung
nobody tries again for PAUSE seconds.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from urllib3.exceptions import HTTPError

from portal import events
from portal.events import Event
from portal.outage import StorageAway

PATIENCE = 2.0  # seconds to wait for one's turn
HUNG = 5.0  # a fault that took as many seconds was a storage that hangs, not one that answers
PAUSE = 15.0  # seconds
FAULTS = (BotoCoreError, ClientError, Boto3Error, HTTPError, OSError)


class _Gate:
    """What the threads of this process know of the storage."""

    def __init__(self, at_once: int) -> None:
        self.turns = threading.BoundedSemaphore(at_once)
        self.shut_until = 0.0  # on the monotonic clock
        self.inside = threading.local()  # a thread that is in already takes no second turn


_gate = _Gate(settings.STORAGE_AT_ONCE)


def _away(code: str, text: str) -> StorageAway:
    events.log(Event.STORAGE_AWAY, code=code)
    return StorageAway(text)


@contextmanager
def reaching() -> Iterator[None]:
    """Around anything that asks the storage.

    Raises StorageAway for its faults; FileNotFoundError stays what it is.
    """
    if getattr(_gate.inside, "here", False):
        yield
        return
    if time.monotonic() < _gate.shut_until:
        raise _away("hung", "the document storage hung a moment ago")
    if not _gate.turns.acquire(timeout=PATIENCE):
        raise _away("busy", "too many wait for the document storage")
    _gate.inside.here = True
    started = time.monotonic()
    try:
        yield
    except (FileNotFoundError, StorageAway):
        raise
    except FAULTS as error:
        if time.monotonic() - started > HUNG:
            _gate.shut_until = time.monotonic() + PAUSE
        kind = type(error).__name__
        raise _away(kind, f"the document storage does not answer: {kind}") from error
    finally:
        _gate.inside.here = False
        _gate.turns.release()
