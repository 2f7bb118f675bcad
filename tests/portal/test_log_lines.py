"""Every line of the log: when, and where it goes."""

import json
import os
import re
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from portal import collecting, events
from portal.events import Event
from portal.turned_away import TurnedAway
from tests import served
from tests.conftest import World
from tests.lines import Lines, of, only
from tests.portal.test_serving import answer


def test_a_line_says_when_with_its_offset(lines: Lines) -> None:
    events.log(Event.SIGNED_IN, user=1)
    said = datetime.fromisoformat(str(only(lines, Event.SIGNED_IN)["at"]))
    assert said.utcoffset() is not None
    assert abs(datetime.now(said.tzinfo) - said) < timedelta(minutes=1)


def test_the_log_goes_to_one_place() -> None:
    where = json.dumps(settings.LOGGING)
    assert re.findall(r'"class": "([^"]+)"', where) == ["logging.StreamHandler"]
    assert where.count('"handlers": [') == 1  # the root's


# -- what the gate answers, before there is a page ------------------------------------------------
def id_in(head: bytes) -> str:
    found = re.findall(rb"\r\nX-Request-Id: ([0-9a-f]{16})\r\n", head)
    assert len(found) == 1, head
    return str(found[0].decode())


@pytest.mark.parametrize(
    ("status", "event"),
    [
        (b"408 Request Timeout", Event.REQUEST_SLOW),
        (collecting.FULL, Event.LINE_FULL),
        (collecting.UNREADABLE, Event.REQUEST_UNREADABLE),
        (b"413 Content Too Large", Event.REQUEST_UNREADABLE),
    ],
)
def test_of_a_flood_the_first_has_a_line_and_the_others_are_counted(
    lines: Lines, status: bytes, event: Event
) -> None:
    gate = TurnedAway()
    heads = [gate.head(status) for _n in range(50)]
    gate.flush()
    gate.flush()
    first, others = of(lines, event)
    assert (first["code"], first["request_id"]) == (int(status[:3]), id_in(heads[0]))
    assert (others["code"], others["rows"], others["request_id"]) == (first["code"], 49, "-")
    assert len({id_in(head) for head in heads}) == 50
    assert heads[0].startswith(b"HTTP/1.1 %s\r\n" % status)


def test_one_alone_is_not_counted_again(lines: Lines) -> None:
    gate = TurnedAway()
    for _second in range(2):
        gate.head(collecting.FULL)
        gate.flush()
    assert [line.get("rows") for line in of(lines, Event.LINE_FULL)] == [None, None]


REFUSED = {
    "the gate, too long": b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
    "the gate, no request": b"\x00\x01\x02\r\n\r\n",
    "gunicorn's parser": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
}


def test_what_the_gate_refuses_carries_the_id_of_its_line(
    transactional_db: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with served.running(tmp_path, LOG_LEVEL="INFO") as base:
        said = {}
        for name, request in REFUSED.items():
            time.sleep(2)  # a second of its own
            said[name] = id_in(answer(base, request))
    written = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    ids = [line["request_id"] for line in written if line["event"] == "request.unreadable"]
    assert ids == list(said.values())


# -- gunicorn's own lines -------------------------------------------------------------------------
def test_what_gunicorn_says_of_its_processes_is_json_with_their_number(
    committed_world: World, tmp_path: Path
) -> None:
    log = tmp_path / "gunicorn.log"
    with served.running(tmp_path, log=log):
        booted = said_by(log, "Booting worker")
        os.kill(int(str(booted["request_id"]).removeprefix("web-")), signal.SIGKILL)
        ended = said_by(log, "was sent SIGKILL")
    for line in map(json.loads, log.read_text("utf-8").splitlines()):
        assert re.fullmatch(r"web-\d+", line["request_id"]), line
        assert {"at", "level", "logger", "message"} <= set(line)
    assert ended["request_id"] != booted["request_id"]  # the master says so
    assert said_by(log, "Shutting down")["level"] == "INFO"


def said_by(log: Path, words: str) -> dict[str, str]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for line in log.read_text("utf-8").splitlines():
            if words in line:
                found: dict[str, str] = json.loads(line)
                return found
        time.sleep(0.2)
    raise AssertionError(words)
