"""A later day for the correction of a completion report: given by the office, asked for by the firm."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from grants.applications.extensions import ExtensionRequest
from grants.completion.models import OF_REPORT, CompletionReport
from portal import clock
from portal.accounts.models import User
from portal.closures import calendars
from portal.workflow.door import begin, perform
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.grants.test_completion import awarded, reported
from tests.markup import one_line

Post = Callable[[], list[EmailMessage]]


class Returned:
    """A report that was sent back, with a day."""

    def __init__(self, world: World) -> None:
        award, self.person = awarded(world)
        report = reported(world, award, self.person)
        self.day = calendars.of_case(award.case).next_open(clock.today() + timedelta(days=10))
        self.report: CompletionReport = perform(
            report,
            "return_for_correction",
            by=world.officer,
            reason="請求書の日付をお確かめください。",
            correct_by=self.day,
        )
        self.number = award.case.number
        self.page = reverse("completion_extension", args=[self.number])

    def later(self, days: int) -> date:
        return calendars.of_case(self.report.case).next_open(self.day + timedelta(days=days))

    def ask(self, days: int = 7) -> ExtensionRequest:
        return begin(
            ExtensionRequest,
            by=self.person,
            application=self.report.award.application,
            about=OF_REPORT,
            asked_until=self.later(days),
            reason="販売元の再発行を待っています。",
        )

    def fresh(self) -> CompletionReport:
        return CompletionReport.objects.get(pk=self.report.pk)


@pytest.fixture
def returned(world: World) -> Returned:
    return Returned(world)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_officer_gives_a_later_day_and_the_firm_is_told(
    world: World, returned: Returned, post: Post
) -> None:
    later = returned.later(20)
    perform(
        returned.fresh(), "extend_correction", by=world.officer, reason="再発行", correct_by=later
    )
    assert returned.fresh().correct_by == later
    turn = returned.report.case.turns.get(side="applicant")
    assert turn.due_on == later
    assert "実績報告の補正の期限を延ばしました" in post()[-1].subject
    with pytest.raises(NotReady, match="いまの期限より後"):
        perform(
            returned.fresh(), "extend_correction", by=world.officer, reason="x", correct_by=later
        )


def test_the_firm_asks_and_an_officer_grants_another_day(world: World, returned: Returned) -> None:
    client = signed_in(returned.person)
    report_page = reverse("completion", args=[returned.number])
    assert returned.page in one_line(client.get(report_page))
    asked = returned.later(7)
    sent = {"asked_until_y": asked.year, "asked_until_m": asked.month, "asked_until_d": asked.day}
    answer = client.post(returned.page, {**sent, "reason": "再発行を待っています。"})
    assert answer["Location"] == report_page
    request = ExtensionRequest.objects.get()
    assert (request.about, request.asked_until) == (OF_REPORT, asked)
    assert returned.fresh().correct_by == returned.day  # asking moves no day
    assert "期限の延長を申し出ています" in one_line(client.get(report_page))
    office = signed_in(world.officer)
    page = one_line(office.get(reverse("case", args=[returned.number])))
    assert "実績報告" in page
    assert f"/do/extensionrequest/{request.pk}/grant/" in page
    assert f"/do/completionreport/{returned.report.pk}/extend_correction/" not in page
    given = returned.later(30)
    perform(request, "grant", by=world.officer, reason="再発行のため", correct_by=given)
    assert returned.fresh().correct_by == given
    assert ExtensionRequest.objects.get().state == "granted"


def test_what_is_denied_moves_nothing_and_one_asks_once_at_a_time(
    world: World, returned: Returned, post: Post
) -> None:
    request = returned.ask()
    with pytest.raises(NotReady, match="すでに申し出て"):
        returned.ask(9)
    perform(request, "deny", by=world.officer, reason="写しで足ります。")
    assert returned.fresh().correct_by == returned.day
    assert "認められませんでした" in post()[-1].subject
    page = one_line(signed_in(returned.person).get(reverse("completion", args=[returned.number])))
    assert "写しで足ります。" in page


def test_the_firm_takes_back_what_it_asked_for_a_report(world: World, returned: Returned) -> None:
    request = returned.ask()
    page = reverse("completion", args=[returned.number])
    client = signed_in(returned.person)
    act = f"/do/extensionrequest/{request.pk}/withdraw/"
    assert act in one_line(client.get(page))
    assert client.post(act, {"seen": request.version, "key": "k"}).status_code == 302
    assert ExtensionRequest.objects.get().state == "withdrawn"
    assert not returned.report.case.turns.filter(side="office", is_apart=True).exists()
    assert returned.page in one_line(client.get(page))


def test_a_report_that_comes_overtakes_the_request(world: World, returned: Returned) -> None:
    returned.ask()
    perform(returned.fresh(), "submit", by=returned.person, content=returned.report.content)
    assert ExtensionRequest.objects.get().state == "overtaken"
    assert signed_in(returned.person).get(returned.page).status_code == 404


def test_one_of_an_application_and_one_of_its_report_are_told_apart(
    world: World, returned: Returned
) -> None:
    with pytest.raises(NotReady, match="補正をお願いしている間"):
        begin(
            ExtensionRequest,
            by=returned.person,
            application=returned.report.award.application,
            asked_until=returned.later(7),
            reason="x",
        )
    facts = dict(returned.ask().act_facts)
    assert facts["補正するもの"] == "実績報告"
