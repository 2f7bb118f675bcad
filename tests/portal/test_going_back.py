"""The drill of going back to a minute: a server whose log goes to S3 by the files of deploy/archive, a
minute in the midst of writing, and all of it in another place. How long it takes is printed
(`pytest -s`), not asked.
"""

import os
import re
import runpy
import shlex
import shutil
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import boto3
import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.signals import storages_changed
from moto import server as moto_server
from pytest_django import Settings

from grants.applications.discarding import discard
from portal import clock, places
from portal.accounts.models import User
from portal.audit.models import Head
from portal.audit.sealing import seal
from portal.backups import facts, going_back
from portal.backups.erasures import note
from portal.backups.manifest import differing
from portal.backups.programs import Unfit
from portal.cases.models import Case
from portal.correspondence.models import Mail
from portal.documents import store
from portal.documents.models import StoredFile
from portal.embedded import Cluster
from portal.types import Given
from tests.conftest import World
from tests.grants.test_recovery import paid
from tests.portal.test_drill import jobs, writing
from tests.restored import done, elsewhere, parts

# what throwing one draft away leaves and takes, jobs included
ERASING = (
    "portal_audit_event",
    "portal_audit_payload",
    "portal_cases_turn",
    "portal_documents_document",
    "portal_documents_storedfile",
    "procrastinate_events",
    "procrastinate_jobs",
)
DEPLOY = places.ROOT / "deploy/archive"
BACKUPS = "s3://backups/portal"
NOON = datetime(2026, 11, 30, 12, tzinfo=clock.JST)
ABSENT = shutil.which("barman-cloud-backup") is None

START = """
import os, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from portal.embedded import Cluster
cluster = Cluster("gone_back")
if os.geteuid() == 0:
    cluster.log.touch()
    for path in (cluster.log, cluster.data, *cluster.data.rglob("*")):
        os.chown(path, 65534, 65534)
(cluster.home / "url").write_text(cluster.url().rpartition("/")[0] + "/" + {database!r})
"""
AFTER = """
cd {root}
DATABASE_URL=$(cat "$(dirname "$0")/url")
export DATABASE_URL
exec {python} manage.py gone_back "$1"
"""


class Archived:
    """A server of its own under deploy/archive/archive.conf, with the settings of archive.env."""

    def __init__(self, endpoint: str) -> None:
        self.cluster, self.other = Cluster("archived"), Cluster("gone_back")
        for cluster in (self.cluster, self.other):
            cluster.stop()
            shutil.rmtree(cluster.home, ignore_errors=True)
        self.url = self.cluster.url()
        self.settings = self.cluster.home / "archive.env"
        self.values = {
            "ARCHIVE": "s3://archive/portal",
            "ARCHIVE_SERVER": "portal",
            "ARCHIVE_ENDPOINT": endpoint,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "ARCHIVE_DAYS": "35",
        }
        self.write()
        conf = (DEPLOY / "archive.conf").read_text("utf-8")
        assert "/etc/portal-archive.env" in conf
        with (self.cluster.data / "postgresql.auto.conf").open("a") as file:
            file.write(conf.replace("/etc/portal-archive.env", str(self.settings)))
        self.cluster.restart()
        with self.asked() as db:
            db.execute("ALTER ROLE portal SET timezone = 'Asia/Tokyo'")

    def write(self, **more: str) -> None:
        self.values |= more
        lines = [f'{name}="{value}"\n' for name, value in self.values.items()]
        self.settings.write_text("".join(lines))

    def asked(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.url, autocommit=True)

    def base_backup(self) -> None:
        """What the unit of the timer does."""
        unit = (DEPLOY / "portal-base-backup.service").read_text("utf-8")
        env = os.environ | self.values
        env |= {f"PG{name}": str(value) for name, value in parts(self.url).items()}
        env |= dict(re.findall(r"^Environment=(\w+)=(.+)$", unit, re.MULTILINE))
        lines = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
        assert len(lines) == 2
        for line in lines:
            words = [string.Template(word).substitute(self.values) for word in shlex.split(line)]
            subprocess.run(words, check=True, env=env)

    def sent(self) -> None:
        """Wait until all that was written lies in the archive."""
        with self.asked() as db:
            (last,) = db.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or ("",)
            for _ in range(300):
                asked = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
                if db.execute(asked, [last]).fetchone() == (True,):
                    return
                time.sleep(0.1)
        raise AssertionError(f"{last} was not archived")

    def go_back(self, moment: str, database: str, settings: Settings) -> tuple[int, str]:
        """As the operator does, into the folder of another server, with this machine's way to start one."""
        home = self.other.home
        home.mkdir(mode=0o755)
        shutil.copy(self.cluster.home / "password", home / "password")
        (home / "start.py").write_text(START.format(root=str(places.ROOT), database=database))
        (home / "after.sh").write_text(AFTER.format(root=places.ROOT, python=sys.executable))
        self.write(
            ARCHIVE_START=f"{sys.executable} {home}/start.py",
            ARCHIVE_AFTER=f"sh {home}/after.sh {{moment}}",
        )
        env = os.environ | {
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_KEY": settings.FIELD_KEY,
            "S3_BUCKET": "second",
            "S3_ENDPOINT_URL": self.values["ARCHIVE_ENDPOINT"],
            "BACKUPS": BACKUPS,
        }
        words = [sys.executable, str(DEPLOY / "go_back.py"), moment, str(self.other.data)]
        ran = subprocess.run(
            [*words, "--settings", str(self.settings)],
            env=env,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return ran.returncode, ran.stdout

    def remove(self) -> None:
        for cluster in (self.cluster, self.other):
            cluster.stop()
            shutil.rmtree(cluster.home, ignore_errors=True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["2026-11-30T10:15", "x"], "with its offset"),
        (["yesterday", "x"], "is no moment"),
        (["2999-01-01T00:00+09:00", "x"], "has not been yet"),
        (["latest", "."], "is not empty"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_done(
    given: list[str], said: str, tmp_path: Path
) -> None:
    settings = tmp_path / "archive.env"
    settings.write_text((DEPLOY / "archive.env").read_text("utf-8"))
    words = [sys.executable, str(DEPLOY / "go_back.py"), *given, "--settings", str(settings)]
    ran = subprocess.run(
        words, cwd=tmp_path, env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, said in ran.stderr) == (1, True), ran.stderr


def test_a_way_back_begins_with_the_last_base_that_had_ended() -> None:
    go_back = runpy.run_path(str(DEPLOY / "go_back.py"))
    ends = {"a": NOON - timedelta(hours=2), "b": NOON - timedelta(hours=1), "c": NOON}
    last_before = go_back["last_before"]
    assert last_before(ends, NOON) == "b"
    assert last_before(ends, NOON + timedelta(seconds=1)) == "c"
    assert last_before(ends, None) == "c"
    with pytest.raises(go_back["Refused"], match=r"ended by then\. There are: a"):
        last_before(ends, NOON - timedelta(hours=2))


def test_a_database_that_did_not_go_back_is_left_alone(db: None) -> None:
    person = User.objects.create(email="a@example.jp")
    Mail.objects.create(to=person, subject="x", body="x", kind="message")
    _code, said = done("gone_back", "latest", "--erasures", "/nowhere")
    assert "read no log of its own" in said
    assert Mail.objects.filter(held_at=None).count() == 1
    for moment in ("2026-11-30T10:15", "yesterday"):
        assert "no moment with its offset" in done("gone_back", moment, "--erasures", "/nowhere")[1]
    assert "Say where" in done("gone_back", "latest")[1]


@pytest.fixture
def archived(s3: moto_server.ThreadedMotoServer, settings: Settings) -> Iterator[Archived]:
    endpoint = settings.S3_DIRECT_ORIGIN
    settings.S3_OPTIONS = settings.S3_OPTIONS | {"endpoint_url": endpoint}
    settings.BACKUPS = BACKUPS
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    for name in ("archive", "backups", "second"):
        client.create_bucket(Bucket=name)
    server = Archived(endpoint)
    yield server
    server.remove()


@pytest.mark.skipif(ABSENT, reason="barman-cli-cloud is absent")
def test_the_portal_goes_back_to_a_minute(
    committed_world: World,
    archived: Archived,
    settings: Settings,
    client: Client,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = committed_world
    began = time.monotonic()
    paid(world)
    seal()
    assert done("backup")[1] == ""
    storage = settings.STORAGES["default"]
    second = storage | {"OPTIONS": storage["OPTIONS"] | {"bucket_name": "second"}}
    with elsewhere(settings, second, **parts(archived.url)):
        assert done("restore", BACKUPS)[1] == ""
        with writing(world, pause=1) as during:
            archived.base_backup()
        assert during, "nobody wrote meanwhile"
        thrown_away, person = world.draft()
        erased = StoredFile.objects.get(documents__case=thrown_away.case)
        client.force_login(person)
        Mail.objects.update(held_at=None)  # those of the restore above
        time.sleep(1)  # a base backup's end is known to the second
        kept, heads, cases = facts.all_of_them(), heads_of(), numbers_of()
        moment = clock.now()
        time.sleep(0.01)
        with writing(world) as after:
            discard(thrown_away, by=person)
            while not after:
                time.sleep(0.05)
        for given in jobs("note_erasure"):
            note(**given)
        database = str(connection.settings_dict["NAME"])
    # by now somebody has dropped the database
    archived.sent()
    archived.cluster.stop()
    prepared = time.monotonic()

    code, told = archived.go_back(moment.isoformat(), database, settings)
    with capsys.disabled():
        print(f"\n{told}{time.monotonic() - prepared:.0f} of {time.monotonic() - began:.0f} s")  # noqa: T201
    assert code == 0, told
    assert f"Back at {moment.isoformat()}" in told
    assert f"1 cases erased again {thrown_away.case.number}" in told
    assert f"{len(after)} objects without a row" in told
    with working_at((archived.other.home / "url").read_text(), settings, second):
        found = facts.all_of_them()
        assert (found.sums, found.seal) == (kept.sums, kept.seal)
        other = {said.partition(":")[0] for said in differing(kept.counts, found.counts)}
        assert other <= {*ERASING}
        assert numbers_of() == cases
        assert set(during) <= set(cases)
        chain = f"case:{thrown_away.case_id}"
        assert [name for name, head in heads_of().items() if heads.get(name) != head] == [chain]
        files = list(StoredFile.objects.all())
        assert len(files) > 1
        assert [file.key for file in files if store.sha256_of(file.key) != file.sha256] == []

        assert erased.key not in {file.key for file in files}
        assert not default_storage.exists(erased.key)
        assert not Session.objects.exists()
        queued = Mail.objects.exclude(state="sent")
        assert queued.exists()
        assert not queued.filter(held_at=None).exists()
        with pytest.raises(Unfit, match="Nothing was changed"):
            going_back.moment_of(moment - timedelta(seconds=30))
        assert going_back.moment_of(None) <= moment


@contextmanager
def working_at(url: str, settings: Settings, storage: Given) -> Iterator[None]:
    stated, storages = dict(connection.settings_dict), settings.STORAGES
    connection.close()
    try:
        connection.settings_dict |= parts(url) | {"NAME": url.rpartition("/")[2]}
        settings.STORAGES = storages | {"default": storage}
        storages_changed(setting="STORAGES")
        yield
    finally:
        connection.close()
        connection.settings_dict.update(stated)
        settings.STORAGES = storages
        storages_changed(setting="STORAGES")


def heads_of() -> dict[str, str]:
    return dict(Head.objects.values_list("chain", "hash"))


def numbers_of() -> list[str]:
    return list(Case.objects.order_by("number").values_list("number", flat=True))
