"""Mail through a real SMTP server; a server that is down is noted, retried, and undoes nothing."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.message import Message as Received
from smtplib import SMTPRecipientsRefused

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail
from django.core.mail import BadHeaderError
from django.db import connection
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from grants.applications import formal, submit
from grants.applications.models import Application
from portal import clock
from portal.correspondence import panels, post, reminders, talk
from portal.correspondence.jobs import send_mail
from portal.correspondence.models import Mail
from portal.ui.templatetags.ui import day
from portal.workflow.door import perform
from tests.conftest import World
from tests.proofs import CODE
from tools.demonstration import simulation
from tools.demonstration.people import known_as


class Box(Message):
    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Received] = []

    def handle_message(self, message: Received) -> None:
        self.mails.append(message)


class Slow(Box):
    def handle_message(self, message: Received) -> None:
        time.sleep(0.5)  # long enough for the second to come while the first is being taken
        super().handle_message(message)


@pytest.fixture
def smtp(settings: Settings) -> Iterator[Box]:
    box = Box()
    with serving(box, settings):
        yield box


@contextmanager
def serving(box: Box, settings: Settings) -> Iterator[None]:
    """A real SMTP server that fills the box, and the settings that lead to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = (
        "127.0.0.1",
        port,
        False,
    )
    settings.EMAIL_HOST_USER = ""
    yield
    controller.stop()


def test_a_queued_mail_is_sent_once(world: World, smtp: Box) -> None:
    application, person = world.submitted()
    mail = Mail.objects.filter(case=application.case, to=person).latest("pk")
    for _ in range(2):
        send_mail(mail_id=mail.pk)
    assert len(smtp.mails) == 1
    assert smtp.mails[0]["To"] == person.email
    assert Mail.objects.get(pk=mail.pk).state == "sent"


def test_the_same_job_twice_at_once_sends_one_mail(
    transactional_db: None, settings: Settings
) -> None:
    box = Slow()
    with serving(box, settings):
        mail = Mail.objects.create(address="a@firms.example", subject="件名", body="本文")

        def run(_n: int) -> None:
            send_mail(mail_id=mail.pk)
            connection.close()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(run, range(2)))
    assert len(box.mails) == 1
    assert Mail.objects.get(pk=mail.pk).attempts == 1


def test_every_attempt_carries_the_same_message_id(db: None, smtp: Box) -> None:
    mail = Mail.objects.create(address="a@firms.example", subject="件名", body="本文")
    send_mail(mail_id=mail.pk)
    Mail.objects.filter(pk=mail.pk).update(
        state="failed"
    )  # the server took it, and its answer was lost
    send_mail(mail_id=mail.pk)
    assert len({sent["Message-ID"] for sent in smtp.mails}) == 1


def test_sign_up_works_while_no_mail_server_answers_and_the_mail_goes_later(
    db: None, client: Client, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False
    typed = {"name": "三上 遥", "email": "haruka@firms.example", "password1": "snow-lilac-lamp-7"}
    assert client.post("/accounts/signup/", typed).url == "/accounts/confirm-email/"  # type: ignore[attr-defined]
    assert (
        client.post("/accounts/password/reset/", {"email": "haruka@firms.example"}).status_code
        == 302
    )
    waiting = list(Mail.objects.filter(address="haruka@firms.example").order_by("pk"))
    assert len(waiting) == 2
    with pytest.raises(OSError, match="refused"):
        send_mail(mail_id=waiting[0].pk)
    box = Box()
    with serving(box, settings):
        for mail in waiting:
            send_mail(mail_id=mail.pk)
    payload = box.mails[0].get_payload(decode=True)
    assert isinstance(payload, bytes)
    text = payload.decode()
    assert CODE.search(text)
    assert set(Mail.objects.values_list("state", "body")) == {
        ("sent", "")
    }  # a code that opens an account is not kept


def test_a_server_that_is_down_is_noted_and_undoes_nothing(
    world: World, settings: Settings
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    application, person = world.submitted()
    mail = Mail.objects.filter(case=application.case, to=person).latest("pk")
    with pytest.raises(OSError, match="refused"):
        send_mail(mail_id=mail.pk)
    assert (
        Mail.objects.get(pk=mail.pk).state,
        Application.objects.get(pk=application.pk).state,
    ) == (
        "failed",
        "submitted",
    )
    shown = panels.of_mails(application.case, world.officer)
    assert shown is not None
    assert shown["unsent"] == 1


class Refusing(Box):
    def __init__(self, answer: str) -> None:
        super().__init__()
        self.answer = answer

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: Session,
        _envelope: Envelope,
        _address: str,
        _options: list[str],
    ) -> str:
        return self.answer


@pytest.mark.parametrize(
    ("answer", "state", "status"),
    [
        ("550 5.1.1 unknown", Mail.UNREACHED, "5.1.1"),
        ("550 no", Mail.UNREACHED, ""),
        ("450 4.7.1 greylisted", "failed", ""),
    ],
)
def test_an_address_that_is_refused_for_good_is_not_tried_again_and_a_greylist_is(
    db: None, settings: Settings, answer: str, state: str, status: str
) -> None:
    mail = Mail.objects.create(address="a@firms.example", subject="件名", body="本文")
    with serving(Refusing(answer), settings):
        with suppress(SMTPRecipientsRefused):
            send_mail(mail_id=mail.pk)
        send = Mail.objects.get(pk=mail.pk)
        assert (send.state, send.answer, send.attempts) == (state, status, 1)
    with serving(Box(), settings):
        send_mail(mail_id=mail.pk)
    assert Mail.objects.get(pk=mail.pk).state == (state if state == Mail.UNREACHED else "sent")


def test_what_comes_back_goes_to_a_mailbox_of_its_own(
    db: None, smtp: Box, settings: Settings
) -> None:
    settings.BOUNCE_ADDRESS = "bounce@portal.example"
    mail = Mail.objects.create(address="a@firms.example", subject="件名", body="本文")
    send_mail(mail_id=mail.pk)
    (sent,) = smtp.mails
    assert sent["X-MailFrom"] == "bounce@portal.example"
    assert "bounce@portal.example" not in sent["From"]
    assert sent["Message-ID"].startswith(f"<{mail.envelope}@")


@pytest.mark.parametrize(
    ("days", "sent"), [(15, 0), (14, 1), (7, 1), (4, 0), (3, 1), (1, 1), (0, 1), (-1, 0)]
)
def test_reminders_of_a_draft_go_out_before_the_deadline_and_on_it_and_once(
    world: World, days: int, sent: int
) -> None:
    application, _person = world.draft(complete=False)
    closes = application.call.periods.get().closes_at
    with clock.at(closes - timedelta(days=days)):
        assert [reminders.remind(), reminders.remind()] == [sent, 0]


def test_a_message_makes_the_other_sides_turn_and_an_answer_ends_it(world: World) -> None:
    application, person = world.submitted()
    talk.write(application.case, body="質問です", by=person)
    assert application.case.turns.filter(what="質問に答える").exists()
    talk.write(application.case, body="職員のメモ", by=world.officer, internal=True)
    assert application.case.turns.filter(what="質問に答える").exists()
    talk.write(application.case, body="お答えします", by=world.officer)
    assert not application.case.turns.filter(what="質問に答える").exists()
    shown = panels.of_case(application.case, person)["talk"]
    assert isinstance(shown, list)
    assert [message.body for message in shown] == ["質問です", "お答えします"]


def test_the_office_hears_of_its_overdue_turns_once_a_day_and_approvers_after_five_days(
    world: World,
) -> None:
    application, _person = world.submitted()
    due = application.case.turns.get().due_on
    assert due is not None
    told: dict[int, set[str]] = {}
    for days in (0, 1, 10):
        with clock.at(simulation.at(due + timedelta(days=days), 8)):
            reminders.escalate()
            assert reminders.escalate() == 0
            mails = Mail.objects.filter(case=None, queued_at__date=due + timedelta(days=days))
            told[days] = {known_as(mail.to) for mail in mails if mail.to}
    assert told == {
        0: set(),
        1: {"officer", "second_officer"},
        10: {"officer", "second_officer", "approver", "director"},
    }
    assert (
        Mail.objects.filter(case=None, body__contains=application.case.organisation.name).count()
        == 0
    )


def test_a_list_is_kept_under_a_name_of_its_own(world: World, client: Client) -> None:
    client.force_login(world.officer)
    client.post(
        "/inbox/views/", {"page": "case_list", "name": "受理済み", "query": "state=accepted"}
    )
    assert "受理済み" in client.get("/cases/").content.decode()
    assert "受理済み" not in client.get("/inbox/").content.decode()
    kept = client.post("/inbox/views/", {"page": "elsewhere", "name": "x", "query": ""})
    assert kept.status_code == 422


@pytest.mark.parametrize(
    ("language", "receipt", "request_", "until"),
    [
        (
            "ja",
            ("提出を受け付けました", "受付票をお送りしました"),
            ("補正をお願いします", "補正依頼書で内容を確かめ"),
            "まで）",
        ),
        (
            "en",
            ("We have received your application", "sent you a receipt"),
            ("Please correct your application", "See the correction request"),
            "by ",
        ),
    ],
)
def test_a_mail_says_which_paper_came_and_by_when_to_answer(
    world: World, language: str, receipt: tuple[str, str], request_: tuple[str, str], until: str
) -> None:
    application, person = world.draft()
    person.language = language
    person.save()
    application = submit.submit(application, by=person)
    first = Mail.objects.filter(case=application.case, to=person).latest("pk")
    assert receipt[0] in first.subject
    assert receipt[1] in first.body
    formal.raise_defect(
        application,
        by=world.officer,
        part="plan.title",
        part_label="事業の名称",
        cite="x",
        text="x",
    )
    application = perform(application, "return_for_correction", by=world.officer)
    mail = Mail.objects.filter(case=application.case, to=person).latest("pk")
    assert request_[0] in mail.subject
    assert request_[1] in mail.body
    with override(language):
        due = day(application.correct_by)
    assert due in mail.body
    assert until in mail.body
    assert due not in first.body
    for private in (application.case.organisation.name, person.name, application.case.title):
        assert private not in mail.subject + mail.body


def test_a_line_end_opens_no_header_of_a_mail(world: World) -> None:
    """It is sent all the same: a title with a line end would keep a draft from who decides it."""
    queued = post.send(subject="x\r\nBcc: y@evil.example", body="x", to=world.outsider)
    post.deliver(queued.pk)
    (sent,) = mail.outbox
    assert (sent.subject, sent.bcc) == ("x Bcc: y@evil.example", [])


def test_a_mail_that_cannot_be_written_is_noted_as_failed(db: None) -> None:
    queued = post.send(subject="x", body="x", address="a@firms.example\nBcc: y@evil.example")
    with pytest.raises(BadHeaderError):
        post.deliver(queued.pk)
    assert Mail.objects.get(pk=queued.pk).state == "failed"
