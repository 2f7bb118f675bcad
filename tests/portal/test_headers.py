"""What every answer carries: the headers of a production, and what browsers and caches may keep."""

import json
from itertools import pairwise

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from pytest_django import Settings

from portal.types import Given
from tests.conftest import World
from tests.portal.test_setup import PRODUCTION, START, start

ANSWERS = """
import json
from django.contrib.auth.hashers import get_hasher
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
client, told = Client(), {}  # nothing was collected in a fresh clone
ASKED = {
    "page": ("/health/live", True, ""),
    "plain": ("/programmes/", False, ""),
    "plain api": ("/api/v1/programmes", False, ""),
    "plain api in English": ("/en/api/v1/programmes", False, ""),
    "plain api of the nation": ("/exp/v1/public/subsidies", False, ""),
    "another port": ("/programmes/", False, ":666"),
    "another port, a file": ("/static/x", True, ":666"),
    "another port, health": ("/health/live", True, ":666"),
    "another name": ("/programmes/", False, ".other"),
    "another name, health": ("/health/live", True, ".other"),
    "our port": ("/programmes/", False, ":443"),
}
for name, (path, secure, port) in ASKED.items():
    answer = client.get(path, secure=secure, headers={"host": f"portal.example{port}"})
    told[name] = {"status": answer.status_code, **{k.lower(): v for k, v in answer.headers.items()}}
told["settings"] = {name: getattr(settings, name) for name in (
    "DEBUG", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_SAMESITE", "LANGUAGE_COOKIE_HTTPONLY", "LANGUAGE_COOKIE_SAMESITE")}
kept = get_hasher()
told["hasher"] = [kept.algorithm, kept.memory_cost, kept.time_cost, kept.parallelism]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def production() -> Given:
    """What a production says of itself and answers, without a database."""
    told: Given = json.loads(start("-c", START + ANSWERS, **PRODUCTION).stdout.splitlines()[-1])
    return told


def test_every_answer_tells_browsers_what_they_may_do_with_it(production: Given) -> None:
    page = production["page"]
    policy = dict(part.strip().split(" ", 1) for part in page["content-security-policy"].split(";"))
    wanted = ("default-src", "object-src", "base-uri", "frame-ancestors")
    assert {policy[name] for name in wanted} == {"'none'"}
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert page["strict-transport-security"] == "max-age=63072000; includeSubDomains; preload"
    assert page["x-content-type-options"] == "nosniff"
    assert page["referrer-policy"] == page["cross-origin-opener-policy"] == "same-origin"


def test_files_carry_the_headers_too(settings: Settings) -> None:
    order = [entry.rpartition(".")[2] for entry in settings.MIDDLEWARE]
    wanted = ["SecurityMiddleware", "CSPMiddleware", "WhiteNoiseMiddleware"]
    assert all(order.index(outer) < order.index(inner) for outer, inner in pairwise(wanted))


def test_a_page_asked_for_without_tls_leads_to_the_one_with(production: Given) -> None:
    plain = production["plain"]
    assert (plain["status"], plain["location"]) == (301, "https://portal.example/programmes/")


def test_a_program_that_asks_without_tls_is_refused_and_not_led_on(production: Given) -> None:
    """Where it was led on, nobody would notice that it asks in the clear."""
    for name in ("plain api", "plain api in English", "plain api of the nation"):
        assert (production[name]["status"], production[name].get("location")) == (403, None)
        assert production[name]["content-type"] == "application/problem+json"
        assert production[name]["cache-control"] == "no-store"


def test_another_port_beside_our_name_stands_in_no_answer(production: Given) -> None:
    names = ("another port", "another port, a file", "another port, health", "our port")
    assert [production[name]["status"] for name in names] == [400, 400, 200, 301]
    assert production["another name"]["status"] == 400
    assert production["another name, health"]["status"] == 200  # a balancer asks by number
    assert not any(":666" in str(value) for value in production["another port"].values())


def test_no_script_and_no_other_site_uses_a_cookie(production: Given) -> None:
    found = production["settings"]
    assert {value for name, value in found.items() if name.endswith("HTTPONLY")} == {True}
    assert {value for name, value in found.items() if name.endswith("SAMESITE")} == {"Lax"}


def test_a_production_shows_no_debugging(production: Given) -> None:
    assert production["settings"]["DEBUG"] is False


def test_passwords_are_hashed_slowly(production: Given) -> None:
    algorithm, memory, passes, lanes = production["hasher"]
    assert algorithm == "argon2"
    # OWASP Password Storage Cheat Sheet, and ASVS 5.0, appendix C
    assert (memory >= 19_456, passes >= 2, lanes) == (True, True, 1)


def test_a_password_kept_before_opens_and_is_kept_anew(settings: Settings) -> None:
    names = ["portal.accounts.hashing.Argon2id", "portal.accounts.hashing.Before"]
    settings.PASSWORD_HASHERS = names[::-1]
    before = make_password("snow-lilac-lamp-7")
    settings.PASSWORD_HASHERS = names
    kept: list[str] = []
    assert check_password("snow-lilac-lamp-7", before, kept.append)
    assert kept == ["snow-lilac-lamp-7"]  # so Django hashes it anew
    assert make_password(kept[0]).startswith("argon2$argon2id$")
    assert not check_password("snow-lilac-lamp-8", make_password(kept[0]))


@pytest.mark.parametrize("path", ["/inbox/", "/sign-ins/", "/accounts/email/"])
def test_what_somebody_signed_in_reads_is_kept_by_no_cache(
    world: World, client: Client, path: str
) -> None:
    client.force_login(world.officer)
    assert client.get(path)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/login/"])
def test_a_page_that_carries_the_token_of_a_form_is_kept_by_no_cache(
    client: Client, db: None, path: str
) -> None:
    page = client.get(path)
    assert page.cookies
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/programmes/", "text/html; charset=utf-8"),
        ("/no-such-page/", "text/html; charset=utf-8"),
        ("/health/live", "application/json"),
        ("/api/v1/programmes", "application/json"),
        ("/cases/export.csv", "text/csv; charset=utf-8"),
    ],
)
def test_an_answer_says_of_what_kind_it_is(
    world: World, client: Client, path: str, kind: str
) -> None:
    client.force_login(world.officer)
    assert client.get(path)["Content-Type"].lower().startswith(kind)


@pytest.mark.parametrize(
    "path", ["/static/", "/static/portal/", "/.git/config", "/portal/settings.py", "/.data/"]
)
def test_no_folder_is_listed_and_no_source_is_served(db: None, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_a_method_that_no_page_knows_is_not_answered_as_get(
    world: World, client: Client, method: str
) -> None:
    client.force_login(world.officer)
    for path in ("/", "/inbox/", "/programmes/", "/accounts/login/"):
        answer = client.generic(method, path)
        assert (answer.status_code, answer["Allow"], answer.content) == (
            405,
            "GET, HEAD, POST",
            b"",
        )


def test_trace_is_not_answered(db: None, client: Client) -> None:
    assert client.trace("/programmes/").status_code == 400
