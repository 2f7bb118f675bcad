"""One form that is sent many times at once holds a few threads for a moment: whoever cannot have its
turn is told that it is being done, and nothing is done twice or lost.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from grants.recovery import collecting
from grants.recovery.booking import book_return
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.accounts.models import User
from portal.correspondence import talk
from portal.correspondence.models import Message
from portal.events import Event
from portal.workflow import sent_forms
from portal.workflow.models import SentForm
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.grants import test_recovery as recovery
from tests.markup import one_line

TIMES = 6


class Slow:
    """Work that goes on until every other press is answered, or for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.waiting = threading.Semaphore(0)
        self.outlasted = False

    def work(self) -> None:
        others = (self.waiting.acquire(timeout=self.seconds) for _n in range(TIMES - 1))
        self.outlasted = all(others)

    def press(self, send: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            return send()
        finally:
            self.waiting.release()


@contextmanager
def without_an_end(person: int | None, what: str) -> Iterator[None]:
    """The lock as it was: whoever comes second waits as long as it takes."""
    lock = [f"{person}:{what}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", lock)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", lock)


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Slow]:
    """Messages that are written slowly."""

    def begun(seconds: float, error: type[Exception] | None = None) -> Slow:
        slow, write, first = Slow(seconds), talk.write, [True]

        def slowly(*args: object, **given: object) -> object:
            if first:
                first.clear()
                slow.work()
                if error is not None:
                    raise error
            return write(*args, **given)  # type: ignore[arg-type]

        monkeypatch.setattr(talk, "write", slowly)
        return slow

    return begun


def asked(world: World) -> tuple[User, str, dict[str, str]]:
    application, person = world.submitted()
    page = f"/cases/{application.case.number}/messages/"
    return person, page, {"body": "いつ届きますか", "csrfmiddlewaretoken": "x" * 64}


def send(person: User, page: str, sent: dict[str, str]) -> HttpResponse:
    client = Client()
    client.force_login(person)
    return cast("HttpResponse", client.post(page, sent))


def flood(slow: Slow, person: User, page: str, sent: dict[str, str]) -> list[HttpResponse]:
    presses = [lambda: slow.press(lambda: send(person, page, sent))] * TIMES
    return together(*presses)  # type: ignore[return-value]


def test_control_with_a_lock_without_an_end_every_thread_waits_for_the_first(
    committed_world: World, messages: Callable[[float], Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = messages(2)
    monkeypatch.setattr(sent_forms, "_alone", without_an_end)
    answers = flood(slow, *asked(committed_world))
    assert [answer.status_code for answer in answers] == [302] * TIMES
    assert not slow.outlasted  # as long as it worked, nobody was answered


def test_one_is_done_and_all_others_are_told_so_while_it_is(
    committed_world: World, messages: Callable[[float], Slow]
) -> None:
    slow = messages(20)
    person, page, sent = asked(committed_world)
    answers = flood(slow, person, page, sent)
    assert slow.outlasted
    assert sorted(answer.status_code for answer in answers) == [302] + [503] * (TIMES - 1)
    assert Message.objects.count() == 1
    for answer in [answer for answer in answers if answer.status_code == 503]:
        text = one_line(answer)
        assert "先に送った内容を、いま処理しています" in text
        assert "まだ届いていません" not in text
        assert answer["Retry-After"] == "5"
        assert getattr(answer, "event", None) is Event.WORK_TAKEN
        # the button of that page asks by the same form: it leads where the first led
        assert f'name="csrfmiddlewaretoken" value="{sent["csrfmiddlewaretoken"]}"' in text
    assert send(person, page, sent).headers["Location"] == SentForm.objects.get().led_to
    assert Message.objects.count() == 1


def test_no_more_than_two_of_a_person_wait_at_all(committed_world: World) -> None:
    places = [f"1:waits:{n}" for n in range(sent_forms.WAITING)]
    assert all(sent_forms._locked(place) for place in places)
    try:
        soon = sent_forms._locked_soon
        assert together(lambda: soon(1, "1:x")) == [False]  # though nobody holds what it asks for
        assert together(lambda: soon(2, "2:x")) == [True]
    finally:
        for place in places:
            sent_forms._unlock(place)


def test_where_nothing_came_of_the_first_it_is_asked_anew(
    committed_world: World, messages: Callable[..., Slow]
) -> None:
    slow = messages(20, RuntimeError)
    person, page, sent = asked(committed_world)
    answers: list[object] = [*flood(slow, person, page, sent)]
    assert sum(isinstance(answer, RuntimeError) for answer in answers) == 1
    assert sum(getattr(answer, "status_code", 0) == 503 for answer in answers) == TIMES - 1
    assert Message.objects.count() == 0
    assert send(person, page, sent).status_code == 302
    assert Message.objects.count() == 1


def test_sums_of_one_page_do_not_wait_for_each_other_either(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, slow = committed_world, Slow(20)
    award, _person = recovery.paid(world)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    owed = Recovery.objects.get()
    path, today = reverse("recovery_receive", args=[owed.pk]), clock.today()
    day = {"paid_on_y": today.year, "paid_on_m": today.month, "paid_on_d": today.day}
    typed = {"csrfmiddlewaretoken": "one page", "seen": collecting.came_in(owed)} | day

    def slowly(row: Recovery, amount: int, **given: object) -> bool:
        slow.work()
        return book_return(row, amount, **given)  # type: ignore[arg-type]

    monkeypatch.setattr("grants.recovery.collecting.book_return", slowly)

    def press(n: int) -> HttpResponse:
        sent = {"amount": str(1_000 * n)} | {key: str(said) for key, said in typed.items()}
        return send(world.staff["accountant"], path, sent)

    answers: list[HttpResponse] = together(  # type: ignore[assignment]
        *[lambda n=n: slow.press(lambda: press(n)) for n in range(1, TIMES + 1)]
    )
    assert slow.outlasted
    assert sorted(answer.status_code for answer in answers) == [302] + [503] * (TIMES - 1)
    assert MoneyIn.objects.count() == 1
    assert press(9).status_code == 409  # and then it is asked back, as before
