"""Many guesses at one code by mail, sent at once: first the control, counted in the session as the
sign-in library does, then as the portal counts them.
"""

import threading

import pytest
from allauth.account import forms as account
from django.test import Client

from portal.ui import limits
from tests.concurrency.test_races import together
from tests.conftest import World

GUESSES = 12


def judged(world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of the guesses, all with one session, were compared with the code."""
    browser = Client()
    browser.post("/accounts/login/code/", {"email": world.outsider.email})
    compared: list[str] = []
    compare = account.ConfirmLoginCodeForm.clean_code

    def slowly(form: account.ConfirmLoginCodeForm) -> str:
        compared.append(form.cleaned_data["code"])
        threading.Event().wait(0.5)
        return str(compare(form))

    monkeypatch.setattr(account.ConfirmLoginCodeForm, "clean_code", slowly)

    def guess(n: int) -> int:
        client = Client()
        client.cookies = browser.cookies  # the session that asked
        return client.post("/accounts/login/code/confirm/", {"code": f"AAAA-{n:04}"}).status_code

    together(*[lambda n=n: guess(n) for n in range(GUESSES)])
    return len(compared)


def test_control_counted_in_the_session_more_are_judged(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "used", lambda *_given, **_named: (1, 1))
    assert judged(committed_world, monkeypatch) > 3


def test_of_many_guesses_at_once_three_are_judged(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert judged(committed_world, monkeypatch) == 3
