"""Over capacity a page waits outside, with its place, and comes in by when its reader first came."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from portal import waiting_room
from portal.turned_away import TurnedAway
from portal.waiting_room import AGAIN, GONE, KEPT, Ticket, WaitingRoom
from tests import served

NOW = 1_790_000_000.0
PAGE = "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html,*/*;q=0.8\r\n{more}\r\n"


def head(path: str = "/", more: str = "") -> bytes:
    return PAGE.format(path=path, more=more).encode()


def tickets(count: int) -> list[Ticket]:
    return [Ticket(NOW + n, f"{n:x}") for n in range(count)]


def test_while_there_is_room_nobody_waits() -> None:
    room = WaitingRoom(2)
    assert [room.place(ticket, 1, NOW) for ticket in tickets(3)] == [0, 0, 0]
    assert room.place(tickets(1)[0], 2, NOW) == 1


def test_whoever_came_first_comes_in_first_however_often_others_ask() -> None:
    room = WaitingRoom(2)
    first, second, third = tickets(3)
    assert [room.place(ticket, 2, NOW) for ticket in (second, third, first)] == [1, 2, 1]
    assert room.place(second, 2, NOW) == 2
    # room for one: not for those behind
    assert [room.place(ticket, 1, NOW) for ticket in (third, second, first)] == [3, 2, 0]
    assert [room.place(ticket, 1, NOW) for ticket in (third, second)] == [2, 0]


def test_a_newcomer_is_behind_all_who_wait() -> None:
    room = WaitingRoom(2)
    old, new = tickets(2)
    assert room.place(old, 2, NOW) == 1
    assert room.place(new, 1, NOW) == 2
    assert room.place(old, 1, NOW) == 0
    assert room.place(new, 1, NOW) == 0


def test_nobody_waits_for_whoever_went_away() -> None:
    room = WaitingRoom(1)
    old, new = tickets(2)
    assert [room.place(old, 1, NOW), room.place(new, 1, NOW + 1)] == [1, 2]
    assert room.place(new, 0, NOW + GONE + 1) == 0


def test_so_many_are_waited_for_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_room, "MOST", 2)
    room = WaitingRoom(0)
    assert [room.place(ticket, 0, NOW) for ticket in tickets(4)] == [1, 2, 3, 3]


@pytest.mark.parametrize(
    "said",
    [
        b"POST / HTTP/1.1\r\nAccept: text/html\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nAccept: text/html\r\n\r\n",
        b"GET / HTTP/1.1\r\nAccept: application/json\r\n\r\n",
        b"GET /static/portal/base.css HTTP/1.1\r\nAccept: text/html\r\n\r\n",
        b"GET /health/ready HTTP/1.1\r\nAccept: text/html\r\n\r\n",
        b"",
    ],
)
def test_a_form_a_script_and_a_file_never_wait_outside(said: bytes) -> None:
    assert waiting_room.asked(said, NOW) is None
    assert WaitingRoom(0).answer(said, 9, TurnedAway()) == b""


def test_a_ticket_says_when_its_holder_first_came() -> None:
    first = waiting_room.asked(head(), NOW)
    assert first is not None
    cookie = f"Cookie: a=1; place={first.ticket.signed}\r\n"
    again = waiting_room.asked(head("/en/programmes/", cookie), NOW + 60)
    assert again is not None
    assert (again.ticket, again.is_english) == (first.ticket, True)


@pytest.mark.parametrize("kind", ["forged", "old", "to come", "rubbish"])
def test_a_ticket_that_is_not_ours_or_old_counts_from_now(kind: str) -> None:
    other = {"old": NOW - KEPT - 1, "to come": NOW + 60}.get(kind, NOW - 60)
    signed = Ticket(other, "ab").signed
    if kind == "forged":
        signed = signed.replace("1", "0", 1)
    text = "x" if kind == "rubbish" else signed
    found = waiting_room.asked(head(more=f"Cookie: place={text}\r\n"), NOW)
    assert found is not None
    assert found.ticket.arrived == NOW


@pytest.mark.parametrize(("path", "words"), [("/", "番目です"), ("/en/", "in the queue")])
def test_the_page_says_place_and_moment_and_comes_again_without_scripts(
    path: str, words: str
) -> None:
    said = WaitingRoom(0).answer(head(path), 9, TurnedAway()).decode()
    fields, _end, page = said.partition("\r\n\r\n")
    assert fields.startswith("HTTP/1.1 503 ")
    assert f"Content-Length: {len(page.encode())}\r\n" in fields
    for field in (f"Retry-After: {AGAIN}", "Cache-Control: no-store", "Connection: close"):
        assert field in fields
    assert re.search(r"Set-Cookie: \S*place=[0-9.a-f]+:\S+; .*HttpOnly; SameSite=Lax", fields)
    assert f'<meta http-equiv="refresh" content="{AGAIN}">' in page
    assert words in page
    assert re.search(r"\d\d:\d\d:\d\d", page)
    assert ("<script" in page, "@1" in page, "@2" in page) == (False, False, False)


def test_a_crowd_waits_outside_and_all_come_in(transactional_db: None, tmp_path: Path) -> None:
    """Of those who ask at once some read the page that waits; each of them comes in."""

    def visit(base: str) -> tuple[int, int]:
        session, waited = requests.Session(), 0
        session.headers["Accept"] = "text/html"
        while (found := session.get(f"{base}/verify/", timeout=120)).status_code == 503:
            waited += 1
            assert "http-equiv" in found.text
        return found.status_code, waited

    with served.running(tmp_path, workers=1, threads=1) as base:
        requests.get(f"{base}/health/ready", timeout=60)
        with ThreadPoolExecutor(150) as crowd:
            found = list(crowd.map(visit, [base] * 150))
    assert {status for status, _waited in found} == {200}
    assert any(waited for _status, waited in found)
