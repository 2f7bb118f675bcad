"""Health: whether visitors may be sent here, and what of the whole is not as it should be."""

import math
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from portal import clock
from portal.correspondence.models import Mail
from portal.events import Event
from portal.health import asking, certificate, own
from portal.health.jobs import look_at_certificate
from portal.health.models import Certificate
from portal.health.ports import Metric, Probe, probes
from tests import tls
from tests.lines import Lines, only

if TYPE_CHECKING:
    from moto import server as moto_server

AFAR = "203.0.113.9"  # whoever asks from there reads words alone
SOON = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    asking.forget()
    yield
    asking.forget()


@pytest.fixture
def alive(db: None) -> None:
    """A worker that lives."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def words(path: str = "/health/whole") -> dict[str, str]:
    asking.forget()
    found: dict[str, str] = Client().get(path, REMOTE_ADDR=AFAR).json()["probes"]
    return found


def red(path: str = "/health/whole") -> dict[str, str]:
    return {name: word for name, word in words(path).items() if word != "ok"}


# -- what is said, and to whom --------------------------------------------------------------------
def test_all_is_well(alive: None, client: Client) -> None:
    page = client.get("/health/whole", REMOTE_ADDR=AFAR)
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    assert page.json() == {"status": "ok", "probes": dict.fromkeys(probes, "ok")}
    wanted = {"database", "storage", "queues", "workers", "mails", "clock", "certificate", "disk"}
    assert wanted <= set(probes)


def test_visitors_are_sent_where_they_can_be_served_whatever_else_is_wrong(db: None) -> None:
    assert words("/health/ready") == {"database": "ok", "migrations": "ok", "disk": "ok"}
    assert red() == {"workers": "none"}


def test_one_red_probe_is_a_503_with_a_line(db: None, client: Client, lines: Lines) -> None:
    page = client.get("/health/whole")
    assert (page.status_code, page.json()["status"]) == (503, "red")
    assert only(lines, Event.HEALTH_RED)["route"] == "health/whole"


@pytest.mark.parametrize("path", ["/health/ready", "/health/whole"])
def test_figures_are_for_whoever_runs_the_portal(
    db: None, client: Client, settings: Settings, path: str
) -> None:
    settings.METRICS_TOKEN = "t" * 40
    token = {"Authorization": f"Bearer {settings.METRICS_TOKEN}"}
    here = client.get(path).json()["probes"]["disk"]
    afar = client.get(path, REMOTE_ADDR=AFAR, headers=token).json()["probes"]["disk"]
    assert here["figures"] == afar["figures"]
    assert here["figures"]['portal_disk_free_bytes{place="data"}'] > 0
    assert (here["word"], here["age_seconds"] < 60) == ("ok", True)
    others = [{}, {"Authorization": "Bearer "}, {"Authorization": token["Authorization"][:-1]}]
    for headers in others:
        told = client.get(path, REMOTE_ADDR=AFAR, headers=headers).json()["probes"]
        assert told["disk"] == "ok"


def test_without_a_token_nobody_shows_it(db: None, client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    told = client.get("/health/ready", REMOTE_ADDR=AFAR, headers={"Authorization": "Bearer "})
    assert told.json()["probes"]["disk"] == "ok"


def test_who_comes_through_the_proxy_is_not_on_the_machine(
    db: None, client: Client, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    told = client.get("/health/ready", headers={"X-Forwarded-For": f"127.0.0.1, {AFAR}"})
    assert told.json()["probes"]["disk"] == "ok"


# -- a bound and its word -------------------------------------------------------------------------
BOUNDS = [
    (probe, name, metric)
    for probe in probes.values()
    for name, metric in probe.metrics.items()
    if (metric.above, metric.below) != (math.inf, -math.inf)
]


@pytest.mark.parametrize(("probe", "name", "metric"), BOUNDS, ids=[row[1] for row in BOUNDS])
def test_a_figure_beyond_its_bound_is_red_and_one_on_it_is_not(
    probe: Probe, name: str, metric: Metric
) -> None:
    bound = metric.above if metric.above < math.inf else metric.below
    beyond = bound + 1 if metric.above < math.inf else bound - 1
    assert metric.word
    assert asking.judged(probe, {(name, ""): bound}) == "ok"
    assert asking.judged(probe, {(name, ""): beyond}) == metric.word


def test_a_probe_that_has_a_fault_hides_no_other(
    alive: None, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    def faulty() -> dict[tuple[str, str], float]:
        raise ZeroDivisionError

    asks(monkeypatch, "clock", faulty)
    assert red() == {"clock": "unknown"}
    assert only(lines, Event.PROBE_FAILED)["probe"] == "clock"


# -- each is turned red by a real part ------------------------------------------------------------
def asks(
    monkeypatch: pytest.MonkeyPatch, name: str, ask: Callable[[], dict[tuple[str, str], float]]
) -> None:
    monkeypatch.setitem(probes._entries, name, replace(probes[name], ask=ask))


def test_a_migration_that_the_database_has_not_had(alive: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'portal_health'")
    assert red("/health/ready") == red() == {"migrations": "pending"}


def test_a_disk_that_is_full(alive: None, monkeypatch: pytest.MonkeyPatch) -> None:
    probe = probes["disk"]
    nearly = {own.FREE: replace(probe.metrics[own.FREE], below=2.0**70)}
    monkeypatch.setitem(probes._entries, "disk", replace(probe, metrics=nearly))
    assert red("/health/ready") == red() == {"disk": "full"}


def test_a_folder_that_is_still_to_be_made_lies_on_a_disk(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "not" / "yet"
    assert asking.answer("disk").word == "ok"


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_clock_that_is_wrong(alive: None, seconds: int) -> None:
    with clock.at(clock.now() + timedelta(seconds=seconds)):
        assert red() == {"clock": "apart"}


@pytest.mark.parametrize("queue", ["default", "files"])
def test_a_queue_with_an_old_job(alive: None, queue: str) -> None:
    job = waiting(queue, minutes=14)
    waiting("a queue of nobody", minutes=600)
    assert red() == {}
    older(job, minutes=16)
    assert red() == {"queues": "late"}
    with connection.cursor() as cursor:  # tried again a moment ago, or to be begun later
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type) VALUES (%s, 'deferred_for_retry')",
            [job],
        )
    assert red() == {}
    older(job, minutes=16)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'")
    assert red() == {}


def waiting(queue: str, *, minutes: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES (%s, 'x') RETURNING id",
            [queue],
        )
        job = int(cursor.fetchone()[0])
    older(job, minutes=minutes)
    return job


def older(job: int, *, minutes: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(mins => %s) WHERE job_id = %s",
            [minutes, job],
        )


def test_a_worker_that_died(alive: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"
        )
    assert red() == {"workers": "none"}


@pytest.mark.parametrize("state", ["queued", "failed"])
def test_mails_that_nobody_takes(alive: None, state: str) -> None:
    hour = timedelta(hours=1)
    for _n in range(3):
        Mail.objects.create(
            subject="件名", body="", state=state, queued_at=clock.now() - hour + SOON
        )
    Mail.objects.create(subject="件名", body="", state="sent", queued_at=clock.now() - 9 * hour)
    assert red() == {}
    Mail.objects.update(queued_at=clock.now() - hour - SOON)
    assert red() == {"mails": "late"}


def test_a_storage_that_is_away(alive: None, s3: "moto_server.ThreadedMotoServer") -> None:
    assert red() == {}
    s3.stop()
    assert red() == {"storage": "away"}
    assert red("/health/ready") == {}


def test_a_folder_of_files_that_cannot_be_read(alive: None, tmp_path: Path) -> None:
    assert red() == {}
    (tmp_path / "documents").write_text("no folder")
    assert red() == {"storage": "away"}


@pytest.fixture
def seen_by_browsers(
    db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """SITE_URL is a machine with a certificate for another day; the file of who is believed."""
    pem = tls.certificate(tmp_path, "localhost")
    with tls.speaking(pem, lambda _link: None) as (port, _told):
        settings.SITE_URL, settings.HTTPS = f"https://localhost:{port}", True
        yield pem


def test_the_certificate_is_looked_at_by_the_job_and_not_by_who_asks(
    seen_by_browsers: Path,
    alive: None,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    assert asking.answer("certificate").word == "ending unseen"  # nobody looked yet
    monkeypatch.setenv("SSL_CERT_FILE", str(seen_by_browsers))
    look_at_certificate(0)
    kept = Certificate.objects.get()
    assert timedelta(hours=23) < kept.ends_at - clock.now() < timedelta(hours=25)
    asking.forget()
    with django_assert_num_queries(1):
        assert asking.answer("certificate").word == "ending"
    Certificate.objects.update(ends_at=clock.now() + timedelta(days=3, hours=1))
    asking.forget()
    assert asking.answer("certificate").word == "ok"
    Certificate.objects.update(seen_at=clock.now() - timedelta(days=3, hours=1))
    asking.forget()
    assert asking.answer("certificate").word == "unseen"


def test_a_certificate_that_no_browser_believes_counts_as_unseen(seen_by_browsers: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        look_at_certificate(0)
    assert not Certificate.objects.exists()


def test_a_demonstration_in_the_clear_has_no_certificate(db: None) -> None:
    certificate.look()
    assert asking.answer("certificate").word == "ok"


# -- what it costs --------------------------------------------------------------------------------
def test_who_asks_often_costs_no_more(
    alive: None, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(
        len(list(probes)) + 1
    ):  # the recorder looks for its table first
        client.get("/health/whole")
    with django_assert_max_num_queries(0):
        client.get("/health/whole")
        client.get("/health/ready")


def test_a_part_that_hangs_takes_one_thread_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, is_in = threading.Event(), threading.Event()

    def hangs() -> dict[tuple[str, str], float]:
        is_in.set()
        go_on.wait(30)
        return {}

    assert asking.answer("disk").word == "ok"
    asks(monkeypatch, "disk", hangs)
    monkeypatch.setitem(probes._entries, "disk", replace(probes["disk"], kept=0))
    first = threading.Thread(target=asking.answer, args=["disk"])
    first.start()
    assert is_in.wait(30)
    assert asking.answer("disk").word == "ok"  # as it was found last
    asking._kept["disk"].answer = None
    assert asking.answer("disk").word == "unknown"
    go_on.set()
    first.join(30)
    assert asking._kept["disk"].answer is not None


def test_the_page_of_operators_lists_every_word() -> None:
    page = Path(__file__).resolve().parents[2].joinpath("docs/operations.md").read_text("utf-8")
    told = {tuple(row.split("`")[1:4:2]) for row in page.splitlines() if row.count("`") >= 4}
    wanted = {
        (name, metric.word)
        for name, probe in probes.items()
        for metric in probe.metrics.values()
        if metric.word
    }
    assert wanted <= told
