"""Mails to the office: at once, or gathered for the morning of a working day; what is critical never waits."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from portal import clock
from portal.closures import calendars
from portal.correspondence import digests, outgoing, reminders, talk
from portal.correspondence.jobs import send_digests
from portal.correspondence.kinds import KINDS, SOON, may_wait
from portal.correspondence.models import Mail, MailChoice
from portal.correspondence.post import deliver
from portal.registry.codes import SAPPORO
from tests.conftest import World
from tests.workdays import WORKDAYS
from tools.demonstration import simulation

MONDAY = date(2026, 6, 8)


def open_morning(ahead: int = 1) -> datetime:
    """Half past eight of a working day to come."""
    day = calendars.office(SAPPORO).add(clock.today(), ahead)
    return simulation.at(day, 8) + timedelta(minutes=30)


def closed_morning() -> datetime:
    days = (clock.today() + timedelta(days=n) for n in range(1, 15))
    return simulation.at(next(d for d in days if not calendars.office(SAPPORO).is_open(d)), 8)


@pytest.mark.parametrize(
    ("kind", "due_on", "waits"),
    [
        ("case", None, True),
        ("case", date(2026, 6, 11), True),  # the third working day
        ("case", date(2026, 6, 10), False),
        ("case", date(2026, 6, 5), False),
        ("asked", None, True),
        ("asked", date(2026, 6, 10), False),
        ("waiting", None, True),
        ("overdue", None, False),
        ("failed", None, False),
        ("account", None, False),
    ],
)
def test_what_is_due_within_two_working_days_never_waits(
    kind: str, due_on: date | None, waits: bool
) -> None:
    assert may_wait(kind, due_on, MONDAY, WORKDAYS) == waits
    assert SOON == 2


def test_who_chose_nothing_is_written_to_at_once(world: World) -> None:
    world.submitted()
    mails = Mail.objects.filter(to=world.officer)
    assert [(mail.kind, mail.state) for mail in mails] == [("case", "queued")]


def test_what_waits_comes_in_one_mail_on_the_morning_of_a_working_day(world: World) -> None:
    digests.choose(world.officer, gathers=True)
    application, person = world.submitted()
    talk.write(application.case, body="質問です", by=person)
    waiting = Mail.objects.filter(to=world.officer, state=Mail.WAITING)
    subjects = [mail.subject for mail in waiting.order_by("queued_at", "pk")]
    assert len(subjects) == 2
    with clock.at(closed_morning()):
        assert digests.send_digests() == 0
    with clock.at(open_morning()):
        assert digests.send_digests() == 1
        assert digests.send_digests() == 0  # nothing is new
    digest = Mail.objects.get(to=world.officer, subject__contains="朝のまとめ")
    assert digest.subject == "【さっぽろ事業支援ポータル】朝のまとめ（お知らせ2件）"
    assert [line[2:] for line in digest.body.splitlines() if line.startswith("■ ")] == subjects
    assert application.case.get_absolute_url() in digest.body
    assert set(digest.gathered.values_list("state", flat=True)) == {Mail.GATHERED}


def test_a_colleague_who_chose_nothing_hears_at_once(world: World) -> None:
    digests.choose(world.officer, gathers=True)
    world.submitted()
    assert Mail.objects.get(to=world.officer).state == Mail.WAITING
    assert Mail.objects.get(to=world.staff["second_officer"]).state == "queued"


def test_overdue_cases_are_told_at_once_to_whoever_gathers(world: World) -> None:
    digests.choose(world.officer, gathers=True)
    world.submitted()
    with clock.at(open_morning(20)):
        reminders.escalate()
    mail = Mail.objects.get(to=world.officer, subject__contains=str(outgoing.OVERDUE.subject))
    assert (mail.kind, mail.state) == ("overdue", "queued")


def test_what_was_gathered_is_never_sent_by_itself(world: World) -> None:
    digests.choose(world.officer, gathers=True)
    world.submitted()
    kept = Mail.objects.get(to=world.officer)
    with clock.at(open_morning()):
        send_digests(0)
    deliver(kept.pk)
    kept.refresh_from_db()
    assert (kept.state, kept.attempts) == (Mail.GATHERED, 0)


def test_the_job_asks_the_same_for_one_mail_and_for_three(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    digests.choose(world.officer, gathers=True)
    for n in (1, 3):
        for _ in range(n):
            world.submitted()
        with clock.at(open_morning(n)), django_assert_num_queries(7):
            assert digests.send_digests() == 1


def test_the_page_keeps_the_choice_and_names_every_kind(world: World, client: Client) -> None:
    client.force_login(world.officer)
    page = reverse("mail_settings")
    first = client.get(page).content.decode()
    assert all(str(kind.label) in first for kind in KINDS.values())
    assert client.post(page, {"when": "x"}).status_code == 422
    assert client.post(page, {"when": "digest"}).status_code == 302
    assert MailChoice.objects.get(person=world.officer).gathers
    client.post(page, {"when": "at_once"})
    assert not MailChoice.objects.get(person=world.officer).gathers
