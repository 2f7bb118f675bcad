"""The moment of pressing counts, however long the queue behind it is."""

import re
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from grants.applications.drafts import draft_hash
from grants.applications.models import Application, SubmissionAttempt
from grants.programmes.models import IntakePeriod
from portal import arrival, clock
from portal.accounts.models import User
from portal.events import Event
from tests import served
from tests.conftest import World
from tests.lines import Lines, of

PEOPLE, COMPLETE = (
    98,
    4,
)  # of those who press, so many have everything; the others are told what is missing


def seen(
    settings: Settings,
    headers: dict[str, str],
    *,
    trusted: str = "X-Request-Start",
    last_byte: float = 0.0,
) -> float:
    """How many seconds before now a request with these headers counts as arrived."""
    settings.ARRIVAL_HEADER = trusted
    found: list[datetime] = []

    def page(_request: HttpRequest) -> HttpResponse:
        found.append(clock.arrived())
        return HttpResponse()

    token = arrival._last_byte.set(time.time() - last_byte if last_byte else None)
    arrival.Arrival(page)(RequestFactory().get("/", headers=headers))
    arrival._last_byte.reset(token)
    return (datetime.now(UTC) - found[0]).total_seconds()


@pytest.mark.parametrize(
    ("before", "trusted", "last_byte", "expected"),
    [
        (12.0, "X-Request-Start", 3.0, 12),  # our proxy saw it first
        (12.0, "", 3.0, 3),  # nobody of ours sets the header: whatever it says is the visitor's
        (
            -20.0,
            "X-Request-Start",
            3.0,
            0,
        ),  # a proxy's clock that runs ahead never makes anybody late
        (9999.0, "X-Request-Start", 3.0, 3),  # nor does one that stands still make anybody early
        (0.0, "", 0.0, 0),
    ],
)
def test_whose_word_counts_for_the_moment(
    settings: Settings, before: float, trusted: str, last_byte: float, expected: int
) -> None:
    headers = {"X-Request-Start": f"t={time.time() - before:.3f}"} if before else {}
    assert round(seen(settings, headers, trusted=trusted, last_byte=last_byte)) == expected


@pytest.mark.parametrize("text", ["", "t=", "now", "t=nan", "t=inf", "t=-5"])
def test_an_unreadable_moment_is_not_used(settings: Settings, text: str, lines: Lines) -> None:
    assert round(seen(settings, {"X-Request-Start": text}, last_byte=3.0)) == 3
    assert len(of(lines, Event.ARRIVAL_UNUSABLE)) == (1 if text else 0)


def test_outside_a_request_it_is_the_present_moment() -> None:
    assert abs(clock.arrived() - clock.now()) < timedelta(seconds=1)


def test_everybody_who_pressed_before_the_closing_moment_is_in_time(
    committed_world: World, tmp_path: Path
) -> None:
    drafts = [committed_world.draft(complete=n < COMPLETE) for n in range(PEOPLE)]
    with served.running(tmp_path, workers=2, threads=2) as base:
        letters = [letter(base, application, person) for application, person in drafts]
        lines = [press(base, text) for text in letters]
        closes = clock.now() + timedelta(milliseconds=50)
        IntakePeriod.objects.update(closes_at=closes)
        answers = [answer(line) for line in lines]
        finished = clock.now()
        late = answer(press(base, letters[-1]))
    assert finished > closes + timedelta(
        seconds=1
    )  # the queue was longer than the time that was left
    assert sorted(set(answers)) == [302, 422]
    outcomes = list(SubmissionAttempt.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes.count("late") == 1  # the one who pressed again after closing
    assert late == 422
    assert len(outcomes) == PEOPLE + 1
    assert Application.objects.filter(state="submitted", arrived_at__lte=closes).count() == COMPLETE


def test_what_is_sent_in_pieces_counts_when_its_last_byte_came(
    committed_world: World, tmp_path: Path
) -> None:
    """Else its sender would write, after the closing moment, what was begun to be handed in before it."""
    whole, in_pieces = committed_world.draft(), committed_world.draft()
    with served.running(tmp_path) as base:
        text = letter(base, *in_pieces)
        line = press(base, text[:-9])
        in_time = answer(press(base, letter(base, *whole)))
        time.sleep(0.5)  # the first bytes were read long ago
        IntakePeriod.objects.update(closes_at=clock.now())
        line.sendall(text[-9:])
        statuses = (in_time, answer(line))
    outcomes = [row.outcome for row in SubmissionAttempt.objects.order_by("pk")]
    assert (statuses, outcomes) == ((302, 422), ["done", "late"])
    late = Application.objects.get(pk=in_pieces[0].pk)
    assert (late.state, late.arrived_at) == ("draft", None)


def letter(base: str, application: Application, person: User) -> bytes:
    """The request that pressing "submit" sends, with the person's session."""
    client = Client()
    client.force_login(person)
    key = re.sub("[^a-z]", "x", person.email.lower()).ljust(32, "k")[:32]
    pledge = {"truth": "on", "rules": "on", "antisocial": "on"}
    form = urlencode(
        pledge | {"seen": draft_hash(application), "form_key": key, "csrfmiddlewaretoken": key}
    )
    lines = [
        f"POST /apply/{application.case.number}/review/ HTTP/1.1",
        f"Host: {urlsplit(base).netloc}",
        f"Cookie: sessionid={client.cookies['sessionid'].value}; csrftoken={key}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(form)}",
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + form).encode()


def press(base: str, text: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", urlsplit(base).port or 80), timeout=300)
    line.sendall(text)
    return line


def answer(line: socket.socket) -> int:
    """The status that came back."""
    with line, line.makefile("rb") as said:
        return int(said.readline().split()[1])


def test_nobody_reckons_the_fingerprint_of_a_draft_beforehand(
    world: World, settings: Settings
) -> None:
    """Pressed in time with it, the draft could be written while a second proof is asked for."""
    application, _person = world.draft()
    first = draft_hash(application)
    assert draft_hash(application) == first
    settings.SECRET_KEY = "another-" + "x" * 50
    assert draft_hash(application) != first
