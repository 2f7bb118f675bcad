"""What Prometheus reads: to whom it is told, what is in it, what it costs; and that the alarms ask for what there is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from pytest_django import DjangoAssertNumQueries, Settings

from portal import counting, events
from portal.events import Event
from portal.health import metrics
from portal.health.ports import probes
from portal.types import Given
from tests import served
from tests.architecture.test_house import routes
from tests.conftest import World

TOKEN = "t0k3n-of-a-test-" * 3
ROOT = Path(__file__).resolve().parents[2]
ALERTS = ROOT / "deploy/alerts.yml"
GUIDE = ROOT / "docs/operations.md"


@pytest.fixture(autouse=True)
def _anew(settings: Settings) -> Iterator[None]:
    settings.METRICS_TOKEN = TOKEN
    metrics.forget()
    yield
    metrics.forget()


def samples(text: str) -> list[Sample]:
    return [row for family in text_string_to_metric_families(text) for row in family.samples]


def asked(client: Client) -> list[Sample]:
    metrics.forget()
    page = client.get("/health/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert page.status_code == 200
    assert page["Content-Type"].startswith("text/plain; version=")
    return samples(page.content.decode())


def figure(found: list[Sample], name: str, **labels: str) -> float:
    rows = [row.value for row in found if row.name == name and row.labels.items() >= labels.items()]
    return sum(rows)


# -- to whom --------------------------------------------------------------------------------------
@pytest.mark.parametrize("said", [None, "", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}"])
def test_whoever_shows_no_token_finds_nothing(db: None, client: Client, said: str | None) -> None:
    headers = {} if said is None else {"Authorization": said}
    assert client.get("/health/metrics", headers=headers).status_code == 404


def test_where_no_token_is_set_nobody_has_it(db: None, client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    for said in ("Bearer ", "Bearer"):
        assert client.get("/health/metrics", headers={"Authorization": said}).status_code == 404


# -- what is in it --------------------------------------------------------------------------------
def test_every_figure_of_every_probe_is_told(db: None, client: Client) -> None:
    found = asked(client)
    told = {row.name for row in found}
    assert {name for probe in probes.values() for name in probe.metrics} <= told
    assert figure(found, "portal_probe_red", probe="workers") == 1
    assert figure(found, "portal_probe_red", probe="database") == 0
    assert figure(found, "portal_workers_alive") == 0
    queues = {row.labels["queue"] for row in found if row.name == "portal_queue_jobs"}
    assert queues == {"default", "files"}


def test_a_request_is_counted_by_the_name_of_its_address(db: None, client: Client) -> None:
    of = {"route": "call_list", "method": "GET", "status": "2xx"}
    before = asked(client)
    for path in ("/programmes/", "/en/programmes/?q=x"):
        assert client.get(path).status_code == 200
    after = asked(client)
    assert figure(after, "portal_requests_total", **of) == 2 + figure(
        before, "portal_requests_total", **of
    )
    for name in ("portal_request_seconds_count", "portal_request_waited_seconds_count"):
        assert figure(after, name) > figure(before, name)


def test_an_event_is_counted_whatever_the_log_is_told_to_leave_out(
    db: None, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", logger=events.__name__)
    failing = {"event": Event.SIGN_IN_FAILED.title}
    before = asked(client)
    assert {row.labels["event"] for row in before if row.name == "portal_events_total"} == {
        event.title for event in Event
    }
    client.post("/accounts/login/", {"login": "nobody@firms.example", "password": "wrong-word-12"})
    with events.unsaid():
        events.log(Event.SIGN_IN_FAILED)
    assert figure(asked(client), "portal_events_total", **failing) == 1 + figure(
        before, "portal_events_total", **failing
    )


def test_labels_hold_words_of_ours_and_nothing_that_anybody_sent(
    world: World, client: Client
) -> None:
    application, person = world.submitted()
    client.force_login(person)
    client.raise_request_exception = False
    for path in (
        f"/cases/{application.case.number}/",
        f"/cases/{application.case.number}x/",
        "/no/such/page/090-1234-5678",
        f"/verify/?code={person.email}",
        "/static/x.css",
    ):
        for method in ("GET", "POST", "PROPFIND", "札幌"):
            client.generic(method, path)
    names = {str(entry.name) for _path, entry in routes()}
    found = asked(client)
    counted = [row for row in found if row.name.startswith("portal_request")]
    allowed = {
        "route": names | {counting.NO_ROUTE},
        "method": {*counting.METHODS, counting.OTHER},
        "status": {f"{n}xx" for n in range(1, 6)},
        "le": {row.labels["le"] for row in counted if "le" in row.labels},
    }
    assert {name for row in counted for name in row.labels} == set(allowed)
    for row in counted:
        assert all(value in allowed[name] for name, value in row.labels.items()), row
    told = repr([row.labels for row in found])
    assert not any(secret in told for secret in (application.case.number, person.email, "090-"))
    assert len(found) < len(names) * 60


# -- what it costs --------------------------------------------------------------------------------
def test_it_costs_a_question_for_each_probe_and_none_for_who_asks_again(
    world: World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _n in range(3):
        world.draft()
    asked(client)
    metrics.forget()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with django_assert_max_num_queries(len(list(probes)) + 1):  # the recorder looks for its table
        first = client.get("/health/metrics", headers=headers).content
    with django_assert_max_num_queries(0):
        assert client.get("/health/metrics", headers=headers).content == first


def test_the_processes_of_a_gunicorn_count_together(committed_world: World, tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    of = {"route": "notice_verify", "method": "GET", "status": "2xx"}
    with served.running(tmp_path, workers=2, METRICS_TOKEN=TOKEN) as base:
        for _n in range(20):  # a new connection each: both processes take some
            assert requests.get(f"{base}/verify/", timeout=30).ok
        found = samples(requests.get(f"{base}/health/metrics", headers=headers, timeout=30).text)
        assert requests.get(f"{base}/health/metrics", timeout=30).status_code == 404
    assert figure(found, "portal_requests_total", **of) == 20
    assert figure(found, "portal_events_total") >= 0
    assert figure(found, "portal_probe_red", probe="database") == 0


# -- the alarms -----------------------------------------------------------------------------------
RULES = [
    rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]
]


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alarm_asks_for_what_is_told_and_says_what_to_do(
    db: None, client: Client, rule: Given
) -> None:
    client.get("/verify/")
    found = asked(client)
    names = {row.name for row in found} | {"up"}
    wanted = set(re.findall(r"\b(?:portal_\w+|up)\b(?!\")", rule["expr"]))
    assert wanted
    assert wanted <= names
    for label, operator, values in re.findall(r'(\w+)(=~?|!~)"([^"]+)"', rule["expr"]):
        told = {row.labels[label] for row in found if label in row.labels} | {"portal", "5xx"}
        for value in values.split("|"):
            assert any(re.fullmatch(value, each) for each in told), (label, operator, value)
    advice = re.search(rf"^### {rule['alert']}\n(.+)", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert advice is not None
    assert len(advice[1]) > 80
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]


def test_the_guide_tells_of_no_alarm_that_there_is_not() -> None:
    told = re.findall(r"^### (\w+)$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert told == [rule["alert"] for rule in RULES]


def test_the_guide_names_the_metrics_that_are_counted(db: None, client: Client) -> None:
    rows = re.findall(r"^\| `(portal_\w+)` \|", GUIDE.read_text("utf-8"), re.MULTILINE)
    client.get("/verify/")
    names = {row.name.removesuffix("_count") for row in asked(client)}
    assert rows
    assert set(rows) <= names
