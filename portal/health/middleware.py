"""Counts what was asked and how long it took."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal import clock, counting


class Counted:
    """By the name of the address, never by the address itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun, waited = time.perf_counter(), clock.now() - clock.arrived()
        response = self.get_response(request)
        match = request.resolver_match
        counting.request(
            route=match.view_name if match else "",
            method=request.method or "",
            status=response.status_code,
            seconds=time.perf_counter() - begun,
            waited=waited.total_seconds(),
        )
        return response
