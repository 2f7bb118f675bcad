"""Drafts that nobody finishes end after notice, and nothing that may still be handed in does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from grants.applications import drafts, jobs, submit
from grants.applications.attempts import SubmissionAttempt
from grants.applications.drafts import Page
from grants.applications.models import Application
from grants.applications.retention import AFTER_INTAKE, NOTICE, UNTOUCHED
from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import Membership, User
from portal.audit.models import Event
from portal.cases.models import Case, Turn
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.privacy import asking
from tests.conftest import World, check_files
from tests.grants.test_discarding import is_gone

DAY = timedelta(days=1)


def fresh(application: Application) -> Application:
    return Application.objects.select_related("case", "call").get(pk=application.pk)


def closed_on(application: Application) -> date:
    closes_at = application.call.last_closes_at
    assert closes_at is not None
    return clock.day_of(closes_at)


@contextmanager
def night_of(day: date) -> Iterator[None]:
    with clock.at(datetime(day.year, day.month, day.day, 4, tzinfo=clock.JST)):
        jobs.end_drafts(0)
        yield


def look(day: date) -> None:
    with night_of(day):
        pass


def told(application: Application) -> list[Mail]:
    return list(Mail.objects.filter(subject__contains=application.case.number).order_by("pk"))


@pytest.fixture
def left(world: World) -> tuple[Application, User]:
    application, person = world.draft()
    check_files()
    return application, person


def test_a_draft_is_told_of_and_ends_some_days_later(left: tuple[Application, User]) -> None:
    application, person = left
    firm = application.case.organisation
    colleague = User.objects.create_user("colleague@firms.example", None)
    User.objects.filter(pk=colleague.pk).update(language="en")
    Membership.objects.create(organisation=firm, user=colleague, role="member")
    due = closed_on(application) + AFTER_INTAKE
    look(due - DAY)
    assert (told(application), fresh(application).ends_on) == ([], None)
    look(due)
    last = due + NOTICE
    assert fresh(application).ends_on == last
    mails = {mail.to: mail for mail in told(application)}
    assert set(mails) == {person, colleague}
    assert "下書きが消えます" in mails[person].subject
    assert f"{last.day}日" in mails[person].body
    assert str(last.day) in mails[colleague].body
    assert "draft" in mails[colleague].subject
    for mail in mails.values():
        assert firm.name not in mail.body + mail.subject
    look(due + DAY)
    look(last)
    assert len(told(application)) == 2  # each once
    assert not is_gone(fresh(application))
    look(last + DAY)
    assert is_gone(fresh(application))
    gone = fresh(application)
    assert (gone.state, gone.ends_on) == ("withdrawn", None)
    record = Event.objects.filter(chain=f"case:{application.case_id}").order_by("seq")
    assert [row.action for row in record][-3:] == [
        "application.foretell",
        "application.discard",
        "case.dispose",
    ]
    after = [mail for mail in told(application) if "消しました" in mail.subject]
    assert [mail.to for mail in after] == [person]
    look(last + 2 * DAY)
    assert len(told(application)) == 2  # those that told of it are erased with the draft


def test_nobody_is_erased_without_the_days_of_notice(left: tuple[Application, User]) -> None:
    """Also where the job did not run for a year."""
    application, _person = left
    late = closed_on(application) + timedelta(days=365)
    look(late)
    assert fresh(application).ends_on == late + NOTICE
    look(late + NOTICE)
    assert not is_gone(fresh(application))


def test_the_pages_say_the_day(left: tuple[Application, User], client: Client) -> None:
    application, person = left
    client.force_login(person)
    page = f"/apply/{application.case.number}/"
    assert "消去します" not in client.get(page).content.decode()
    due = closed_on(application) + AFTER_INTAKE
    with clock.at(datetime(due.year, due.month, due.day, 3, tzinfo=clock.JST)):
        client.force_login(person)
        assert "早くて" in client.get(page).content.decode()
    with night_of(due):
        client.force_login(person)
        said = f"{(due + NOTICE).month}月{(due + NOTICE).day}日"
        assert said in client.get(page).content.decode()
        mine = client.get("/my/").content.decode()
        assert ("下書きが消える前に" in mine, said in mine) == (True, True)


def test_it_is_told_once_and_not_again_day_by_day(left: tuple[Application, User]) -> None:
    application, _person = left
    due = closed_on(application) + AFTER_INTAKE
    look(due)
    turn = Turn.objects.get(case=application.case, side="applicant")
    assert turn.due_on == due + NOTICE
    with clock.at(datetime.combine(due + NOTICE - DAY, datetime.min.time(), clock.JST)):
        assert reminders.remind() == 0


def until(call: Call, day: date) -> None:
    call.periods.update(
        closes_at=datetime.combine(day, datetime.min.time(), clock.JST) + timedelta(hours=17)
    )


def test_in_an_open_call_writing_on_keeps_it(left: tuple[Application, User]) -> None:
    application, person = left
    until(application.call, clock.today() + timedelta(days=2000))
    due = clock.today() + UNTOUCHED
    look(due - DAY)
    assert fresh(application).ends_on is None
    with night_of(due):
        assert fresh(application).ends_on == due + NOTICE
        assert Turn.objects.get(case=application.case).what.startswith("下書きを残す")
        section = application.sections.get(key="plan")
        page = Page(seen=section.version)
        drafts.save(fresh(application), "plan", {**section.data, "x": "1"}, by=person, page=page)
        assert fresh(application).ends_on is None
        assert Turn.objects.get(case=application.case).what == "申請を書いて提出する"
    look(due + NOTICE + DAY)
    assert not is_gone(fresh(application))
    look(due + UNTOUCHED)
    look(due + UNTOUCHED + NOTICE + DAY)
    assert is_gone(fresh(application))


def test_what_is_opened_again_does_not_end(left: tuple[Application, User]) -> None:
    application, _person = left
    due = closed_on(application) + AFTER_INTAKE
    look(due)
    until(application.call, due + timedelta(days=60))
    look(due + DAY)
    assert fresh(application).ends_on is None
    look(due + NOTICE + DAY)
    assert not is_gone(fresh(application))


def test_a_call_that_was_called_off_counts_from_then(
    world: World, left: tuple[Application, User]
) -> None:
    application, _person = left
    today = clock.today()
    Call.objects.filter(pk=application.call_id).update(state="cancelled", state_since=clock.now())
    look(today + AFTER_INTAKE)
    assert fresh(application).ends_on is not None


def test_while_a_call_pauses_nothing_ends(left: tuple[Application, User]) -> None:
    application, _person = left
    Call.objects.filter(pk=application.call_id).update(state="suspended")
    look(closed_on(application) + timedelta(days=400))
    assert fresh(application).ends_on is None


def test_what_an_officer_may_still_honour_stays(left: tuple[Application, User]) -> None:
    application, person = left
    attempt = SubmissionAttempt.objects.create(
        application=application, arrived_at=clock.now(), by=person, draft_hash="", outcome="failed"
    )
    late = closed_on(application) + timedelta(days=400)
    look(late)
    assert fresh(application).ends_on is None
    assert attempt.outcome == "failed"
    Call.objects.filter(pk=application.call_id).update(state="decided")
    look(late)
    assert fresh(application).ends_on == late + NOTICE


def test_while_its_people_ask_what_is_kept_of_them_it_stays(
    left: tuple[Application, User],
) -> None:
    application, person = left
    asked = asking.make(kind="disclose", about="下書き", wanted="", by=person)
    late = closed_on(application) + timedelta(days=400)
    look(late)
    assert fresh(application).ends_on is None
    asking.withdraw(asked, by=person)
    look(late)
    assert fresh(application).ends_on == late + NOTICE


def test_what_was_handed_in_and_what_came_on_paper_never_ends(world: World) -> None:
    submitted, person = world.submitted()
    paper, _owner = world.draft()
    Case.objects.filter(pk=paper.case_id).update(on_paper=True)
    late = closed_on(submitted) + timedelta(days=400)
    look(late)
    look(late + NOTICE + DAY)
    assert fresh(submitted).state == "submitted"
    assert (fresh(paper).state, fresh(paper).ends_on) == ("draft", None)
    assert person.is_active


def test_who_submits_at_the_last_moment_keeps_it(left: tuple[Application, User]) -> None:
    application, person = left
    until(application.call, clock.today() + timedelta(days=2000))
    with night_of(clock.today() + UNTOUCHED):
        assert fresh(application).ends_on is not None
        done = submit.submit(fresh(application), by=person)
    assert (done.state, done.ends_on) == ("submitted", None)
    look(clock.today() + UNTOUCHED + NOTICE + DAY)
    assert not is_gone(fresh(application))
