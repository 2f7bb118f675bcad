"""`check --deploy` refuses what would hurt a production: each setting alone, taken away."""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import Settings

from portal import clock, serving
from portal.accounts.checks_at_start import weakness
from portal.audit import checks_at_start as of_database
from portal.types import Given
from tests.conftest import World
from tests.portal.test_role import restricted as restricted
from tests.portal.test_setup import PRODUCTION, ROOT, start
from tools import run

OURS = ("accounts", "audit", "backups", "correspondence", "documents")
STRONG = [secrets.token_urlsafe(64) for _n in range(3)]
COMPLETE: dict[str, object] = {
    "DEMO": False,
    "S3_BUCKET": "b",
    "BACKUPS": "s3://b/x",
    "MACHINES": 2,
    "EMAIL_HOST": "smtp.example",
    "CLAMD_ADDRESS": "/run/clamd.sock",
    "SECRET_KEY": STRONG[0],
    "FIELD_KEY": STRONG[1],
    "SECRET_KEY_FALLBACKS": [],
    "FIELD_KEY_FALLBACKS": [],
}


def refused(settings: Settings, **change: object) -> list[str]:
    """What our checks say of a complete production with this change."""
    for name, value in (COMPLETE | change).items():
        setattr(settings, name, value)
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return [str(fault.id) for fault in found if str(fault.id).startswith(OURS)]


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"CLAMD_ADDRESS": ""}, ["documents.E001"]),
        ({"DEMO": True}, ["documents.E002"]),
        ({"S3_BUCKET": ""}, ["documents.E003"]),
        ({"S3_BUCKET": "", "MACHINES": 1}, []),
        ({"BACKUPS": ""}, ["backups.E001"]),
        ({"EMAIL_HOST": ""}, ["correspondence.E001"]),
        ({"SECRET_KEY": "x"}, ["accounts.E001"]),
        ({"FIELD_KEY": "x"}, ["accounts.E001"]),
        ({"FIELD_KEY": "x" * 60}, ["accounts.E001"]),
        ({"FIELD_KEY": f"sample-{STRONG[1]}"}, ["accounts.E001"]),
        ({"FIELD_KEY": STRONG[0]}, ["accounts.E002"]),
        ({"FIELD_KEY_FALLBACKS": [STRONG[0]]}, ["accounts.E002"]),
        ({"SECRET_KEY_FALLBACKS": [STRONG[2]], "FIELD_KEY_FALLBACKS": ["y"]}, []),
    ],
    ids=lambda given: "+".join(given) if isinstance(given, dict) else "",
)
def test_what_would_hurt_is_refused(
    settings: Settings, change: dict[str, object], faults: list[str]
) -> None:
    assert refused(settings, **change) == faults


def test_a_key_made_as_the_guide_says_is_strong() -> None:
    assert {weakness(secrets.token_urlsafe(64)) for _n in range(1000)} == {""}


def test_a_complete_production_is_taken_and_a_bare_one_is_not() -> None:
    complete: Given = {
        **PRODUCTION,
        "SECRET_KEY": STRONG[0],
        "FIELD_KEY": STRONG[1],
        "S3_BUCKET": "b",
        "BACKUPS": "s3://b/x",
        "SMTP_HOST": "smtp.example",
        "CLAMD_ADDRESS": "/run/clamd.sock",
    }
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert start(*check, **complete).returncode == 0
    bare = start(*check, **PRODUCTION)
    assert bare.returncode == 1
    assert sorted(set(re.findall(rf"\(((?:{'|'.join(OURS)})\.E\d+)\)", bare.stderr))) == [
        "accounts.E001",
        "backups.E001",
        "correspondence.E001",
        "documents.E001",
        "documents.E003",
    ]


def test_a_machine_without_the_data_of_our_time_zone_says_so_in_one_sentence() -> None:
    done = start("manage.py", "check", **PRODUCTION, PYTHONTZPATH="")
    assert done.returncode == 1
    assert done.stderr.startswith("This machine has no data of the time zone Asia/Tokyo")
    assert done.stderr.count("\n") == 1


# -- the database ---------------------------------------------------------------------------------
def of_the_database() -> list[str]:
    """Through Django's own door, as `check --deploy --database default` asks."""
    found = run_checks(
        tags=[Tags.database], include_deployment_checks=True, databases=[connection.alias]
    )
    return [str(fault.id) for fault in found if str(fault.id).startswith(OURS)]


def test_the_owner_of_the_tables_is_refused(db: None) -> None:
    assert of_the_database() == ["audit.E001"]


def test_the_restricted_role_is_taken(restricted: World) -> None:
    assert of_the_database() == []


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "UTC"])
def test_a_database_with_another_zone_is_refused(
    db: None, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setattr(of_database, "ZONE", zone)
    assert [fault.id for fault in of_database.clocks_agree(["default"])] == ["audit.E002"]


@pytest.mark.parametrize(("seconds", "faults"), [(-300, 1), (-30, 0), (30, 0), (300, 1)])
def test_clocks_that_are_apart_are_refused(db: None, seconds: int, faults: int) -> None:
    with clock.at(clock.now() + timedelta(seconds=seconds)):
        found = [fault.id for fault in of_database.clocks_agree(["default"])]
    assert found == ["audit.E003"] * faults


# -- threads --------------------------------------------------------------------------------------
def commands() -> Iterator[str]:
    """Every way in which we start gunicorn ourselves."""
    yield from re.findall(r"^web: (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    yield " ".join(run.processes(8000)["web"])


def test_a_thread_is_left_when_the_storage_hangs(settings: Settings) -> None:
    threads = [int(re.findall(r"--threads (\d+)", command)[0]) for command in commands()]
    assert len(threads) == 2
    for number in threads:
        serving.demand_free_thread(number)
    settings.STORAGE_AT_ONCE = 3
    with pytest.raises(ImproperlyConfigured, match="not below gunicorn's --threads 3"):
        serving.demand_free_thread(3)


def test_a_production_without_a_free_thread_does_not_start() -> None:
    gunicorn = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", "127.0.0.1:0"]
    environment = {"PATH": os.environ["PATH"], **PRODUCTION}
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        subprocess.run(
            [*gunicorn, "--threads", "2"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            check=True,
            text=True,
            timeout=60,
        )
    lines = refusal.value.stderr.splitlines()
    bare = [line for line in lines if not line.startswith("{")]  # gunicorn prints it besides
    assert [line.partition(":")[0] for line in bare] == [
        "STORAGE_AT_ONCE=2 is not below gunicorn's --threads 2"
    ]
    written = [json.loads(line) for line in lines if line not in bare]
    assert {line["logger"] for line in written} == {"gunicorn.error"}
    assert any(bare[0] in line.get("error", "") for line in written)
