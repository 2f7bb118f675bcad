"""How often one address may ask in a minute: a fixed window, counted in one statement."""

import hashlib
import hmac
from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal import clock, visitor

P = ParamSpec("P")


def address_of(request: HttpRequest) -> str:
    """A keyed hash of the caller's address."""
    return hmac.new(
        settings.SECRET_KEY.encode(), visitor.network(request).encode(), hashlib.sha256
    ).hexdigest()


class RateLimit:
    """`windows`: where requests are counted, a row for each `address` and `minute`, with its
    `count`.
    """

    def __init__(self, windows: type[models.Model]) -> None:
        self.windows = windows

    def left(self, request: HttpRequest) -> tuple[int, int]:
        """(requests left in this minute, seconds until the next); below zero: too many."""
        now = int(clock.now().timestamp())
        table = connection.ops.quote_name(self.windows._meta.db_table)
        count_up = (
            f"INSERT INTO {table} AS w (address, minute, count) VALUES (%s, %s, 1) "  # noqa: S608  a table of ours
            "ON CONFLICT (address, minute) DO UPDATE SET count = w.count + 1 RETURNING count"
        )
        with connection.cursor() as cursor:
            cursor.execute(count_up, [address_of(request), now // 60])
            (count,) = cursor.fetchone()
        return settings.API_PER_MINUTE - count, 60 - now % 60

    def forget(self) -> int:
        """Remove the windows that are over."""
        over = int(clock.now().timestamp()) // 60 - 1
        return self.windows._default_manager.filter(minute__lt=over).delete()[0]

    def limited(
        self, view: Callable[Concatenate[HttpRequest, P], HttpResponse]
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        """Wrap a view that makes a file: 429 for an address that asked too often in this minute.

        What it has already (304) is not counted.
        """

        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            left, seconds = self.left(request)
            if left >= 0:
                return view(request, *args, **kwargs)
            return HttpResponse(
                _("1分あたりの回数を超えました。%(n)s秒後にもう一度お試しください。")
                % {"n": seconds},
                content_type="text/plain; charset=utf-8",
                status=429,
                headers={"Cache-Control": "no-store", "Retry-After": str(seconds)},
            )

        update_wrapper(wrapped, view)
        return wrapped
