"""Whose file is next: people take turns, so that nobody waits for all that somebody else has sent.

A file stands as far back as its sender has files before it: the first of everybody comes before the
second of anybody. Checks come before drawings, since a form waits for them.
"""

from collections.abc import Collection

from portal.accounts.models import User
from portal.documents.models import StoredFile

# of a queue that takes the highest number first, and of equal ones the oldest
CHECK, DRAW = 200, 0
LAST = 100  # files of one person are told apart; further ones wait in the order they came


def to_be_checked(by: User) -> int:
    """The priority of the check of the file that the person has just sent."""
    waiting = StoredFile.objects.filter(documents__uploaded_by=by, checked_at=None)
    return CHECK - _behind(waiting.distinct().count())


def to_be_drawn(senders: Collection[int]) -> int:
    """The priority of drawing a file of these senders that was just taken."""
    waiting = StoredFile.objects.filter(
        documents__uploaded_by__in=senders, pages__isnull=False, pictured_at=None
    )
    return DRAW - _behind(waiting.distinct().count())


def _behind(waiting: int) -> int:
    """How many of the sender's own come first, the file itself being among `waiting`."""
    return min(max(waiting - 1, 0), LAST)
