"""Request ids, requests that can be read, and structured logs.

A log line carries the request id, never what was typed.
"""

import json
import logging
import re
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from types import TracebackType

from django.conf import settings
from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse

_request_id: ContextVar[str] = ContextVar("request_id", default="-")
_log = logging.getLogger(__name__)
_OF_THE_MACHINE = (ImproperlyConfigured, OperationalError, OSError)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


class RequestId:
    """Give every request an id, sent back as a header so that a user can quote it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:16]
        token = _request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            _request_id.reset(token)
        response["X-Request-Id"] = request_id
        # as the page read it: no question to the database from here
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response


class Readable:
    """Answers what no person sends, and no part of the portal can keep, with 400 or 404 in the
    portal's look: once, for all pages.

    NUL signs (the database has none), other encodings than UTF-8, the name of the portal with
    another's port, numbers and days that no column or calendar holds.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            raise BadRequest
        if not request.path_info.startswith("/health/") and not _is_at_our_port(request):
            raise BadRequest
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_given: object
    ) -> None:
        asked = any(
            "\x00" in text for name, values in request.GET.lists() for text in (name, *values)
        )
        if asked and not getattr(view, "answers_odd_input", False):
            raise BadRequest
        if any("\x00" in text for name, values in request.POST.lists() for text in (name, *values)):
            raise BadRequest
        if any("\x00" in (getattr(file, "name", None) or "") for file in request.FILES.values()):
            raise BadRequest

    def process_exception(self, _request: HttpRequest, exception: Exception) -> None:
        """What passed every form and is still no value of ours: the log gets its kind, never the
        value.
        """
        if isinstance(exception, DataError | OverflowError | UnicodeError):
            _log.error("input refused: %s", type(exception.__cause__ or exception).__name__)
            raise BadRequest from None


def _is_at_our_port(request: HttpRequest) -> bool:
    port = request.get_host().rpartition("]")[2].partition(":")[2]
    return not settings.HOST_PORTS or port in settings.HOST_PORTS


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": _ADDRESS.sub("[address]", _message(record)),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = _ADDRESS.sub("[address]", "".join(_told(*record.exc_info)))
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """What is said; of a request its route in place of the address, which may hold a secret and
    whatever was typed there.
    """
    request = getattr(record, "request", None)
    if request is None or not record.name.startswith("django."):
        return record.getMessage()
    match = getattr(request, "resolver_match", None)
    return f"{getattr(record, 'status_code', '-')} {request.method} {match.route if match else '(no such page)'}"


def _told(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> Iterator[str]:
    """Where it happened and of what kind, causes first; its words only where they speak of the
    machine, not of what was typed.
    """
    before = (
        None
        if error is None
        else error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    )
    if before is not None:
        yield from _told(type(before), before, before.__traceback__)
    yield from traceback.format_tb(trace)
    yield (
        f"{kind.__name__}: {error}\n" if issubclass(kind, _OF_THE_MACHINE) else f"{kind.__name__}\n"
    )
