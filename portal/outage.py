"""What lies outside this process and may be away: the database and the document storage.

Nobody's input is at fault then.
"""

from django.db import InterfaceError, OperationalError

RETRY_AFTER = 60  # seconds, as the header says


class StorageAway(OSError):
    """The document storage does not answer, answers with a fault of its own, or has its hands full."""


AWAY = (OperationalError, InterfaceError, StorageAway)
