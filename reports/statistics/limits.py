"""The rate limit of the public API, and of files that are drawn when asked for: a fixed window of a minute, counted in one statement."""

import hashlib
import hmac

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from portal import clock, visitor
from reports.statistics.models import RateWindow

_COUNT = """
INSERT INTO reports_statistics_ratewindow AS w (address, minute, count) VALUES (%s, %s, 1)
ON CONFLICT (address, minute) DO UPDATE SET count = w.count + 1 RETURNING count
"""


def address_of(request: HttpRequest) -> str:
    """A keyed hash of the caller's address."""
    return hmac.new(
        settings.SECRET_KEY.encode(), visitor.network(request).encode(), hashlib.sha256
    ).hexdigest()


def left(request: HttpRequest) -> tuple[int, int]:
    """(requests left in this minute, seconds until the next); below zero: too many."""
    now = int(clock.now().timestamp())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [address_of(request), now // 60])
        (count,) = cursor.fetchone()
    return settings.API_PER_MINUTE - count, 60 - now % 60


def forget() -> int:
    """Remove the windows that are over."""
    return RateWindow.objects.filter(minute__lt=int(clock.now().timestamp()) // 60 - 1).delete()[0]
