"""Every header of these pages is filled with rubbish: an answer, never a fault."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from portal.logs import JsonFormatter
from portal.ui import limits
from tests.conftest import World
from tests.journeys.test_odd_input import HUGE, ODD, is_answer, posts, visitor

HOSTILE = (
    *ODD,
    "a\x00b",
    "\ud83d",
    "\u202e逆",
    "=1+1",
    "<script>alert(1)</script>",
    "'; DROP TABLE x --",
    "{{ 7*7 }}",
    "%s%n",
    "../../etc/passwd",
    "\r\nX-Injected: 1",
    "𰻞" * 300,
    "1" * 18,
    "9223372036854775808",
    "on",
    "1",
    "0x10",
    "１２３",
    "2027",
    "12",
    "true",
    "null",
    "x" * 70_000,
)
HEADERS = (
    "Accept",
    "Accept-Language",
    "Content-Type",
    "Cookie",
    "If-Modified-Since",
    "If-None-Match",
    "Origin",
    "Range",
    "Referer",
    "User-Agent",
    "X-Forwarded-For",
    "X-Request-Start",
    "X-Requested-With",
)


@pytest.fixture
def doors(world: World, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Client, str]]:
    """(who, address) of each form."""
    for limit in limits.TABLE:
        for kind in ("person", "address", "named"):
            if getattr(limit, kind) is not None:
                monkeypatch.setitem(limit.__dict__, kind, limits.Rate(10**9, limits.DAY))
    return [(visitor(person), path) for person, path in posts(world)]


@pytest.fixture
def said() -> Iterator[list[str]]:
    """The lines of the log."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(JsonFormatter().format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def test_every_header_is_answered_whatever_stands_in_it(
    doors: list[tuple[Client, str]], said: list[str]
) -> None:
    wrong = []
    for client, path in doors:
        for turn in range(0, len(HOSTILE), 19):
            headers = {
                name: HOSTILE[(n + turn) % len(HOSTILE)]
                .encode("utf-8", "replace")
                .decode("latin-1")
                for n, name in enumerate(HEADERS)
                if name != "Cookie"
            }
            status = client.get(path, headers=headers).status_code
            if not is_answer(path, status):
                wrong.append((path, turn, status))
    assert wrong == []
    assert not any(HUGE[:40] in line for line in said)
