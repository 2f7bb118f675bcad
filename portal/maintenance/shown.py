"""What every page says of a maintenance to come: kept in the process for a minute, so that no page asks
the database for it.
"""

from time import monotonic

from django.db import DatabaseError
from django.http import HttpRequest

from portal import clock
from portal.maintenance.models import Maintenance
from portal.types import Context

KEPT_FOR = 60.0  # seconds
MOST = 3  # that are told of at once

_until, _rows = 0.0, tuple[Maintenance, ...]()


def renew() -> None:
    """Read again, what this process knew having changed."""
    global _until, _rows
    _rows = tuple(Maintenance.objects.to_come(clock.now())[:MOST])
    _until = monotonic() + KEPT_FOR


def banner(_request: HttpRequest) -> Context:
    """For every page's frame."""
    global _until
    if monotonic() >= _until:
        try:
            renew()
        except DatabaseError:  # a page that is answered without the database says what was known
            _until = monotonic() + KEPT_FOR
    return {"maintenance": next((row for row in _rows if row.is_told), None)}
