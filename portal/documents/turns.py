"""Whose file is next: people take turns, so that nobody waits for all that somebody else has sent.

A file stands as far back as its sender has files before it: the first of everybody comes before the
second of anybody. Checks come before drawings, since a form waits for them.
"""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from portal.accounts.models import User
from portal.accounts.permissions import any_of
from portal.documents.models import StoredFile
from portal.documents.ports import holders

# of a queue that takes the highest number first, and of equal ones the oldest
CHECK, DRAW = 200, 0
LAST = 100  # files of one person are told apart; further ones wait in the order they came


def to_be_checked(by: User) -> int:
    """The priority of the check of the file that the person has just sent."""
    return CHECK - _behind(_sent([by.pk]).filter(checked_at=None))


def to_be_drawn(senders: Collection[int]) -> int:
    """The priority of drawing a file of these senders that was just taken."""
    return DRAW - _behind(_sent(senders).filter(pages__isnull=False, pictured_at=None))


def _sent(senders: Collection[int]) -> QuerySet[StoredFile]:
    by_them = [Q((f"{name}__uploaded_by__in", senders)) for name in holders]
    return StoredFile.objects.filter(any_of(by_them)).distinct()


def _behind(waiting: QuerySet[StoredFile]) -> int:
    """How many of the sender's own come first, the file itself being among `waiting`."""
    return min(max(waiting.count() - 1, 0), LAST)
