"""What takes seconds of a processor within a request: one of a line at once in a process.

Its other threads stay with those who ask for a page. Whoever comes meanwhile waits for a moment, as
long as a usual one takes, and is then asked to come again. What strangers may ask for has a line of its
own: they wait for each other, and nobody's own paper or file waits for them.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

PATIENCE = 0.5  # seconds; whoever waits holds a thread as well
COME_AGAIN = 5  # seconds, as the header says
OWN, PUBLIC = "own", "public"
_lines = {OWN: threading.Lock(), PUBLIC: threading.Lock()}


class Taken(Exception):
    """Nothing was done. Where no page catches it, it is a 503 that keeps what was typed
    (portal/ui/middleware.py).
    """

    seconds = COME_AGAIN
    is_being_done = False  # is it one's own form, sent before, that is at work?

    @property
    def sentence(self) -> str:
        return _(
            "いま、ほかの方のファイルを読み取るか、書類を作っているところです。数秒たってから、もう一度お試しください。"
        )


@contextmanager
def alone(line: str = OWN) -> Iterator[None]:
    """Around the work, and nothing that waits for something else. Raises Taken where another thread of
    the process is at a work of the same line.
    """
    turn = _lines[line]
    if not turn.acquire(timeout=PATIENCE):
        raise Taken
    try:
        yield
    finally:
        turn.release()
