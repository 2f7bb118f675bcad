"""Every form of these pages is filled by its own names with hostile text, and every header with rubbish: an answer, never a fault."""

import logging
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.logs import JsonFormatter
from portal.ui import limits
from tests.conftest import World
from tests.journeys.test_odd_input import ANSWERS, HUGE, ODD, posted, posts, visitor

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
NAMES = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')
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
def doors(world: World, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Client, str, list[str]]]:
    """(who, address, names that its page sends) of each form."""
    for limit in limits.TABLE:
        for kind in ("person", "address", "named"):
            if getattr(limit, kind) is not None:
                monkeypatch.setitem(limit.__dict__, kind, limits.Rate(10**9, limits.DAY))
    found = []
    for person, path in posts(world):
        client = visitor(person)
        page = client.get(path).content.decode(errors="replace")
        names = sorted(set(NAMES.findall(page)) - {"csrfmiddlewaretoken"})
        found.append((client, path, names or ["text", "page", "next"]))
    return found


@pytest.fixture
def said() -> Iterator[list[str]]:
    """The lines of the log."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(JsonFormatter().format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


QUIET = settings(
    max_examples=50,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_every_form_answers_hostile_text_in_its_own_fields(
    doors: list[tuple[Client, str, list[str]]], said: list[str]
) -> None:
    wrong: MultiValueDict[str, object] = MultiValueDict()
    values = st.sampled_from(HOSTILE) | st.text(max_size=40)

    @QUIET
    @given(st.data())
    def fuzz(data: st.DataObject) -> None:
        client, path, names = data.draw(st.sampled_from(doors))
        chosen = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=len(names)))
        form = {name: data.draw(values) for name in chosen}
        status = posted(client, path, form)
        if status not in ANSWERS:
            wrong.appendlist(path, (status, form))

    fuzz()
    assert dict(wrong.lists()) == {}
    assert not any(HUGE[:40] in line or "DROP TABLE" in line or "a" * 40 in line for line in said)


def test_every_header_is_answered_whatever_stands_in_it(
    doors: list[tuple[Client, str, list[str]]], said: list[str]
) -> None:
    wrong = []
    for client, path, _names in doors:
        for turn in range(0, len(HOSTILE), 19):
            headers = {
                name: HOSTILE[(n + turn) % len(HOSTILE)]
                .encode("utf-8", "replace")
                .decode("latin-1")
                for n, name in enumerate(HEADERS)
                if name != "Cookie"
            }
            status = client.get(path, headers=headers).status_code
            if status not in ANSWERS:
                wrong.append((path, turn, status))
    assert wrong == []
    assert not any(HUGE[:40] in line for line in said)
