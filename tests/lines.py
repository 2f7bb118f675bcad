"""The lines of the log that a test's acts leave, as they would be written."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from portal import events, logs
from portal.events import Event
from portal.types import Json

Lines: TypeAlias = "list[dict[str, Json]]"


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.JsonFormatter())
        self.addFilter(logs.RequestIdFilter())
        self.lines: Lines = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@contextmanager
def kept() -> Iterator[Lines]:
    handler, ours, root = _Kept(), logging.getLogger(events.__name__), logging.getLogger()
    before = ours.level
    ours.setLevel(logging.INFO)
    root.addHandler(handler)
    yield handler.lines
    root.removeHandler(handler)
    ours.setLevel(before)


def of(lines: Lines, event: Event) -> Lines:
    return [line for line in lines if line.get("event") == event.title]


def only(lines: Lines, event: Event) -> dict[str, Json]:
    found = of(lines, event)
    assert len(found) == 1, lines
    return found[0]
