"""Request ids, what the log says of requests that were refused, and requests that can be read."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    StreamingHttpResponse,
)

from portal import events, logs
from portal.events import Event
from portal.ui import views
from portal.ui.alone import Taken
from portal.ui.limits import TooOften

# status of an answer → what the log calls it; a view may say it more exactly (`response.event`)
_REFUSALS = {
    400: Event.REQUEST_UNREADABLE,
    403: Event.PERMISSION_DENIED,
    404: Event.PAGE_HIDDEN,
    409: Event.PAGE_STALE,
    413: Event.REQUEST_UNREADABLE,
    422: Event.FORM_REFUSED,
    500: Event.REQUEST_FAILED,
    503: Event.SERVICE_AWAY,
}
METHODS = ("GET", "HEAD", "POST")


class RequestId:
    """Give every request an id, sent back as a header so that a user can quote it; one that was
    refused or failed leaves a line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = logs.new_id()
        with logs.during(request_id):
            response = self.get_response(request)
            # as the page read it: no question to the database from here
            user = getattr(request, "_cached_user", None)
            _note(request, response, user.pk if user is not None else None)
        response["X-Request-Id"] = request_id
        # what carries a cookie (the token of a form, a session) is one visitor's
        if response.cookies and "public" in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-store"
        if response.cookies or (user is not None and user.is_authenticated):
            response.setdefault("Cache-Control", "private, no-store")
        if request.method == "HEAD":
            _drop_body(response)
        return response


def _drop_body(response: HttpResponse | StreamingHttpResponse) -> None:
    """Only the head was asked for; its Content-Length stays. gunicorn would warn of each of them."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    else:
        response.content = b""


def _note(request: HttpRequest, response: HttpResponse, user: int | None) -> None:
    event = getattr(response, "event", _REFUSALS.get(response.status_code))
    match = request.resolver_match
    if event is None or (event is Event.PAGE_HIDDEN and match is None):
        return  # an address that is none of ours hides nothing
    events.log(
        event,
        user=user,
        method=request.method or "",
        route=match.route if match else "",
        code=response.status_code,
    )


class OurPort:
    """Answers what names another port beside the name of the portal with 400, before anything is
    answered with it: a redirect, a file, a link in a mail. Whoever asks for our health may do so by any
    name: a balancer knows a machine by its number.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/health/"):
            request.META["HTTP_HOST"] = urlsplit(settings.SITE_URL).netloc
        elif not _is_ours(request):
            raise BadRequest
        return self.get_response(request)


def _is_ours(request: HttpRequest) -> bool:
    port = request.get_host().rpartition("]")[2].partition(":")[2]
    return not settings.HOST_PORTS or port in settings.HOST_PORTS


class Readable:
    """Answers what no person sends, and no part of the portal can keep, with 400 or 404 in the
    portal's look: once, for all pages.

    NUL signs (the database has none), other encodings than UTF-8, numbers and days that no column
    or calendar holds, TRACE; methods that no page knows with 405.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        if request.method == "TRACE":
            raise BadRequest
        if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            request.encoding = "utf-8"  # the page that says so reads its address
            raise BadRequest
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_given: object
    ) -> HttpResponse | None:
        answers_itself = getattr(view, "answers_odd_input", False)
        if request.method not in METHODS and not answers_itself:
            return HttpResponseNotAllowed(METHODS)
        asked = any(
            "\x00" in text for name, values in request.GET.lists() for text in (name, *values)
        )
        if asked and not answers_itself:
            raise BadRequest
        if any("\x00" in text for name, values in request.POST.lists() for text in (name, *values)):
            raise BadRequest
        if any("\x00" in (getattr(file, "name", None) or "") for file in request.FILES.values()):
            raise BadRequest
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What passed every form and is still no value of ours: the log gets its kind, never the
        value. What is asked too often, or in a moment without room: a page that keeps what was typed.
        """
        if isinstance(exception, TooOften):
            return views.too_often(request, exception)
        if isinstance(exception, Taken):
            return views.taken(request, exception)
        if isinstance(exception, DataError | OverflowError | UnicodeError):
            events.log(Event.INPUT_REFUSED, code=type(exception.__cause__ or exception).__name__)
            raise BadRequest from None
        return None
