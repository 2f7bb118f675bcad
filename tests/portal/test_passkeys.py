"""The answer of a passkey that no browser sends: refused as what cannot be read, on every page."""

import json
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.accounts import demo
from tests.conftest import World

# an answer with nothing in it, and one whose parts are cut short
EMPTY = {"id": "x", "rawId": "x", "response": {}, "type": "public-key"}
TOLD = "eyJ0eXBlIjoidyIsImNoYWxsZW5nZSI6ImVIaDRlSGg0ZUhoNGVIaDRlSGg0ZUEiLCJvcmlnaW4iOiJ5In0"
CUT = {
    "clientDataJSON": TOLD,
    "attestationObject": "_w",
    "authenticatorData": "AAAA",
    "signature": "AAAA",
}
BODIES = (
    json.dumps(EMPTY),
    json.dumps({"id": "AAAA", "rawId": "AAAA", "response": CUT, "type": "public-key"}),
    "5",
    "[" * 100_000,
    "1" * 5_000,
)


def half_in(world: World) -> Client:
    """Somebody of the office who gave the password, and is asked for the second proof."""
    client = Client()
    client.post("/accounts/login/", {"login": world.officer.email, "password": demo.PASSWORD})
    return client


def signed_in(world: World) -> Client:
    client = half_in(world)
    client.post(reverse("mfa_authenticate"), {"code": demo.totp_code(world.officer)})
    client.post("/accounts/reauthenticate/", {"password": demo.PASSWORD})
    return client


def with_a_passkey(world: World) -> Client:
    client = signed_in(world)
    Authenticator.objects.create(user=world.officer, type="webauthn", data={"name": "x"})
    return client


# page → who opens it, and the answer to each body: a bad request, or the page's own refusal
PAGES: dict[str, tuple[Callable[[World], Client], list[int]]] = {
    "mfa_add_webauthn": (signed_in, [400, 400, 200, 400, 400]),
    "mfa_authenticate": (half_in, [200, 200, 200, 400, 400]),
    "mfa_login_webauthn": (lambda _world: Client(), [302, 302, 302, 400, 400]),
    "mfa_reauthenticate_webauthn": (with_a_passkey, [302, 302, 302, 400, 400]),
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_an_answer_that_cannot_be_read_is_refused(world: World, name: str) -> None:
    who, expected = PAGES[name]
    client = who(world)
    client.raise_request_exception = False
    answers = [client.post(reverse(name), {"credential": body}) for body in BODIES]
    assert [answer.status_code for answer in answers] == expected
    for answer in answers:
        if answer.status_code == 400:
            assert "送られた内容を読み取れませんでした" in answer.content.decode()


def test_nobody_signs_up_by_a_passkey_alone() -> None:
    """Else that page would want the same."""
    with pytest.raises(NoReverseMatch):
        reverse("mfa_signup_webauthn")
