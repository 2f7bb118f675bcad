"""How a line of the log is written: as JSON, with the id of the request or job, never with what was
typed.
"""

import json
import logging
import re
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

NONE = "-"  # the id of what belongs to no request
_request_id: ContextVar[str] = ContextVar("request_id", default=NONE)
_OF_THE_MACHINE = (ImproperlyConfigured, OperationalError, OSError)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def new_id() -> str:
    """Of a request, as its answer carries it."""
    return uuid.uuid4().hex[:16]


@contextmanager
def during(request_id: str) -> Iterator[None]:
    """Every line of the block carries this id."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "request_id": getattr(record, "request_id", NONE),
        }
        if facts := getattr(record, "facts", None):
            line |= {"event": record.getMessage(), **facts}
        else:
            line |= {"logger": record.name, "message": _ADDRESS.sub("[address]", _message(record))}
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


def as_json(level: str) -> dict[str, object]:
    """What Django is to make of the log: each line as JSON, ours from this level on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "portal.logs.RequestIdFilter"}},
        "formatters": {"json": {"()": "portal.logs.JsonFormatter"}},
        "handlers": {
            "out": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["request_id"],
                "level": level,
            }
        },
        "root": {"handlers": ["out"], "level": "WARNING"},
        "loggers": {
            "portal.events": {"level": level},
            # refusals have a line of ours already; faults keep their trace
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "CRITICAL"},
        },
    }
