"""Slow and half-open connections against a real server: nobody else waits for them."""

import errno
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from portal import collecting, serving
from portal.waiting import WaitingLine
from tests import served

MANY = 50  # connections, for the four threads of two workers
# what each sends, and then nothing more
UNFINISHED = {
    "nothing": b"",
    "half a line": b"GET /health/live HT",
    "half a head": b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-A: ",
    "half a body": b"POST /verify/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\ncode=",
    "half a chunk": b"POST /verify/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nco",
    "the end as data": b"GET /verify/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n0\r\n\r\n",
    "many digits": b"POST /verify/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0000000004000000\r\n\r\n",
    "half a second one": b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nPOST /verify/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\ncode=",
    "no goodbye": b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "no ears": b"GET /programmes/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@contextmanager
def connected(base: str, said: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", urlsplit(base).port or 80), timeout=30) as line:
        line.sendall(said)
        yield line


def answer(base: str, said: bytes) -> bytes:
    """All that comes back until the server closes."""
    with connected(base, said) as line, line.makefile("rb") as heard:
        return heard.read()


def test_nobody_waits_for_slow_connections(transactional_db: None, tmp_path: Path) -> None:
    with served.running(tmp_path, workers=2, threads=2) as base:
        requests.get(f"{base}/health/ready", timeout=30)
        took = {}
        for name, said in UNFINISHED.items():
            with ExitStack() as held:
                for _ in range(MANY):
                    held.enter_context(connected(base, said))
                began = time.monotonic()
                for _ in range(4):
                    assert requests.get(f"{base}/health/ready", timeout=30).ok
                took[name] = time.monotonic() - began
    assert max(took.values()) < 10, took  # one that waits takes half a minute


def test_nobody_waits_where_more_have_begun_than_a_worker_takes(
    transactional_db: None, tmp_path: Path
) -> None:
    few = "--worker-connections 40"
    with served.running(tmp_path, GUNICORN_CMD_ARGS=few) as base, ExitStack() as held:
        requests.get(f"{base}/health/ready", timeout=30)
        for _ in range(120):
            held.enter_context(connected(base, UNFINISHED["half a line"]))
        began = time.monotonic()
        assert requests.get(f"{base}/health/ready", timeout=30).ok
        took = time.monotonic() - began
    assert took < collecting.PATIENCE / 3, took


def test_nobody_waits_for_requests_that_were_hung_up(
    transactional_db: None, tmp_path: Path
) -> None:
    """Nor, longer than for its share, for a flood of one address that waits for its answers."""
    page = b"GET /programmes/?q=%d HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with served.running(tmp_path, workers=1, threads=2) as base, ExitStack() as held:
        requests.get(f"{base}/programmes/", timeout=30)
        began = time.monotonic()
        requests.get(f"{base}/programmes/?q=1", timeout=60)
        one = time.monotonic() - began
        for n in range(400):
            with connected(base, page % n) as line:
                line.sendall(b"x" * (n % 2))  # a byte too much hides no end
        began = time.monotonic()
        assert requests.get(f"{base}/health/ready", timeout=120).ok
        took = time.monotonic() - began
        for n in range(200):
            held.enter_context(connected(base, page % n))
    assert took < max(60 * one, 10), (took, one)  # 400 pages take four hundred times one


def flood(base: str, count: int, seconds: float) -> None:
    """Keep `count` connections, each opened anew when it was closed, and send a byte on the older half of
    them every hundredth of a second.
    """
    port = urlsplit(base).port or 80
    lines: list[socket.socket] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for line in [line for line in lines if is_closed(line)]:
            lines.remove(line)
        for line in lines[: count // 2]:
            with suppress(OSError):
                line.send(b"x")
        for _ in range(min(count - len(lines), 40)):
            line = socket.socket()
            line.setblocking(False)
            line.connect_ex(("127.0.0.1", port))
            lines.append(line)
        time.sleep(0.01)
    for line in lines:
        line.close()


def is_closed(line: socket.socket) -> bool:
    try:
        is_over = not line.recv(65536)
    except BlockingIOError:
        return False
    except OSError:
        is_over = True
    if is_over:
        line.close()
    return is_over


def test_whoever_made_way_takes_nobody_along(
    transactional_db: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A byte of a connection in the moment in which it makes way ended the whole process."""
    few = "--worker-connections 40"
    with served.running(tmp_path, GUNICORN_CMD_ARGS=few) as base:
        requests.get(f"{base}/health/ready", timeout=30)
        flood(base, 80, 6)
        assert requests.get(f"{base}/health/ready", timeout=30).ok
    assert "Exception in worker process" not in capfd.readouterr().err


def test_one_address_holds_no_more_than_its_part_of_the_connections(
    transactional_db: None, tmp_path: Path
) -> None:
    few = "--worker-connections 40"
    with (
        served.running(tmp_path, workers=1, GUNICORN_CMD_ARGS=few) as base,
        ExitStack() as held,
    ):
        requests.get(f"{base}/health/ready", timeout=30)
        lines = [held.enter_context(connected(base, b"")) for _ in range(60)]
        port = urlsplit(base).port or 80
        with socket.create_connection(
            ("127.0.0.1", port), timeout=30, source_address=("127.0.0.9", 0)
        ) as other:
            other.sendall(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert other.recv(100).startswith(b"HTTP/1.1 200")
        for line in lines:
            line.setblocking(False)
        still_open = [line for line in lines if not is_closed(line)]
    assert 0 < len(still_open) <= 40 * serving.MOST_OF_PEER, len(still_open)


def test_a_process_outlives_more_open_files_than_it_may_have(
    transactional_db: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with (
        served.running(tmp_path, workers=1, files=160) as base,
        ExitStack() as held,
    ):
        requests.get(f"{base}/health/ready", timeout=30)
        for _ in range(200):
            held.enter_context(connected(base, UNFINISHED["half a line"]))
        assert requests.get(f"{base}/health/ready", timeout=30).ok
    assert "Exception in worker process" not in capfd.readouterr().err


class Exhausted:
    """A listener of a process that may open no more files."""

    def accept(self) -> None:
        raise OSError(errno.EMFILE, "Too many open files")


def test_nobody_is_taken_where_no_file_can_be_opened() -> None:
    worker = serving.Worker.__new__(serving.Worker)
    worker.accepted, worker.nr_conns, worker.worker_connections = 0, 0, 10
    worker.leaving, worker.coming, worker.reading = {}, {}, {}
    worker.line = WaitingLine(1)
    worker.accept(Exhausted())  # type: ignore[arg-type]
    assert worker.accepted == 0


# 48 kB: the kernel takes some megabytes for whoever does not read
STYLES = b"GET /static/portal/pages.css HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextmanager
def narrow(base: str, said: bytes) -> Iterator[socket.socket]:
    """A reader whose side takes two kilobytes, until it reads."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
        line.settimeout(30)
        line.connect(("127.0.0.1", urlsplit(base).port or 80))
        line.sendall(said)
        yield line


def test_nobody_waits_for_slow_readers(transactional_db: None, tmp_path: Path) -> None:
    with served.running(tmp_path, workers=1, threads=2) as base, ExitStack() as held:
        requests.get(f"{base}/health/ready", timeout=30)
        lines = [held.enter_context(narrow(base, STYLES * 200)) for _ in range(6)]
        took = []
        for _ in range(4):
            for line in lines:  # progress, but hardly any
                line.recv(512)
            began = time.monotonic()
            assert requests.get(f"{base}/health/ready", timeout=60).ok
            took.append(time.monotonic() - began)
            time.sleep(1)
    assert max(took) < 5, took  # a thread that waits for them is held for as long as they like


def test_nobody_waits_where_more_read_slowly_than_a_worker_takes(
    transactional_db: None, tmp_path: Path
) -> None:
    few = "--worker-connections 8"
    with served.running(tmp_path, GUNICORN_CMD_ARGS=few) as base, ExitStack() as held:
        requests.get(f"{base}/health/ready", timeout=30)
        for _ in range(16):
            held.enter_context(narrow(base, STYLES * 200))
            time.sleep(0.3)
        began = time.monotonic()
        assert requests.get(f"{base}/health/ready", timeout=60).ok
        took = time.monotonic() - began
    assert took < collecting.PATIENCE / 3, took


def test_a_slow_reader_gets_the_whole_of_each_answer(
    transactional_db: None, tmp_path: Path
) -> None:
    with served.running(tmp_path, workers=1, threads=2) as base:
        whole = requests.get(f"{base}/static/portal/pages.css", timeout=30).content
        last = STYLES.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        with narrow(base, STYLES * 150 + last) as line:
            time.sleep(2)  # by now its side is full
            heard = line.recv(100)
            with line.makefile("rb") as rest:
                heard += rest.read()
    assert heard.count(b"HTTP/1.1 200 OK") == 151
    bodies = [part.partition(b"\r\n\r\n")[2] for part in heard.split(b"HTTP/1.1 200 OK")[1:]]
    assert {len(body) for body in bodies} == {len(whole)}


def test_requests_come_whole_however_they_are_cut(transactional_db: None, tmp_path: Path) -> None:
    form = b"code=" + b"x" * 400_000
    head = b"POST /verify/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n"
    with served.running(tmp_path) as base:
        with connected(base, head[:30]) as line:
            for piece in (head[30:], kind, b"Content-Length: 400005\r\n\r\n", form[:9], form[9:]):
                time.sleep(0.05)
                line.sendall(piece)
            with line.makefile("rb") as heard:
                whole = heard.readline()
        chunked = head + kind + b"Transfer-Encoding: chunked\r\n\r\n5\r\ncode=\r\n0\r\n\r\n"
        waits = head + kind + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        with connected(base, waits) as line, line.makefile("rb") as heard:
            first = heard.readline()
            line.sendall(b"code=")
            assert b"403" in heard.read()  # no mark of a page of ours: Django has read it
        two = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
        both = answer(base, two + two.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        with requests.Session() as kept:
            again = [kept.get(f"{base}/health/live", timeout=30).status_code for _ in range(3)]
        assert answer(base, chunked).startswith(b"HTTP/1.1 411 ")
    assert (whole, first) == (b"HTTP/1.1 403 Forbidden\r\n", b"HTTP/1.1 100 Continue\r\n")
    assert (both.count(b"HTTP/1.1 200 OK"), again) == (2, [200, 200, 200])


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET / HTTP/1.1\r\nX: " + b"x" * collecting.MOST_OF_HEAD, b"431"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 0000000004000000\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nContent-Length: +4\r\n\r\ncode", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length : 4\r\n\r\ncode", b"400"),
        (b"POST / HTTP/1.1\r\nX: a\r\n Content-Length: 4\r\n\r\ncode", b"400"),
        (b"POST / HTTP/1.1\r\nX: a\nContent-Length: 4\r\n\r\ncode", b"400"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", b"400"),
        (b"\x00\x01\x02\r\n\r\n", b"400"),
        # where would such a request end?
        (b"POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\ncode", b"400"),
        (
            b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"400",
        ),
    ],
)
def test_what_is_too_much_or_no_request_is_turned_away(
    live: str, said: bytes, status: bytes
) -> None:
    assert answer(live, said).split()[1] == status


def test_nothing_of_rubbish_is_repeated(
    transactional_db: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    typed = b"himitsu-no-kotoba"
    with served.running(tmp_path, LOG_LEVEL="WARNING") as base:
        said = [
            answer(base, b"GET /%b\x01 HTTP/9.%b\r\n\r\n" % (typed, typed)),
            answer(base, b"GET / HTTP/1.1\r\nHost: %b\x01\r\n%b\x02: x\r\n\r\n" % (typed, typed)),
            answer(
                base, b"GET / HTTP/1.1\r\nHost: %b.example\r\nConnection: close\r\n\r\n" % typed
            ),
        ]
    assert [text.split()[1] for text in said] == [b"400"] * 3
    assert not any(typed in text for text in said)
    logged = capfd.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines()]
    said_of = [line.get("rows", 1) for line in lines if line["event"] == "request.unreadable"]
    assert sum(said_of) == 3
    assert typed.decode() not in logged


@pytest.fixture(scope="module")
def live(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served.running(tmp_path_factory.mktemp("live")) as base:
        yield base


def test_whoever_is_slow_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = socket.socketpair()
    with here, there:
        coming = collecting.Collected(there, "127.0.0.1")
        began, said = coming.began, []
        for seconds, sent in ((14, 0), (16, 0), (16, 4096), (18, 0)):
            coming.add(b"x" * sent)
            monkeypatch.setattr("time.monotonic", lambda n=seconds: began + n)
            said.append(coming.is_late)
        coming.forget()
    assert said == [False, True, False, True]


def test_nobody_is_waited_for_however_much_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = socket.socketpair()
    with here, there:
        coming, said = collecting.Collected(there, "127.0.0.1"), []
        began = coming.began
        coming.add(b"x" * 10_000_000)
        for seconds in (599, 601):
            monkeypatch.setattr("time.monotonic", lambda n=seconds: began + n)
            said.append(coming.is_late)
        coming.forget()
    assert said == [False, True]


def test_nobody_waits_for_a_request_that_only_looks_whole(
    transactional_db: None, tmp_path: Path
) -> None:
    """A few bytes now and then, each of which keeps a thread that waits for more."""
    names = ("the end as data", "many digits", "half a second one")
    with served.running(tmp_path, workers=2, threads=2) as base:
        requests.get(f"{base}/health/ready", timeout=30)
        for name in names:
            with ExitStack() as held:
                lines = [held.enter_context(connected(base, UNFINISHED[name])) for _ in range(8)]
                time.sleep(1)
                with ThreadPoolExecutor(1) as visitor:
                    came = visitor.submit(requests.get, f"{base}/health/ready", timeout=60)
                    for _ in range(6):
                        time.sleep(0.5)
                        for line in lines:
                            with suppress(OSError):
                                line.sendall(b"\r\n5\r\n0\r\n\r\n"[:2])
                    assert came.done(), name
