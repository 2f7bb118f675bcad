"""Mails that come back: read from a mailbox over POP3, noticed, and shown to both sides until looked after."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from grants.applications.models import Application
from portal import clock
from portal.accounts.models import Membership, User
from portal.cases import visibility
from portal.correspondence import answers, bounces, mailbox, panels, post, unreached
from portal.correspondence.jobs import read_bounces
from portal.correspondence.models import Mail
from portal.events import Event
from portal.together import together
from tests import tls
from tests.conftest import World
from tests.lines import Lines, only

SAMPLES = Path(__file__).parent / "samples"
TOKEN = "0123456789abcdef" * 2


def report(
    envelope: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    sample: str = "dsn",
    address: str = "x@firms.example",
) -> bytes:
    text = (SAMPLES / f"{sample}.eml").read_text(encoding="utf-8")
    said = {"ENVELOPE": envelope, "ACTION": action, "STATUS": status, "ADDRESS": address}
    for name, value in said.items():
        text = text.replace(f"@{name}@", value)
    return text.replace("\n", "\r\n").encode()


# -- reading --------------------------------------------------------------------------------------
@pytest.mark.parametrize("sample", ["dsn", "dsn_whole"])
@pytest.mark.parametrize(
    ("action", "status", "became"),
    [
        ("failed", "5.1.1", "failed"),
        ("FAILED", "4.4.7 (expired)", "failed"),
        ("delayed", "4.7.1", "delayed"),
        ("delivered", "2.0.0", "arrived"),
        ("relayed", "2.0.0", "arrived"),
    ],
)
def test_a_report_says_of_which_mail_it_is_and_what_became_of_it(
    sample: str, action: str, status: str, became: str
) -> None:
    found = bounces.read(report(TOKEN, action=action, status=status, sample=sample))
    assert found == bounces.Report(TOKEN, became, status[:5])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00" * 99,
        b"Subject: out of office\r\nMessage-ID: <" + TOKEN.encode() + b"@x>\r\n\r\nI am away.",
        report("no-envelope-of-ours"),
        report(TOKEN, action="expanded"),
        report(TOKEN).replace(b"message/delivery-status", b"text/plain"),
        report(TOKEN).replace(
            b"report-type=delivery-status", b"report-type=disposition-notification"
        ),
        report(TOKEN)[:900],
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        + b'--b\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' * 5000,
    ],
)
def test_whatever_is_no_report_is_none_and_breaks_nothing(raw: bytes) -> None:
    assert bounces.read(raw) is None


def test_the_words_of_an_answer_are_those_of_its_last_two_numbers() -> None:
    assert answers.said("5.1.1") == answers.said("4.1.1") != answers.OTHER
    assert answers.said("") == answers.said("5.9.9") == answers.OTHER


# -- the mailbox ----------------------------------------------------------------------------------
class Pop(socketserver.StreamRequestHandler):
    """As much of RFC 1939 as a reader of a whole mailbox needs."""

    server: "PopServer"

    def handle(self) -> None:
        self.say(b"+OK ready")
        kept, gone, signed_in = list(self.server.mails), set[int](), False
        for line in self.rfile:
            word, _space, rest = line.decode().strip().partition(" ")
            match word.upper():
                case "USER":
                    self.say(b"+OK")
                case "PASS":
                    signed_in = rest == "p/w"
                    self.say(b"+OK" if signed_in else b"-ERR no")
                case "LIST" if signed_in:
                    rows = [b"%d %d" % (n, len(mail)) for n, mail in enumerate(kept, 1)]
                    self.say(b"\r\n".join([b"+OK", *rows, b"."]))
                case "RETR" if signed_in:
                    lines = kept[int(rest) - 1].split(b"\r\n")
                    dotted = [b"." + each if each.startswith(b".") else each for each in lines]
                    self.say(b"\r\n".join([b"+OK", *dotted, b"."]))
                case "DELE" if signed_in:
                    gone.add(int(rest))
                    self.say(b"+OK")
                case "QUIT":
                    self.server.mails = [m for n, m in enumerate(kept, 1) if n not in gone]
                    self.say(b"+OK bye")
                    return
                case _:
                    self.say(b"-ERR")

    def say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")


class PopServer(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True

    def __init__(self, mails: list[bytes], pem: Path) -> None:
        super().__init__(("127.0.0.1", 0), Pop)
        self.mails = mails
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not believe us is no fault of this server."""


@contextmanager
def holding(
    mails: list[bytes], folder: Path, settings: Settings, *, name: str = "localhost"
) -> Iterator[PopServer]:
    """A mailbox with these mails, to which the settings lead."""
    with PopServer(mails, tls.certificate(folder, name)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        port = server.server_address[1]
        settings.BOUNCE_MAILBOX = f"pops://bounce:p%2Fw@localhost:{port}"
        yield server
        server.shutdown()


@pytest.fixture
def told(world: World) -> tuple[Application, User, Mail]:
    """An application, its person, and the mail that the portal sent them."""
    application, person = world.submitted()
    mail = Mail.objects.filter(case=application.case, to=person).latest("pk")
    post.deliver(mail.pk)
    mail.refresh_from_db()
    return application, person, mail


def test_a_mail_with_an_endless_line_is_removed_and_stops_no_other(
    told: tuple[Application, User, Mail],
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
) -> None:
    _application, person, mail = told
    mails = [
        b"Subject: spam\r\n\r\n" + b"x" * 3_000,
        report(mail.envelope or "", address=person.email),
    ]
    with holding(mails, tmp_path, settings) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
        read_bounces(0)
        assert len(server.mails) == 1
        only(lines, Event.MAILBOX_SKIPPED)
        read_bounces(0)
        assert server.mails == []
    mail.refresh_from_db()
    assert mail.state == Mail.UNREACHED


def test_the_job_reads_the_mailbox_over_tls_and_leaves_it_empty(
    told: tuple[Application, User, Mail],
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
) -> None:
    _application, person, mail = told
    mails = [
        b"Subject: spam\r\n\r\n.x",
        report(mail.envelope or "", address=person.email),
        b"Subject: long\r\n\r\n" + b"x" * mailbox.MOST_BYTES,
        report(TOKEN),
    ]
    with holding(mails, tmp_path, settings) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
        read_bounces(0)
        assert server.mails == []
        assert mailbox.read_all() == 0
    mail.refresh_from_db()
    assert (mail.state, mail.answer) == (Mail.UNREACHED, "5.1.1")
    line = only(lines, Event.MAIL_UNREACHED)
    assert (line["of"], line["code"]) == (f"mail:{mail.pk}", "5.1.1")
    assert person.email not in str(lines)


@pytest.mark.parametrize("fault", ["another name", "unknown authority", "wrong password", "away"])
def test_a_mailbox_that_is_not_believed_or_away_loses_nothing(
    db: None,
    fault: str,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    lines: Lines,
) -> None:
    name = "other.example" if fault == "another name" else "localhost"
    with holding([report(TOKEN)], tmp_path, settings, name=name) as server:
        shown = tmp_path / f"{name}.pem"
        known = tls.certificate(tmp_path, "x.example") if fault == "unknown authority" else shown
        monkeypatch.setenv("SSL_CERT_FILE", str(known))
        if fault == "wrong password":
            settings.BOUNCE_MAILBOX = settings.BOUNCE_MAILBOX.replace("p%2Fw", "guess")
        if fault == "away":
            settings.BOUNCE_MAILBOX = "pops://bounce:p@localhost:1"
        assert mailbox.read_all() == 0
        assert len(server.mails) == 1
    assert only(lines, Event.MAILBOX_AWAY)["code"]


def test_without_a_mailbox_nothing_is_asked(db: None, settings: Settings) -> None:
    settings.BOUNCE_MAILBOX = ""
    assert mailbox.read_all() == 0


# -- what becomes of a mail -----------------------------------------------------------------------
def noted(mail: Mail, action: str, status: str) -> tuple[str, bool, bool]:
    """(state, is it late, does it fail) after a report."""
    found = bounces.read(report(mail.envelope or "", action=action, status=status))
    assert found is not None
    assert unreached.note(found)
    mail.refresh_from_db()
    return mail.state, mail.is_late, mail.is_failing


def test_a_mail_that_is_late_has_not_failed(told: tuple[Application, User, Mail]) -> None:
    _application, _person, mail = told
    assert noted(mail, "delayed", "4.7.1") == ("sent", True, False)
    assert Mail.objects.failing().count() == 0
    assert noted(mail, "relayed", "2.0.0") == ("sent", False, False)
    assert noted(mail, "delayed", "4.7.1") == ("sent", True, False)
    assert noted(mail, "failed", "4.4.7") == (Mail.UNREACHED, False, True)
    assert noted(mail, "delayed", "4.7.1") == (Mail.UNREACHED, False, True)  # the last word stands


def test_a_report_about_no_mail_of_ours_changes_nothing(
    told: tuple[Application, User, Mail],
) -> None:
    assert not unreached.note(bounces.Report(TOKEN, "failed", "5.1.1"))
    assert Mail.objects.failing().count() == 0


def test_each_mail_has_an_envelope_of_its_own_that_nobody_guesses(
    told: tuple[Application, User, Mail],
) -> None:
    found = list(Mail.objects.values_list("envelope", flat=True))
    assert len(set(found)) == len(found) > 1
    assert all(envelope and len(envelope) == 32 for envelope in found)


def test_both_sides_read_what_came_back_and_what_to_do(
    told: tuple[Application, User, Mail], world: World, client: Client
) -> None:
    application, person, mail = told
    colleague = User.objects.create_user("colleague@firms.example", None, name="同僚 花子")
    Membership.objects.create(
        organisation=application.case.organisation, user=colleague, role="member"
    )
    noted(mail, "failed", "5.1.1")
    path = application.case.get_absolute_url()
    for reader, said, unsaid in (
        (
            person,
            "あなたのアドレスに、お知らせのメールが届いていません",
            "電話などで事業者に確かめ",
        ),
        (colleague, f"{person.name}に、お知らせのメールが届いていません", person.email),
        (world.officer, "電話などで事業者に確かめ", "メールアドレスを直す"),
    ):
        client.force_login(reader)
        page = client.get(path).content.decode()
        assert said in page
        assert unsaid not in page
        assert "届きませんでした" in page


def read(application: Application, reader: User) -> set[User | None]:
    """Whose mails the reader sees on the page of the case."""
    shown = panels.of_mails(application.case, reader)
    assert shown is not None
    mails = shown["mails"]
    assert isinstance(mails, list)
    return {mail.to for mail in mails}


def test_the_firm_reads_of_mails_to_its_own_side_alone(
    told: tuple[Application, User, Mail], world: World
) -> None:
    application, person, _mail = told
    assert read(application, person) == {person}
    assert read(application, world.officer) > {person}


def test_the_inbox_names_the_address_until_somebody_saw_to_it(
    told: tuple[Application, User, Mail], world: World, client: Client
) -> None:
    _application, person, mail = told
    noted(mail, "failed", "5.1.1")
    client.force_login(world.officer)
    assert person.email in client.get(reverse("inbox")).content.decode()
    page = client.get(reverse("unreached_list")).content.decode()
    assert (person.email in page, "相手のサーバーにありません" in page) == (True, True)
    assert client.post(reverse("mail_settle", args=[mail.pk])).status_code == 302
    assert person.email not in client.get(reverse("inbox")).content.decode()
    assert person.email not in client.get(reverse("unreached_list")).content.decode()


def test_another_address_of_the_person_is_no_fault_any_more(
    told: tuple[Application, User, Mail],
) -> None:
    _application, person, mail = told
    noted(mail, "failed", "5.1.1")
    User.objects.filter(pk=person.pk).update(email="right@firms.example")
    assert Mail.objects.failing().count() == 0


def test_who_does_not_answer_for_the_case_neither_reads_nor_settles(
    told: tuple[Application, User, Mail], world: World, client: Client
) -> None:
    _application, person, mail = told
    noted(mail, "failed", "5.1.1")
    for stranger in (world.outsider, world.people["adviser"]):
        client.force_login(stranger)
        assert client.post(reverse("mail_settle", args=[mail.pk])).status_code == 404
    client.force_login(person)
    assert client.post(reverse("mail_settle", args=[mail.pk])).status_code == 302
    assert Mail.objects.get(pk=mail.pk).settled_by == person


def test_an_administrator_reads_of_accounts_and_an_officer_does_not(world: World) -> None:
    mail = post.send(subject="x", body="x", address="new@firms.example")
    post.deliver(mail.pk)
    mail.refresh_from_db()
    noted(mail, "failed", "5.1.1")
    administrator = world.staff["administrator"]
    for reader, named in ((administrator, 1), (world.officer, 0)):
        with together() as ask:
            said = unreached.beside(reader, ask)
        assert (said() is not None) == bool(named)
        assert unreached.failing_for(reader).count() == named


def test_a_mail_of_before_is_closed_to_whom_something_is_and_to_nobody_else(
    told: tuple[Application, User, Mail],
    world: World,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether it tells of a closed matter nobody knows; one of an account tells of none."""
    _application, _person, mail = told
    account = post.send(subject="x", body="x", address="new@firms.example")
    administrator = world.staff["administrator"]
    for row, kind in ((mail, "case"), (account, "account")):
        row.state, row.kind, row.subject_key = Mail.UNREACHED, kind, Mail.UNKNOWN
        row.save()
    assert not visibility.closed_everywhere(world.officer)
    assert visibility.closed_everywhere(administrator)
    with monkeypatch.context() as patch:
        patch.setattr(visibility, "closed_everywhere", lambda _person: ["check"])
        assert mail.is_of(["check"])
        assert not unreached.failing_for(world.officer).exists()
    for reader, row in ((world.officer, mail), (administrator, account)):
        assert not row.is_of(visibility.closed_everywhere(reader))
        assert list(unreached.failing_for(reader)) == [row]
        client.force_login(reader)
        assert client.post(reverse("mail_settle", args=[row.pk])).status_code == 302


def test_what_waits_or_went_before_has_words(told: tuple[Application, User, Mail]) -> None:
    tones = {state: Mail(state=state).badge[0] for state, _words in Mail.STATES}
    assert tones == {
        "queued": "city",
        "sent": "good",
        "failed": "care",
        "waiting": "city",
        "gathered": "city",
        "unreached": "stop",
    }
    assert Mail(state="sent", delayed_at=clock.now()).badge[0] == "care"
