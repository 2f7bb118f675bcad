"""What no person sends gets an answer all the same: 400 or 404 in the portal's look or the form again, never 500, nothing of it in the log."""

import logging
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from portal import jptext
from portal.accounts.models import User
from portal.logs import JsonFormatter
from portal.workflow.door import perform
from portal.workflow.drafts import counted
from tests.architecture.test_house import FLOORS, routes
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.journeys.forms import read
from tests.journeys.sending import meant, post
from tools.demonstration.rooms import challenges

HUGE = "9" * 5000
ODD = (
    HUGE,
    "-1",
    "0",
    "1e400",
    "²",
    "٣",
    "٠",
    "NaN",
    "\ud800",
    "%",
    "'",
    "a" * 3000,
    "9999-99-99",
    "２０２７",
    "",
    "[]",
    "2026-13-45",
)
NAMES = (
    "page",
    "per_page",
    "year",
    "fiscal_year",
    "month",
    "q",
    "tab",
    "state",
    "call",
    "frame",
    "programme",
    "municipality",
    "kind",
    "signal",
    "act",
    "case",
    "area",
    "ward",
    "next",
    "sort",
    "keyword",
    "order",
    "acceptance",
    "target_area_search",
)
ANSWERS = {200, 301, 302, 304, 400, 403, 404, 405, 409, 410, 413, 422, 429}


def is_answer(path: str, status: int) -> bool:
    """Of the health of all parts 503 is an answer, too: no worker runs beside the tests."""
    return status in ANSWERS or (path.strip("/"), status) == ("health/whole", 503)


class Kept(logging.Handler):
    """The lines of the log as they would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[Kept]:
    kept = Kept()
    logging.getLogger().addHandler(kept)
    yield kept
    logging.getLogger().removeHandler(kept)


def visitor(person: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def addresses() -> list[str]:
    """Every route of ours, each parameter filled with a marker."""
    found = []
    for route, entry in routes():
        if entry.callback.__module__.split(".")[0] in FLOORS:
            found.append(route)
    return found


def filled(route: str, value: str) -> str:
    parts = []
    for piece in route.split("<"):
        head, bracket, tail = piece.partition(">")
        parts.append(f"{value}{tail}" if bracket else head)
    return "/" + "".join(parts)


def test_every_address_answers_whatever_stands_in_it(
    world: World, settings: Settings, log: Kept
) -> None:
    settings.API_PER_MINUTE = 100_000
    client = visitor(world.officer)
    wrong = []
    for route in addresses():
        for value in ("a%00b", "9" * 30, "%ED%A0%80", "x" * 500) if "<" in route else ():
            status = client.get(filled(route, value)).status_code
            if status not in ANSWERS:
                wrong.append((route, value[:12], status))
    assert wrong == []


@pytest.mark.parametrize("who", ["officer", "nobody"])
def test_every_page_answers_whatever_is_asked_behind_it(
    world: World, settings: Settings, log: Kept, who: str
) -> None:
    settings.API_PER_MINUTE = 100_000
    client = visitor(world.officer if who == "officer" else None)
    wrong = []
    for path in [f"/{route}" for route in addresses() if "<" not in route]:
        for turn in range(0, len(ODD), 4):
            query = {name: _sent(ODD[(n + turn) % len(ODD)]) for n, name in enumerate(NAMES)}
            status = client.get(path, query).status_code
            if not is_answer(path, status):
                wrong.append((path, turn, status))
    assert wrong == []
    assert not any(HUGE[:50] in line or "a" * 40 in line for line in log.lines)


def _sent(value: str) -> bytes:
    """As it is sent: a lone surrogate is three bytes that are no text."""
    return value.encode("utf-8", "surrogatepass")


def posted(client: Client, path: str, form: dict[str, str]) -> int:
    """The status of the answer. Encoded here: the client would send each byte as a field of its
    own, more than is read at once, and no form would see any of it.
    """
    body = urlencode({name: _sent(value) for name, value in form.items()})
    kind = "application/x-www-form-urlencoded"
    return client.post(path, body, content_type=kind).status_code


def posts(world: World) -> list[tuple[User | None, str]]:
    """(person, address) of forms of each kind: drafts, rows, days, money, hidden numbers."""
    draft, person = world.draft()
    application, _firm = world.submitted()
    number, case = draft.case.number, application.case.number
    challenge = challenges.published(
        challenges.round_of(world.staff), world.staff, "owner", challenges.SNOW
    )
    programme = world.calls["telework"].programme_id
    return [
        *[
            (person, f"/apply/{number}/{key}/")
            for key in (
                "organisation",
                "contact",
                "eligibility",
                "plan",
                "costs",
                "officers",
                "review",
            )
        ],
        (person, f"/apply/{number}/costs/autosave/"),
        (person, f"/organisations/{draft.case.organisation_id}/"),
        (person, "/organisations/new/"),
        (person, f"/organisations/{draft.case.organisation_id}/account/"),
        (person, "/consult/new/"),
        (person, f"/cases/{case}/messages/"),
        (world.officer, f"/cases/{case}/defects/"),
        (world.officer, f"/cases/{case}/checks/tax/"),
        (world.officer, f"/staff/programmes/{programme}/calls/new/"),
        (world.officer, "/cases/bulk/"),
        (world.officer, "/inbox/views/"),
        (world.officer, "/staff/paper/"),
        (world.officer, "/approvals/new/"),
        (world.staff["owner"], "/staff/challenges/new/"),
        (world.staff["owner"], f"/staff/challenges/{challenge.number}/edit/"),
        (world.staff["administrator"], "/staff/new/"),
        (None, f"/programmes/{world.calls['telework'].code}/check/"),
        (None, "/verify/"),
        (None, "/accounts/login/"),
        (None, "/accounts/signup/"),
        (None, "/demo/"),
    ]


FIELDS = (
    "name",
    "title",
    "text",
    "body",
    "number",
    "corporate_number",
    "postal_code",
    "capital",
    "employees",
    "established_on_y",
    "established_on_m",
    "established_on_d",
    "opens_on_y",
    "opens_on_m",
    "opens_on_d",
    "fiscal_year",
    "round_no",
    "version",
    "stroke",
    "seen",
    "key",
    "pick",
    "do",
    "next",
    "person",
    "step",
    "email",
    "login",
    "phone",
    "kana",
    "add",
    "del",
    "item-TOTAL_FORMS",
    "item-INITIAL_FORMS",
    "item-0-amount",
    "item-0-what",
    "item-0-order_on_y",
    "p-TOTAL_FORMS",
    "p-INITIAL_FORMS",
    "work-TOTAL_FORMS",
    "work-INITIAL_FORMS",
    "kpi-TOTAL_FORMS",
    "kpi-INITIAL_FORMS",
    "part",
    "cite",
    "result",
    "page",
    "query",
    "code",
    "area",
    "industry",
)


def test_every_form_answers_whatever_is_sent(world: World, log: Kept) -> None:
    wrong = []
    for person, path in posts(world):
        client = visitor(person)
        for turn in (0, 3, 6):
            sent = {name: ODD[(n + turn) % len(ODD)] for n, name in enumerate(FIELDS)}
            rows = {
                name: ("abc", HUGE, "²")[turn // 3] for name in FIELDS if name.endswith("_FORMS")
            }
            status = posted(client, path, sent | rows)
            if not is_answer(path, status):
                wrong.append((path, turn, status))
    assert wrong == []
    assert not any(HUGE[:50] in line or "a" * 40 in line for line in log.lines)


def test_a_page_without_its_hidden_fields_says_to_open_it_anew(world: World) -> None:
    """They have no place of their own at which a fault could stand."""
    draft = world.approval("award", [world.accepted()[0]])
    back = perform(draft, "send_back", by=world.director, reason="x")
    page = visitor(world.officer).post(f"/approvals/{back.pk}/edit/", {"seen": "", "key": ""})
    text = page.content.decode()
    assert (page.status_code, "ページを開き直してから" in text) == (422, True)
    assert "Seen" not in text


@pytest.mark.parametrize("lost", ["item-TOTAL_FORMS", "item-INITIAL_FORMS"])
def test_rows_whose_number_is_lost_are_counted_anew(world: World, lost: str) -> None:
    award, person = awarded(world)
    path, client = f"/cases/{award.case.number}/change/", visitor(person)
    (form,) = (
        form
        for form in read(path, client.get(path).content.decode())
        if "item-TOTAL_FORMS" in form.fields
    )
    page = post(client, path, meant(form) | {lost: [""]})
    assert page.status_code == 302 or "error-summary" in page.getvalue().decode()


@pytest.mark.parametrize(
    "kind",
    [
        "text/html; charset=utf-7",
        "application/x-www-form-urlencoded; charset=rot13",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/json",
    ],
)
def test_what_is_sent_in_another_wrapping_is_refused(world: World, kind: str) -> None:
    answer = visitor(None).generic("POST", "/verify/", b"code=\xff\xfe\x00", content_type=kind)
    assert answer.status_code in ANSWERS


@pytest.mark.parametrize("path", ["/cases/a%00b/", "/?q=a%00b", "/programmes/?q=%00"])
def test_a_nul_sign_in_an_address_is_answered_in_the_look(world: World, path: str) -> None:
    answer = visitor(world.officer).get(path)
    assert answer.status_code in (400, 404)
    assert "site-header" in answer.content.decode()


def test_a_nul_sign_in_a_form_is_answered_in_the_look(world: World) -> None:
    answer = visitor(None).post("/verify/", {"code": "a\x00b"})
    assert (answer.status_code, "site-header" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\t/evil.example/",
        "cases",
    ],
)
def test_a_form_leads_back_to_pages_of_ours_alone(world: World, there: str) -> None:
    client = visitor(world.officer)
    assert client.post("/cases/bulk/", {"next": there}).headers["Location"] == "/inbox/"
    assert client.post("/cases/bulk/", {"next": "/cases/?q=a"}).headers["Location"] == "/cases/?q=a"


def test_of_a_value_sent_twice_the_last_counts_and_the_address_is_no_part_of_a_form(
    world: World,
) -> None:
    """So nobody reads one value where another looked at the other."""
    application, person = world.draft(complete=False)
    firm = application.case.organisation
    there = "email=address@firms.example&role=representative"
    sent = "email=first@firms.example&email=last@firms.example&role=member"
    visitor(person).post(
        f"/organisations/{firm.pk}/invite/?{there}",
        sent,
        content_type="application/x-www-form-urlencoded",
    )
    assert list(firm.invitations.values_list("email", "role")) == [("last@firms.example", "member")]
    visitor(person).post(f"/organisations/{firm.pk}/invite/?{there}")
    assert firm.invitations.count() == 1


@pytest.mark.parametrize("what", ["files", "fields", "text"])
def test_more_than_is_read_at_once_is_answered_with_what_to_do(world: World, what: str) -> None:
    """With the portal's frame, and a sentence that says how much goes at once."""
    path = reverse("account_login")
    if what == "files":
        some = {f"file{n}": SimpleUploadedFile(f"{n}.txt", b"x") for n in range(120)}
        answer, said = visitor(None).post(path, some), "ファイルは100個まで"
    elif what == "fields":
        answer, said = visitor(None).post(path, {f"x{n}": "x" for n in range(3001)}), "3000個まで"
    else:
        answer, said = visitor(None).post(path, {"x": "x" * 6 * 1024**2}), "5MBまで"
    page = answer.content.decode()
    assert (answer.status_code, said in page, "site-header" in page) == (413, True, True)
    assert "どれも届いていません" in page


def test_a_request_that_names_anothers_port_is_refused(world: World, settings: Settings) -> None:
    settings.HOST_PORTS = {"", "443"}
    answers = [
        visitor(None).get("/programmes/", headers={"host": f"testserver{port}"}).status_code
        for port in ("", ":443", ":666")
    ]
    assert answers == [200, 200, 400]
    assert visitor(None).get("/health/live", headers={"host": "testserver:8000"}).status_code == 200


@given(
    st.dictionaries(st.text(max_size=8), st.text(max_size=8)),
    st.text(max_size=12),
    st.integers(0, 3),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_number_of_rows_that_makes_no_sense_is_counted_anew(
    other: dict[str, str], said: str, rows: int
) -> None:
    typed = other | {"item-TOTAL_FORMS": said} | {f"item-{n}-what": "x" for n in range(rows)}
    found = int(counted(typed)["item-TOTAL_FORMS"])
    assert 0 <= found <= 100
    assert found == jptext.whole(said, rows) or not (
        said.isascii() and said.isdecimal() and int(said) <= 100
    )


def test_days_of_a_calendar_that_ends_are_answered(world: World) -> None:
    """A year typed far away fails in a form, not in a page."""
    client = visitor(world.officer)
    for year, month in (("99999", "1"), ("2026", "13"), ("0", "0")):
        assert client.get(f"/cases/PI8-001/ledger/months/{year}/{month}/").status_code == 404
