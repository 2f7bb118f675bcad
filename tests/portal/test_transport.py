"""What is on another machine is reached over TLS, under a certificate that is checked."""

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.smtp import EmailBackend
from storages.backends.s3 import S3Storage

from portal import environment, transport
from portal.accounts.signup import SocialAccountAdapter
from portal.types import Given
from tests import tls
from tests.portal.test_setup import PRODUCTION, start

DATABASE = "postgresql://u:p@database.example:5432/x"
PLAIN: dict[str, Given] = {
    "no TLS is asked of the database": {"DATABASE_URL": DATABASE},
    "TLS, without a look at the certificate": {"DATABASE_URL": f"{DATABASE}?sslmode=require"},
    "a certificate, whatever its name": {"DATABASE_URL": f"{DATABASE}?sslmode=verify-ca"},
    "storage": {"S3_BUCKET": "b", "S3_ENDPOINT_URL": "http://storage.example"},
    "mail": {"SMTP_HOST": "smtp.example", "SMTP_TLS": "0"},
    "the mailbox of what comes back": {"BOUNCE_MAILBOX": "pop://u:p@mail.example"},
    "clamd": {"CLAMD_ADDRESS": "scanner.example:3310"},
    "clamd by IPv6": {"CLAMD_ADDRESS": "[2001:db8::7]:3310"},
    "the sign-in provider": {"OIDC_SERVER_URL": "http://id.example"},
}


@pytest.mark.parametrize("what", PLAIN)
def test_a_production_that_would_speak_in_the_clear_does_not_start(what: str) -> None:
    done = start(**PRODUCTION | PLAIN[what])
    assert done.returncode != 0
    *_others, setting = (name for name in PLAIN[what] if name != "SMTP_HOST")
    assert f"{setting}: " in done.stderr
    assert "in the clear" in done.stderr


def test_check_deploy_refuses_it_too_and_a_demonstration_may() -> None:
    plain = PRODUCTION | PLAIN["clamd"]
    refused = start("manage.py", "check", "--deploy", **plain)
    assert refused.returncode == 1
    assert refused.stderr.startswith("CLAMD_ADDRESS: scanner.example is another machine")
    assert start(**plain, DEMO="1").returncode == 0


def test_a_production_over_tls_or_on_one_machine_starts() -> None:
    away: Given = {
        "DATABASE_URL": f"{DATABASE}?sslmode=verify-full",
        "S3_BUCKET": "b",
        "BOUNCE_MAILBOX": "pops://u:p@mail.example",
        "SMTP_HOST": "smtp.example",  # TLS, since it is not said otherwise
        "CLAMD_ADDRESS": "127.0.0.1:3310",
        "OIDC_SERVER_URL": "https://id.example",
    }
    here: Given = {
        "DATABASE_URL": "postgresql://u@%2Fvar%2Frun%2FpostgreSQL/x",
        "S3_BUCKET": "b",
        "S3_ENDPOINT_URL": "http://[::1]:9000",
        "SMTP_HOST": "localhost",
        "CLAMD_ADDRESS": "/run/clamd.sock",
    }
    assert [start(**PRODUCTION | given).stderr for given in (away, here)] == ["", ""]


def test_the_folder_of_a_socket_stands_percent_encoded_in_the_place_of_the_host() -> None:
    found = environment.database("postgresql://u:p@%2Fvar%2Frun%2FpostgreSQL:5433/x")
    assert (found["HOST"], found["PORT"]) == ("/var/run/postgreSQL", 5433)


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("/run/clamd.sock", True),
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("10.0.0.2", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_what_never_leaves_this_machine(host: str, is_here: bool) -> None:
    assert transport.is_here(host) is is_here


def test_a_way_that_is_not_used_demands_nothing() -> None:
    transport.demand_tls([transport.to_mail("", False), transport.to_scanner("")])
    with pytest.raises(ImproperlyConfigured):
        transport.demand_tls([transport.to_mail("smtp.example", False)])


# -- certificates: each library, before a machine of TLS -------------------------------------------
def at_once(_link: socket.socket) -> None:
    """TLS from the first byte."""


def as_database(link: socket.socket) -> None:
    link.recv(8)
    link.sendall(b"S")


def as_mail(link: socket.socket) -> None:
    link.sendall(b"220 here\r\n")
    link.recv(1024)
    link.sendall(b"250-here\r\n250 STARTTLS\r\n")
    link.recv(1024)
    link.sendall(b"220 go on\r\n")


def call_database(port: int, authority: Path) -> None:
    url = f"postgresql://u:p@localhost:{port}/x?sslmode=verify-full&sslrootcert={authority}"
    found = environment.database(url)
    names = {"HOST": "host", "PORT": "port", "USER": "user", "NAME": "dbname"}
    given: Given = {ours: found[name] for name, ours in names.items()}
    options = found["OPTIONS"]
    assert isinstance(options, dict)
    psycopg.connect(**given, **options)


def call_storage(port: int, _authority: Path) -> None:
    S3Storage(
        bucket_name="b",
        endpoint_url=f"https://localhost:{port}",
        region_name="us-east-1",
        access_key="x",
        secret_key="x",
    ).exists("a")


def call_mail(port: int, _authority: Path) -> None:
    EmailBackend("localhost", port, "user", "password", use_tls=True, timeout=5).open()


def call_provider(port: int, _authority: Path) -> None:
    SocialAccountAdapter().get_requests_session().get(f"https://localhost:{port}/")


WAYS: dict[str, tuple[tls.Prelude, Callable[[int, Path], None]]] = {
    "database": (as_database, call_database),
    "storage": (at_once, call_storage),
    "mail": (as_mail, call_mail),
    "provider": (at_once, call_provider),
}


@pytest.mark.parametrize(
    ("name", "is_known", "is_believed"),
    [("localhost", True, True), ("localhost", False, False), ("other.example", True, False)],
    ids=["its own", "of nobody we know", "of another machine"],
)
@pytest.mark.parametrize("way", WAYS)
def test_no_certificate_is_taken_but_of_that_machine_by_an_authority_we_know(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    name: str,
    is_known: bool,
    is_believed: bool,
) -> None:
    prelude, call = WAYS[way]
    shown = tls.certificate(tmp_path, name)
    known = shown if is_known else tls.certificate(tmp_path, "authority.example")
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(variable, str(known))
    with tls.speaking(shown, prelude) as (port, told), suppress(Exception):
        call(port, known)
    assert bool(told) is is_believed
    assert set(told) <= {"TLSv1.2", "TLSv1.3"}
