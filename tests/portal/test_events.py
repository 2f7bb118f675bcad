"""The log: each kind of refusal, fault, retry and act of administration leaves one line with the id of its request, and no
line holds anything of a person or anything typed."""

import asyncio
import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace
from typing import TypeAlias

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.signals import user_login_failed
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, OperationalError
from django.test import Client
from pytest_django import Settings

from grants.applications import submit
from grants.applications.models import Application
from grants.applications.versions import ApplicationVersion
from grants.payments.accounts import BankAccount
from portal import events, logs
from portal.accounts import demo, people, sign_ins
from portal.accounts.models import Organisation, User
from portal.correspondence import post as mails
from portal.correspondence.models import Mail
from portal.documents import scanner
from portal.documents.models import Document
from portal.events import Event
from portal.workflow import jobs
from portal.workflow.door import door, perform, perform_all
from portal.workflow.errors import NotReady, Refused
from tests import served
from tests.conftest import World, check_files
from tests.lines import Lines, of, only
from tests.proofs import mailed_code
from tools.demonstration.simulation import paper

Committed: TypeAlias = "Callable[..., AbstractContextManager[object]]"
HOSTILE = "ロバート'); DROP TABLE--<script>"


# -- requests ------------------------------------------------------------------------------------
def _hidden(world: World, client: Client) -> str:
    application, _person = world.draft()
    client.force_login(world.outsider)
    return f"/cases/{application.case.number}/"


def _denied(world: World, client: Client) -> str:
    client.force_login(world.officer)
    return "/staff/roles/"


def _unreadable(_world: World, _client: Client) -> str:
    return "/programmes/?odd=%00"


@pytest.mark.parametrize(
    ("address", "event", "code"),
    [
        (_hidden, Event.PAGE_HIDDEN, 404),
        (_denied, Event.PERMISSION_DENIED, 403),
        (_unreadable, Event.REQUEST_UNREADABLE, 400),
    ],
)
def test_a_refused_request_leaves_a_line_with_its_id(
    world: World,
    client: Client,
    lines: Lines,
    address: Callable[[World, Client], str],
    event: Event,
    code: int,
) -> None:
    path = address(world, client)
    lines.clear()
    answer = client.get(path)
    line = only(lines, event)
    assert (answer.status_code, line["code"]) == (code, code)
    assert line["request_id"] == answer["X-Request-Id"]
    assert line["level"] == logging.getLevelName(event.level)


def test_an_address_of_nobody_leaves_no_line(db: None, client: Client, lines: Lines) -> None:
    assert client.get("/wp-login.php").status_code == 404
    assert lines == []


def test_a_form_of_another_site_leaves_a_line(db: None, lines: Lines) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": HOSTILE})
    assert only(lines, Event.CSRF_REFUSED)["request_id"] == answer["X-Request-Id"]
    assert len(lines) == 1


def test_a_form_that_comes_back_leaves_a_line(world: World, client: Client, lines: Lines) -> None:
    client.force_login(world.outsider)
    answer = client.post("/organisations/new/", {"name": HOSTILE})
    line = only(lines, Event.FORM_REFUSED)
    assert (answer.status_code, line["user"]) == (422, world.outsider.pk)
    assert line["request_id"] == answer["X-Request-Id"]


def test_an_address_that_asks_too_often_leaves_a_line(
    world: World, client: Client, settings: Settings, lines: Lines
) -> None:
    settings.API_PER_MINUTE = 0
    answer = client.get("/api/v1/programmes")
    assert only(lines, Event.RATE_LIMITED)["request_id"] == answer["X-Request-Id"]


@pytest.mark.parametrize(
    ("fault", "event"),
    [
        (OperationalError("gone"), Event.SERVICE_AWAY),
        (ValueError(HOSTILE), Event.REQUEST_FAILED),
    ],
)
def test_a_fault_leaves_a_line_and_its_trace(
    db: None,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
    fault: Exception,
    event: Event,
) -> None:
    def broken(*_given: object) -> None:
        raise fault

    monkeypatch.setattr("portal.visitor.network", broken)
    client.raise_request_exception = False
    answer = client.get("/api/v1/programmes")
    assert only(lines, event)["request_id"] == answer["X-Request-Id"]
    (trace,) = [line for line in lines if "error" in line]
    assert type(fault).__name__ in str(trace["error"])
    assert trace["request_id"] == answer["X-Request-Id"]
    assert HOSTILE not in json.dumps(lines, ensure_ascii=False)


def test_a_value_that_no_column_holds_leaves_a_line(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    def broken(*_given: object) -> None:
        raise DataError(HOSTILE)

    monkeypatch.setattr("portal.visitor.network", broken)
    answer = client.get("/api/v1/programmes")
    line = only(lines, Event.INPUT_REFUSED)
    assert (answer.status_code, line["code"]) == (400, "DataError")
    assert HOSTILE not in json.dumps(lines, ensure_ascii=False)


def test_a_page_that_is_too_late_leaves_a_line(world: World, client: Client, lines: Lines) -> None:
    application, _person = world.submitted()
    client.force_login(world.officer)
    pressed = {"seen": application.version - 1, "key": "k"}
    answer = client.post(f"/do/application/{application.pk}/accept/", pressed)
    assert answer.status_code == 409
    assert only(lines, Event.PAGE_STALE)["user"] == world.officer.pk


# -- acts ----------------------------------------------------------------------------------------
def test_of_many_rows_each_that_is_refused_leaves_a_line(world: World, lines: Lines) -> None:
    first, second = world.submitted()[0], world.accepted()[0]
    lines.clear()
    with pytest.raises(NotReady), door(world.officer):
        perform_all([(first, {}), (second, {})], "accept", by=world.officer)
    refused = [line for line in lines if line["event"] == Event.TRANSITION_REFUSED.title]
    assert {line["of"]: line["code"] for line in refused} == {
        f"application:{first.pk}": "NotReady",
        f"application:{second.pk}": "WrongState",
    }


def test_a_transition_that_is_refused_leaves_one_line(world: World, lines: Lines) -> None:
    application, _person = world.submitted()
    lines.clear()
    with logs.during("here"), pytest.raises(Refused):
        perform(application, "accept", by=world.outsider)
    line = only(lines, Event.TRANSITION_REFUSED)
    assert (line["request_id"], line["user"]) == ("here", world.outsider.pk)
    assert (line["of"], line["transition"], line["code"]) == (
        f"application:{application.pk}",
        "accept",
        "Forbidden",
    )


def test_what_came_too_late_leaves_a_line(world: World, lines: Lines) -> None:
    application, _person = world.submitted()
    lines.clear()
    with pytest.raises(Refused):
        perform(application, "accept", by=world.officer, seen=application.version - 1)
    assert only(lines, Event.TRANSITION_REFUSED)["code"] == "Stale"


def test_an_act_of_administration_leaves_a_line_once_it_stands(
    world: World, django_capture_on_commit_callbacks: Committed, lines: Lines
) -> None:
    administrator = world.staff["administrator"]
    with logs.during("here"), django_capture_on_commit_callbacks(execute=True):
        people.create_staff(by=administrator, name="n", email="n@city.example", office="o")
    line = only(lines, Event.ACT_RECORDED)
    made = User.objects.get(email="n@city.example")
    assert (line["act"], line["user"], line["of"]) == (
        "person.create",
        administrator.pk,
        f"person:{made.pk}",
    )
    assert line["request_id"] == "here"


def test_data_that_is_taken_out_leaves_a_line(world: World, client: Client, lines: Lines) -> None:
    client.force_login(world.officer)
    answer = client.get("/cases/export.csv")
    line = only(lines, Event.DATA_READ)
    assert (line["code"], line["user"]) == ("case_list.export", world.officer.pk)
    assert line["request_id"] == answer["X-Request-Id"]


# -- who comes in --------------------------------------------------------------------------------
def test_a_wrong_password_leaves_a_line(world: World, client: Client, lines: Lines) -> None:
    typed = {"login": "mikami@demo.example", "password": "correct-horse-battery"}
    answer = client.post("/accounts/login/", typed)
    line = only(lines, Event.SIGN_IN_FAILED)
    assert (line["code"], line["request_id"]) == ("password", answer["X-Request-Id"])


def test_guesses_that_are_slowed_leave_a_line(world: World, client: Client, lines: Lines) -> None:
    typed = {"login": "mikami@demo.example", "password": "correct-horse-battery"}
    for _ in range(6):
        client.post("/accounts/login/", typed)
    assert only(lines, Event.RATE_LIMITED)["code"] == "guesses_here"


def test_what_changes_how_somebody_signs_in_leaves_a_line(
    committed_world: World, client: Client, lines: Lines
) -> None:
    person = committed_world.people["representative"]
    client.post("/accounts/login/", {"login": person.email, "password": demo.PASSWORD})
    mailed_code(client)
    new = {"oldpassword": demo.PASSWORD, "password1": "quite-another-long-one"}
    client.post("/accounts/password/change/", new | {"password2": new["password1"]})
    client.post("/accounts/reauthenticate/", {"password": new["password1"]})
    client.get("/accounts/2fa/totp/activate/")
    moment = next(totp.yield_hotp_counters_from_time())
    code = totp.format_hotp_value(totp.hotp_value(client.session["mfa.totp.secret"], moment))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    client.post("/accounts/2fa/recovery-codes/generate/")
    client.post("/accounts/2fa/totp/deactivate/")
    for event in (
        Event.PASSWORD_CHANGED,
        Event.SECOND_FACTOR_ADDED,
        Event.SECOND_FACTOR_RESET,
        Event.SECOND_FACTOR_REMOVED,
    ):
        assert {line["user"] for line in of(lines, event)} == {person.pk}, event


def test_every_signal_of_the_sign_in_library_has_its_line(world: World, lines: Lines) -> None:
    for signal, event, _code in sign_ins.LINES:
        lines.clear()
        signal.send_robust(sender=User, request=None, user=world.outsider, credentials={})
        assert only(lines, event)["user"] == world.outsider.pk
    assert user_login_failed in [signal for signal, _event, _code in sign_ins.LINES]


# -- files, mail, jobs ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "event", "code"),
    [
        (b"MZ", Event.UPLOAD_REFUSED, "kind"),
        (b"\x89PNG\r\n\x1a\n", Event.UPLOAD_REFUSED, "broken_image"),
        (paper("a"), Event.UPLOAD_INFECTED, "virus"),
    ],
)
def test_a_file_that_is_not_taken_leaves_a_line(
    world: World,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
    data: bytes,
    event: Event,
    code: str,
) -> None:
    if event is Event.UPLOAD_INFECTED:
        monkeypatch.setattr(scanner, "scan", lambda _data: "infected")
    application, person = world.draft(complete=False)
    client.force_login(person)
    lines.clear()
    answer = client.post(
        f"/apply/{application.case.number}/documents/",
        {"key": "quote", "file": SimpleUploadedFile(f"{HOSTILE}.pdf", data)},
    )
    document = Document.objects.filter(case=application.case).first()
    if document is None:  # the first bytes were enough
        assert only(lines, event)["request_id"] == answer["X-Request-Id"]
    else:
        check_files()
    line = only(lines, event)
    assert line["code"] == code
    assert line["user"] == person.pk
    assert line["of"] == (f"document:{document.pk}" if document else f"case:{application.case_id}")


def test_a_mail_that_is_not_taken_leaves_a_line(
    world: World, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    mail = mails.send(subject=HOSTILE, body=HOSTILE, to=world.outsider)
    _no_mail(monkeypatch)
    with logs.during("job-7"), pytest.raises(OSError, match="refused"):
        mails.deliver(mail.pk)
    line = only(lines, Event.MAIL_FAILED)
    assert (line["of"], line["code"], line["attempt"]) == (
        f"mail:{mail.pk}",
        "ConnectionRefusedError",
        1,
    )


@pytest.mark.parametrize(("again", "event"), [(1, Event.JOB_RETRIED), (None, Event.JOB_FAILED)])
def test_a_job_that_fails_leaves_a_line_under_its_number(
    lines: Lines, again: object, event: Event
) -> None:
    async def broken() -> None:
        raise ValueError(HOSTILE)

    task = SimpleNamespace(get_retry_exception=lambda **_given: again)
    context = SimpleNamespace(job=SimpleNamespace(id=12, task_name="send_mail", attempts=2))
    worker = SimpleNamespace(app=SimpleNamespace(tasks={"send_mail": task}))
    with pytest.raises(ValueError, match="DROP"):
        asyncio.run(jobs.noted(broken, context, worker))  # type: ignore[arg-type]
    line = only(lines, event)
    assert (line["request_id"], line["job"], line["attempt"], line["code"]) == (
        "job-12",
        "send_mail",
        3,
        "ValueError",
    )
    assert ("error" in line) is (event is Event.JOB_FAILED)
    assert HOSTILE not in json.dumps(lines, ensure_ascii=False)


def test_the_worker_notes_its_jobs() -> None:
    from procrastinate.contrib.django import app

    assert app.worker_defaults["worker_middleware"] == [jobs.noted]


def test_a_job_that_is_queued_says_by_which_request(world: World, lines: Lines) -> None:
    with logs.during("here"):
        mails.send(subject="s", body="b", to=world.outsider)
    line = only(lines, Event.JOB_QUEUED)
    assert (line["request_id"], line["job"]) == ("here", "send_mail")
    assert line["first"]


def test_a_worker_that_ends_leaves_a_line(tmp_path: Path) -> None:
    program = (
        "import sys; from portal.workflow.management.commands.work import keep_running; "
        "keep_running([sys.executable, '-c', 'raise SystemExit(3)'])"
    )
    code = f"import django; django.setup(); {program}"
    running = subprocess.Popen(
        [sys.executable, "-c", code],
        env=served.environment(tmp_path, LOG_LEVEL="INFO"),
        cwd=served.ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    line = json.loads(running.stderr.readline())
    running.terminate()
    assert running.wait(30) == 0
    assert (line["event"], line["code"]) == (Event.WORKER_RESTARTED.title, 3)


@pytest.mark.parametrize(
    ("arguments", "event"),
    [(["check"], Event.COMMAND_DONE), (["no-such-command"], Event.COMMAND_FAILED)],
)
def test_a_command_leaves_a_line(tmp_path: Path, arguments: list[str], event: Event) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=served.environment(tmp_path, LOG_LEVEL="INFO"),
        cwd=served.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert only(said, event)["command"] == arguments[0]


# -- what is never in it -------------------------------------------------------------------------
def test_a_text_that_is_no_code_is_not_written(lines: Lines) -> None:
    for text in (HOSTILE, "a@b.example", "two words", "山田", "x" * 200):
        events.log(Event.ACT_RECORDED, act=text)
    assert [line["act"] for line in lines] == ["?"] * 5


def test_a_day_of_refusals_and_faults_leaves_nothing_of_anybody(
    world: World,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Committed,
    lines: Lines,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        application, person = _a_day(world, client, monkeypatch)
    said = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    wanted = {Event.ACT_RECORDED, Event.SIGN_IN_FAILED, Event.UPLOAD_REFUSED, Event.MAIL_FAILED}
    wanted |= {Event.FORM_REFUSED, Event.CSRF_REFUSED, Event.PAGE_HIDDEN, Event.JOB_QUEUED}
    assert {event.title for event in wanted} <= {line.get("event") for line in lines}
    assert not [text for text in _of_people(application, person) if text in said]


def _a_day(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> tuple[Application, User]:
    """A firm with a hostile name is refused in every way, hands in, and its mails fail."""
    Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": HOSTILE})
    client.post("/accounts/login/", {"login": "hostile@typed.example", "password": HOSTILE})
    application, person = world.draft()
    Organisation.objects.filter(pk=application.case.organisation_id).update(name=HOSTILE)
    User.objects.filter(pk=person.pk).update(name=HOSTILE)
    application.case.refresh_from_db()
    client.force_login(User.objects.get(pk=person.pk))
    client.post("/organisations/new/", {"name": HOSTILE, "phone": "011-555-0199"})
    client.get("/cases/typed-by-hand-somewhere/")
    client.post(
        f"/apply/{application.case.number}/documents/",
        {"key": "quote", "file": SimpleUploadedFile("山田の給与.exe", b"MZ")},
    )
    application = submit.submit(application, by=person)
    _no_mail(monkeypatch)
    for mail in Mail.objects.all():
        with pytest.raises(OSError, match="refused"):
            mails.deliver(mail.pk)
    return application, person


def _of_people(application: Application, person: User) -> list[str]:
    """Everything of people that the day knew and typed."""
    firm = application.case.organisation
    found = [
        HOSTILE,
        "DROP TABLE",
        "hostile@typed.example",
        "011-555-0199",
        "山田の給与",
        "typed-by-hand",
    ]
    found += [
        person.email,
        firm.name,
        firm.phone,
        firm.representative_name,
        firm.corporate_number or "",
    ]
    found += [text for row in User.objects.values_list("email", "name") for text in row]
    found += list(BankAccount.objects.values_list("number", flat=True))
    found += list(Document.objects.values_list("name", flat=True))
    version = ApplicationVersion.objects.filter(application=application).latest("pk")
    found += [text for text in _texts(version.content) if len(text) > 5 and not text.isascii()]
    assert len(found) > 20
    return [text for text in found if text]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_given: object) -> None:
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refused)


def test_no_line_is_left_out_of_the_tests() -> None:
    tests = [path.read_text(encoding="utf-8") for path in (served.ROOT / "tests").rglob("*.py")]
    named = {name for text in tests for name in re.findall(r"\b(?:Event|Line)\.([A-Z_]+)\b", text)}
    assert {event.name for event in Event} - named == set()


# -- the list for operators ----------------------------------------------------------------------
def test_the_deployment_page_lists_every_line() -> None:
    page = Path(__file__).resolve().parents[2].joinpath("docs/deployment.md").read_text("utf-8")
    listed = [row for row in page.splitlines() if row.startswith("| `") and row.count("|") == 4]
    rows = [
        f"| `{event.title}` | {logging.getLevelName(event.level)} | {event.meaning} |"
        for event in Event
    ]
    assert [row for row in listed if row.split("`")[1] in {e.title for e in Event}] == rows
