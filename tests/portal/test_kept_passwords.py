"""A password that an earlier hasher kept: kept anew by its owner's sign-in, never in the middle of an act."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from pytest_django import Settings

from tests.conftest import World

PASSWORD = "snow-lilac-lamp-7"
NOW, BEFORE = "portal.accounts.hashing.Argon2id", "portal.accounts.hashing.Before"


@pytest.fixture(autouse=True)
def kept_before(world: World, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [BEFORE, NOW]
    world.officer.password = make_password(PASSWORD)
    world.officer.save()
    settings.PASSWORD_HASHERS = [NOW, BEFORE]


def test_a_proof_in_the_middle_of_an_act_ends_no_session(world: World) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.force_login(world.officer)
    proof = {"password": PASSWORD, "next": "/inbox/"}
    for _again in range(2):
        proved = here.post("/accounts/reauthenticate/?next=/inbox/", proof)
        assert (proved.status_code, proved["Location"]) == (302, "/inbox/")
        assert here.get("/inbox/").status_code == 200
    assert elsewhere.get("/inbox/").status_code == 200


def test_a_sign_in_keeps_it_anew(world: World) -> None:
    sent = {"login": world.officer.email, "password": "snow-lilac-lamp-8"}
    Client().post("/accounts/login/", sent)
    world.officer.refresh_from_db()
    assert world.officer.password.startswith("pbkdf2_sha256$")
    Client().post("/accounts/login/", sent | {"password": PASSWORD})
    world.officer.refresh_from_db()
    assert world.officer.password.startswith("argon2$argon2id$")
