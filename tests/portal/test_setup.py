"""One settings file: a wrong or missing value stops the start with a sentence; each clone has a cluster of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal import settings

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DATABASE_URL": os.environ.get("DATABASE_URL", "postgresql://u:p@127.0.0.1:1/x"),
    "SECRET_KEY": "x" * 60,
    "FIELD_KEY": "y",
    "SITE_URL": "https://portal.example",
    "FROM_EMAIL": "a@b.example",
}


def start(after: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings", **environment}
    code = f"import django; django.setup()\n{after}"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
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
def test_a_wrong_value_stops_the_start_with_a_sentence(change: dict[str, str], words: str) -> None:
    done = start(**PRODUCTION | change)
    assert done.returncode != 0
    assert words in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEY", "SITE_URL", "FROM_EMAIL"])
def test_a_missing_value_is_named(name: str) -> None:
    done = start(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert f"Set {name}" in done.stderr


def test_a_complete_production_starts() -> None:
    assert start(**PRODUCTION).returncode == 0


@pytest.mark.parametrize(("demo", "is_there"), [("0", False), ("1", True)])
def test_the_fictitious_year_is_installed_in_a_demonstration_alone(
    demo: str, is_there: bool
) -> None:
    done = start(
        "print(django.apps.apps.is_installed('tools.demonstration'))", **PRODUCTION, DEMO=demo
    )
    assert done.stdout.split() == [str(is_there)]


def test_what_stands_behind_the_database_url_reaches_the_connection() -> None:
    found = settings.database(
        "postgresql://u:p@h:5432/x?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    )
    assert found["OPTIONS"] == {
        "connect_timeout": 5,
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ca.pem",
    }


def test_an_http_address_is_for_demonstrations_alone() -> None:
    assert (
        settings.site_url("http://localhost:8000/", demonstration=True) == "http://localhost:8000"
    )
    with pytest.raises(ImproperlyConfigured):
        settings.site_url("http://localhost:8000/", demonstration=False)
