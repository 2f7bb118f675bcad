"""One settings file: a wrong or missing value stops the start with a sentence; each clone has a cluster of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import environment, places
from portal.types import Given

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION: Given = {
    "DATABASE_URL": os.environ.get("DATABASE_URL", "postgresql://u:p@127.0.0.1:1/x"),
    "SECRET_KEY": "x" * 60,
    "FIELD_KEY": "y",
    "SITE_URL": "https://portal.example",
    "FROM_EMAIL": "a@b.example",
}


START = "import django; django.setup()"
# reads the settings, and fails at the first process, connection or file that they make
WATCHED = """
import os, sys
sys.dont_write_bytecode = True
MADE = os.O_WRONLY | os.O_RDWR | os.O_CREAT
DONE = ("subprocess.Popen", "os.", "socket.connect", "shutil.")
def watch(event, given):
    reads = event.startswith(("os.listdir", "os.scandir", "os.putenv", "os.walk", "os.getxattr"))
    if event.startswith(DONE) and not reads or event == "open" and given[2] & MADE:
        raise SystemExit(f"{event} {given}")
sys.addaudithook(watch)
import portal.settings
"""


def start(
    *command: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """What `python COMMAND`, or Django's own start, says in this environment and no other."""
    return subprocess.run(
        [sys.executable, *(command or ("-c", START))],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must look like"),
        ({"DEMO": "maybe"}, "DEMO must be 0 or 1"),
        ({"SITE_URL": "http://portal.example"}, "SITE_URL must look like"),
        ({"SITE_URL": "https://portal.example/sub"}, "SITE_URL must look like"),
        ({"DATABASE_URL": "postgresql://u:p@h:5432/x?sslmod=require"}, "unknown sslmod"),
    ],
)
def test_a_wrong_value_stops_the_start_with_a_sentence(change: Given, words: str) -> None:
    done = start(**PRODUCTION | change)
    assert done.returncode != 0
    assert words in done.stderr


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "SECRET_KEY", "FIELD_KEY", "SITE_URL", "FROM_EMAIL"]
)
def test_a_missing_value_is_named(name: str) -> None:
    production = {key: value for key, value in PRODUCTION.items() if key != name}
    done = start(**production, EMBEDDED_CLUSTER="never begun")
    assert f"Set {name}" in done.stderr


def test_a_complete_production_starts() -> None:
    assert start(**PRODUCTION).returncode == 0


COOKIES = """
from django.conf import settings
from portal.accounts import guesses
print(guesses.COOKIE)
for cookie in ("SESSION", "CSRF", "LANGUAGE"):
    print(getattr(settings, f"{cookie}_COOKIE_NAME"))
    found = [getattr(settings, f"{cookie}_COOKIE_{what}") for what in ("SECURE", "PATH", "DOMAIN")]
    assert found == [True, "/", None], found
"""


def test_the_cookies_of_a_production_are_this_hosts_alone() -> None:
    names = start("-c", START + COOKIES, **PRODUCTION).stdout.split()
    assert len(names) == 4
    assert all(name.startswith("__Host-") for name in names)


@pytest.mark.parametrize(("demo", "is_there"), [("0", False), ("1", True)])
def test_the_fictitious_year_is_installed_in_a_demonstration_alone(
    demo: str, is_there: bool
) -> None:
    asked = f"{START}; print(django.apps.apps.is_installed('tools.demonstration'))"
    done = start("-c", asked, **PRODUCTION, DEMO=demo)
    assert done.stdout.split() == [str(is_there)]


def test_reading_the_settings_starts_nothing_and_writes_nothing(tmp_path: Path) -> None:
    assert start("-c", WATCHED, **PRODUCTION, DATA_DIR=str(tmp_path / "data")).stderr == ""
    bare = start("-c", WATCHED, EMBEDDED_CLUSTER="never begun", DATA_DIR=str(tmp_path / "data"))
    assert "Set DATABASE_URL" in bare.stderr
    assert not places.cluster("never begun").exists()
    assert list(tmp_path.iterdir()) == []


def test_the_watch_sees_what_is_written(tmp_path: Path) -> None:
    wrong = WATCHED.replace("import portal.settings", f"open({str(tmp_path / 'kept')!r}, 'w')")
    assert "open" in start("-c", wrong).stderr


def test_a_command_without_a_database_says_what_to_do_in_one_sentence(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "portal", tmp_path / "portal", ignore=shutil.ignore_patterns("static"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    done = start("manage.py", "check", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Set DATABASE_URL")
    assert "make run" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / ".data").exists()


def test_what_stands_behind_the_database_url_reaches_the_connection() -> None:
    found = environment.database(
        "postgresql://u:p@h:5432/x?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    )
    assert found["OPTIONS"] == {
        "connect_timeout": 5,
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ca.pem",
    }


@pytest.mark.parametrize(
    ("url", "ports"),
    [
        ("https://portal.example", {"", "443"}),
        ("https://portal.example:443", {"", "443"}),
        ("https://portal.example:8443", {"8443"}),
        ("http://localhost:8000", {"8000"}),
    ],
)
def test_the_port_of_the_address_is_ours_and_no_other(url: str, ports: set[str]) -> None:
    assert environment.host_ports(url) == ports


def test_an_http_address_is_for_demonstrations_alone() -> None:
    assert (
        environment.site_url("http://localhost:8000/", demonstration=True)
        == "http://localhost:8000"
    )
    with pytest.raises(ImproperlyConfigured):
        environment.site_url("http://localhost:8000/", demonstration=False)
