"""While the portal is closed, every page is the one that says so; health still answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.maintenance import gate
from portal.maintenance.views import closed_page


class Gate:
    """Before anything is asked of the database, and after the files of the pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        closed = None if request.path_info.startswith("/health/") else gate.closed()
        return self.get_response(request) if closed is None else closed_page(request, closed)
