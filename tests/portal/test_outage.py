"""Database or storage away: a page of ours in both languages, 503 with Retry-After; health never waits for a person's session."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import requests
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.test import Client

from portal.documents import store
from portal.documents.models import Document
from portal.embedded import Cluster
from portal.events import Event
from tests import served
from tests.conftest import World, draw_files
from tests.lines import Lines, of


def test_a_page_without_its_database_is_ours_in_both_languages(
    committed_world: World, tmp_path: Path, client: Client
) -> None:
    client.force_login(committed_world.officer)
    cookies = {"sessionid": client.cookies["sessionid"].value}
    with served.running(tmp_path) as base:
        assert requests.get(f"{base}/inbox/", cookies=cookies, timeout=30).status_code == 200
        with without_database():
            pages = {
                path: requests.get(f"{base}{path}", cookies=cookies, timeout=30)
                for path in ("/inbox/", "/en/inbox/", "/no-such-page/")
            }
            live = requests.get(f"{base}/health/live", cookies=cookies, timeout=5)
            ready = requests.get(f"{base}/health/ready", cookies=cookies, timeout=30)
            whole = requests.get(f"{base}/health/whole", timeout=30).json()["probes"]
        assert requests.get(f"{base}/inbox/", cookies=cookies, timeout=30).status_code == 200
    assert (live.status_code, ready.status_code) == (200, 503)
    told = {name: whole[name]["word"] for name in ("database", "queues", "storage", "disk")}
    assert told == {"database": "away", "queues": "unknown", "storage": "ok", "disk": "ok"}
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 503)
    for page in pages.values():
        assert page.headers["Retry-After"] == "60"
        assert "いま一時的につながりません" in page.text
        assert "temporarily" in page.text
        assert page.headers["X-Request-Id"]


class without_database:
    """Let nobody connect to the test's database inside the block, and cut who is connected."""

    def __enter__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])
        self._allow(False)

    def __exit__(self, *_error: object) -> None:
        self._allow(True)

    def _allow(self, value: bool) -> None:
        connection.close()
        where = {
            key: connection.settings_dict[key.upper()]
            for key in ("user", "password", "host", "port")
        }
        with psycopg.connect(dbname="postgres", autocommit=True, **where) as db:
            db.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS {value}')
            if not value:
                db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [self.name],
                )


def test_a_missing_object_is_a_404_and_a_storage_that_is_away_a_503(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    application, person = world.draft()
    draw_files(application.case)
    document = Document.objects.select_related("file").get(case=application.case)
    client.force_login(person)
    client.raise_request_exception = False
    paths = [f"/documents/{document.pk}/original", f"/documents/{document.pk}/pages/0.png"]

    def away(*_args: object, **_options: object) -> None:
        raise PermissionError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(type(default_storage._wrapped), "_open", away)  # type: ignore[attr-defined]
        gone = [client.get(path) for path in paths]
    assert [(page.status_code, page.headers["Retry-After"]) for page in gone] == [(503, "60")] * 2
    store.delete_objects(store.objects_of(document.file))
    assert [client.get(path).status_code for path in paths] == [404, 404]
    assert [len(of(lines, event)) for event in (Event.STORAGE_AWAY, Event.OBJECT_MISSING)] == [2, 2]


def test_an_error_page_that_cannot_ask_the_database_is_still_a_page(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_request: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("portal.ui.context.menus.values", lambda: broken(None))
    client.raise_request_exception = False
    assert client.get("/no-such-page/").status_code in (404, 503)


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    cluster = Cluster("restarted")
    yield cluster
    cluster.stop()


def test_a_cluster_that_was_stopped_comes_back_on_its_port(own_cluster: Cluster) -> None:
    address = own_cluster.url()
    own_cluster.stop()
    assert own_cluster.url() == address


def test_the_worker_outlives_a_restart_of_the_database(
    db: None, own_cluster: Cluster, tmp_path: Path
) -> None:
    url = own_cluster.url()
    env = served.environment(tmp_path, EMBEDDED_CLUSTER="restarted", SERVED_DATABASE="portal")
    manage = [sys.executable, str(served.ROOT / "manage.py")]
    subprocess.run(
        [*manage, "migrate", "procrastinate", "-v", "0"], env=env, cwd=served.ROOT, check=True
    )
    worker = subprocess.Popen([*manage, "work", "--concurrency", "1"], env=env, cwd=served.ROOT)
    try:
        assert job_is_done(url)
        own_cluster.restart()
        assert job_is_done(url)
        assert worker.poll() is None
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0


def job_is_done(url: str, seconds: int = 90) -> bool:
    """Put a job into the queue and wait until a worker has done (and removed) it."""
    with psycopg.connect(url, autocommit=True) as db:
        sql = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'requeue_stalled', '{\"timestamp\": 1}') RETURNING id"
        row = db.execute(sql).fetchone()
        assert row is not None
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not db.execute("SELECT 1 FROM procrastinate_jobs WHERE id = %s", row).fetchone():
                return True
            time.sleep(0.5)
    return False
