"""How an applicant is reminded, and which mails they may have gathered or go without."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from grants.applications import submit
from portal import clock
from portal.accounts.models import User
from portal.cases.models import Turn
from portal.closures import calendars
from portal.correspondence import digests, own_data, reminders, talk
from portal.correspondence.kinds import OWN_KINDS
from portal.correspondence.models import Mail
from portal.correspondence.views import OwnMailForm
from portal.registry.codes import SAPPORO
from portal.ui.templatetags.ui import day
from tests.conftest import World
from tests.grants.test_completion import awarded
from tools.demonstration import simulation


def to(person: User) -> list[Mail]:
    return list(Mail.objects.filter(to=person).order_by("pk"))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (15, ""),
        (14, "「実績報告書」の期限まであと14日です"),
        (1, "「実績報告書」の期限まであと1日です"),
        (0, "「実績報告書」の期限は今日です"),
        (-1, "「実績報告書」の期限を過ぎています"),
        (-2, ""),
        (-7, "「実績報告書」の期限を過ぎています"),
        (-8, ""),
    ],
)
def test_what_is_due_is_named_before_on_and_after_its_day_and_never_twice(
    world: World, days: int, said: str
) -> None:
    award, person = awarded(world)
    turn = Turn.objects.get(case=award.case, side="applicant", due_on__isnull=False)
    assert turn.due_on is not None
    with clock.at(simulation.at(turn.due_on - timedelta(days=days), 8)):
        before = len(to(person))
        assert [reminders.remind(), reminders.remind()] == [int(bool(said)), 0]
        sent, due = to(person)[before:], day(turn.due_on)
    assert [mail.subject for mail in sent if said not in mail.subject] == []
    assert len(sent) == int(bool(said))
    for mail in sent:
        assert due in mail.body
        assert "お問い合わせ：" in mail.body
        assert "このあと：" in mail.body


def test_a_reminder_is_in_the_language_of_its_reader(world: World) -> None:
    award, person = awarded(world)
    User.objects.filter(pk=person.pk).update(language="en")
    turn = Turn.objects.get(case=award.case, side="applicant", due_on__isnull=False)
    assert turn.due_on is not None
    with clock.at(simulation.at(turn.due_on, 8)), override("en"):
        reminders.remind()
        due = day(turn.due_on)
    last = to(person)[-1]
    assert "Due today: Completion report" in last.subject
    assert due in last.body


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({}, ["queued", "queued"]),
        ({"receipt": "digest", "message": "digest"}, ["waiting", "waiting"]),
        ({"receipt": "never"}, ["queued"]),
        ({"progress": "never", "reminder": "never"}, ["queued", "queued"]),
    ],
)
def test_receipts_and_messages_come_as_their_reader_wishes(
    world: World, own: dict[str, str], told: list[str]
) -> None:
    application, person = world.draft()
    digests.choose_own(person, news="at_once", own=own)
    application = submit.submit(application, by=person)
    talk.write(application.case, body="お電話ください", by=world.officer)
    assert [mail.state for mail in to(person)] == told


def test_what_waited_comes_in_one_mail_in_the_morning(world: World) -> None:
    application, person = world.submitted()
    digests.choose_own(person, news="at_once", own={"message": "digest"})
    talk.write(application.case, body="一つ目", by=world.officer)
    talk.write(application.case, body="二つ目", by=world.officer)
    opens = calendars.office(SAPPORO).next_open(clock.today() + timedelta(days=1))
    with clock.at(simulation.at(opens, 8)):
        assert digests.send_digests() == 1
    digest = to(person)[-1]
    assert "お知らせのまとめ（2件）" in digest.subject
    assert digest.body.count("市から連絡が届きました") == 4
    assert "職員" not in digest.body


def test_nobody_goes_without_a_decision_or_the_day_itself(world: World) -> None:
    """Whatever is chosen, and even where it is written into the row by hand."""
    award, person = awarded(world)
    digests.choose_own(person, news="never", own=dict.fromkeys([*OWN_KINDS, ""], "never"))
    turn = Turn.objects.get(case=award.case, side="applicant", due_on__isnull=False)
    assert turn.due_on is not None
    before = len(to(person))
    for days, told in ((3, 0), (0, 1), (-1, 2)):
        with clock.at(simulation.at(turn.due_on - timedelta(days=days), 8)):
            reminders.remind()
        assert len(to(person)) == before + told


def test_the_page_asks_of_each_kind_alone_what_may_be_chosen(world: World, client: Client) -> None:
    person = world.submitted()[1]
    client.force_login(person)
    page = reverse("news_settings")
    typed = {"message": "digest", "reminder": "never", "progress": "never", "receipt": "digest"}
    assert client.post(page, {**typed, "news": "at_once"}).status_code == 302
    assert digests.own_choices([person])[person.pk].own == typed
    assert OwnMailForm(None, person=person).initial == {**typed, "news": "at_once"}
    refused = client.post(page, {**typed, "message": "never", "news": "at_once"})
    assert refused.status_code == 422
    assert ("市からの連絡", "開庁日の朝に1通にまとめて受け取る") in [
        (str(kind), str(way)) for kind, way in own_data.choices(person)
    ]


def test_the_office_is_asked_about_calls_alone(world: World, client: Client) -> None:
    client.force_login(world.officer)
    page = client.get(reverse("news_settings")).content.decode()
    assert "新しい公募のお知らせ" in page
    assert "市からの連絡" not in page
