"""The moment of the first filing stays through every correction, which has a moment of its own."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import correcting, deciding, formal, submit
from grants.applications.models import Application
from grants.applications.papers import to_the_second
from grants.reviews.ranking import ranked
from portal import clock
from portal.accounts.models import User
from portal.audit.models import Event
from portal.closures import calendars
from portal.correspondence.models import Mail
from portal.notices.models import Notice
from portal.types import Given
from portal.ui.templatetags import ui
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady, WrongState
from reports.statistics.pipeline import dimensions, frames
from reports.statistics.pipeline.frames import cases
from tests.conftest import World
from tests.ledger import all_clear
from tests.markup import one_line
from tools.demonstration import simulation


def sent_back(application: Application, by: User) -> Application:
    formal.raise_defect(
        application,
        by=by,
        part="plan.title",
        part_label="名称",
        cite="要綱 第6条",
        text="わかる名前に",
    )
    return perform(application, "return_for_correction", by=by)


def put_right(application: Application, person: User) -> Application:
    n = application.defects.latest("n").n
    correcting.answer(application, n, "登記のとおりです。", by=person)
    return submit.submit(application, by=person)


def days(world: World) -> tuple[datetime, datetime]:
    """An hour before the call closes, and four days later: the correction comes when the intake is over."""
    first = world.calls["telework"].periods.get().closes_at.replace(microsecond=0) - timedelta(
        hours=1
    )
    return first, first + timedelta(days=4)


def corrected(world: World) -> tuple[Application, User]:
    """Filed on the first of the `days`, sent back the next morning, filed again on the second."""
    first, fifth = days(world)
    with clock.at(first):
        application, person = world.submitted()
    with clock.at(first + timedelta(days=1)):
        sent_back(application, world.officer)
    with clock.at(fifth):
        return put_right(Application.objects.get(pk=application.pk), person), person


def test_a_correction_leaves_the_first_filing_as_it_was(world: World) -> None:
    (first, fifth), (application, _person) = days(world), corrected(world)
    assert (application.state, application.arrived_at, application.corrected_at) == (
        "submitted",
        first,
        fifth,
    )
    assert application.case.submitted_at == first
    assert list(application.versions.order_by("n").values_list("submitted_at", flat=True)) == [
        first,
        fifth,
    ]
    assert application.arrived_at is not None
    assert application.call.period_at(application.arrived_at) is not None
    assert application.defects.get().answered_at == fifth
    assert application.correct_by is None


def test_the_record_names_filing_and_correction_apart(world: World) -> None:
    application, person = corrected(world)
    events = Event.objects.filter(
        chain=application.audit_chain, action__in=["application.submit", "application.resubmit"]
    )
    said = [
        (event.action, event.payload.data()["label"], event.actor)
        for event in events.order_by("seq")
    ]
    assert said == [
        ("application.submit", "申請を提出しました", person),
        ("application.resubmit", "補正を提出しました", person),
    ]


def test_every_page_shows_the_filing_day_and_beside_it_the_correction(
    world: World, client: Client
) -> None:
    (first, fifth), (application, person) = days(world), corrected(world)
    case = application.case
    client.force_login(world.officer)
    head = (
        one_line(client.get(case.get_absolute_url()))
        .partition("case-head__facts")[2]
        .partition("</dl>")[0]
    )
    assert f"<dt>提出</dt><dd>{ui.short_moment(first)}</dd>" in head
    assert f"<dt>補正の提出</dt><dd>{ui.short_moment(fifth)}</dd>" in head
    listed = client.get(reverse("case_list"), {"q": case.receipt_number}).content.decode()
    assert ui.short_day(first) in listed
    assert ui.short_day(fifth) not in listed
    client.force_login(person)
    page = client.get(case.get_absolute_url()).content.decode()
    assert f"{ui.moment(first)} に提出" in page
    assert f"{ui.moment(fifth)} に補正を提出" in page
    assert f"{ui.moment(fifth)}に提出した補正のあとの内容です" in page
    done = client.get(reverse("application_done", args=[case.number])).content.decode()
    assert "補正を受け付けました" in done
    assert ui.moment(first) in done
    assert ui.moment(fifth) in done


def test_the_second_receipt_names_both_moments(world: World) -> None:
    (first, fifth), (application, _person) = days(world), corrected(world)
    filed, again = Notice.objects.filter(case=application.case, kind="receipt").order_by("pk")
    assert ["受付日時", to_the_second(first)] in filed.facts["items"]
    assert (filed.title, again.title) == ("受付票", "受付票（補正）")
    assert ["受付日時", to_the_second(first)] in again.facts["items"]
    assert ["補正の受付日時", to_the_second(fifth)] in again.facts["items"]


def test_where_arrival_decides_a_correction_in_time_costs_no_place(world: World) -> None:
    (first, _fifth), call = days(world), world.calls["telework"]
    with clock.at(first):
        early, person = world.submitted()
    with clock.at(first + timedelta(minutes=10)):
        late, _other = world.submitted()
    with clock.at(first + timedelta(days=1)):
        sent_back(early, world.officer)
    with clock.at(first + timedelta(days=4)):
        early = put_right(Application.objects.get(pk=early.pk), person)
        for application in (late, early):
            for defect in application.defects.all():
                formal.resolve_defect(defect, by=world.officer)
            all_clear(application, by=world.officer)
            perform(Application.objects.get(pk=application.pk), "accept", by=world.officer)
    assert early.frame == late.frame
    assert [row["application"].pk for row in ranked(call, early.frame)] == [early.pk, late.pk]
    world.decided("waitlist", [Application.objects.get(pk=early.pk)])
    assert [row.pk for row in deciding.ahead_of(Application.objects.get(pk=late.pk))] == [early.pk]


def test_statistics_count_the_day_of_the_first_filing(world: World) -> None:
    (first, _fifth), (application, _person) = days(world), corrected(world)
    row = cases.applications().set_index("id").loc[application.pk]
    steps = cases.steps()
    filed = steps[(steps["case"] == application.case_id) & (steps["step"] == "submitted")].iloc[0]
    assert [day.date() for day in (row["arrived_on"], filed["first"])] == [clock.day_of(first)] * 2


def test_a_late_correction_that_is_honoured_keeps_the_first_filing(world: World) -> None:
    (first, _fifth) = days(world)
    with clock.at(first):
        application, person = world.submitted()
        application = sent_back(application, world.officer)
    with clock.at(first + timedelta(days=60)), pytest.raises(submit.Late):
        put_right(application, person)
    attempt = application.attempts.get(outcome="late")
    done = submit.honour(attempt, by=world.officer, reason="郵便の遅れ")
    assert (done.state, done.arrived_at, done.corrected_at) == (
        "submitted",
        first,
        attempt.arrived_at,
    )


def test_a_filing_is_no_correction_nor_the_other_way_round(world: World) -> None:
    application, person = world.draft()
    given: Given = {
        "arrived_at": clock.now(),
        "eligible": 1,
        "requested": 1,
        "frame": "",
        "title": "名称",
        "partner": "",
    }
    with pytest.raises(WrongState):
        perform(application, "resubmit", by=person, answered=[], **given)
    application = sent_back(submit.submit(application, by=person), world.officer)
    with pytest.raises(WrongState):
        perform(application, "submit", by=person, **given)


def test_an_officer_gives_a_later_day_for_a_correction_whose_day_has_passed(
    world: World, client: Client
) -> None:
    first, _fifth = days(world)
    with clock.at(first):
        application, person = world.submitted()
        application = sent_back(application, world.officer)
    assert application.correct_by is not None
    page = f"/do/application/{application.pk}/extend_correction/"
    with clock.at(simulation.at(application.correct_by + timedelta(days=2))):
        with pytest.raises(submit.Late):
            put_right(application, person)
        new = calendars.of_case(application.case).next_open(clock.today() + timedelta(days=5))
        mails = Mail.objects.filter(to=person, case=application.case).count()
        client.force_login(world.officer)
        seen = {"seen": application.version, "key": "extension"}
        assert (
            f"いまの期限は{ui.day(application.correct_by)}です" in client.get(page).content.decode()
        )
        typed = (
            seen
            | simulation.parts("correct_by", new)
            | {"reason": "入院していたとの申出があったため"}
        )
        assert client.post(page, typed | {"reason": ""}).status_code == 422
        assert (
            client.post(page, typed | simulation.parts("correct_by", clock.today())).status_code
            == 422
        )
        assert client.post(page, typed).status_code == 302
        application = Application.objects.get(pk=application.pk)
        assert (application.state, application.correct_by) == ("returned", new)
        assert application.case.turns.get().due_on == new
        client.force_login(person)
        told = client.get(application.case.get_absolute_url()).content.decode()
        assert "補正の期限を延ばしました" in told
        assert "入院していたとの申出があったため" in told
        assert Mail.objects.filter(to=person, case=application.case).count() == mails + 1
        done = put_right(application, person)
    assert (done.state, done.arrived_at) == ("submitted", first)


def test_a_correction_is_not_given_an_earlier_day_nor_by_the_applicant(world: World) -> None:
    application, person = world.submitted()
    application = sent_back(application, world.officer)
    assert application.correct_by is not None
    with pytest.raises(NotReady, match="いまの期限より後"):
        perform(
            application,
            "extend_correction",
            by=world.officer,
            reason="x",
            correct_by=application.correct_by,
        )
    later = application.correct_by + timedelta(days=1)
    with pytest.raises(Forbidden):
        perform(application, "extend_correction", by=person, reason="x", correct_by=later)


def test_statistics_count_a_paper_from_the_day_it_reached_the_counter(world: World) -> None:
    received, typed = days(world)
    paper: Given = {
        "on_paper": True,
        "paper_consent": "窓口で書面",
        "paper_received_at": received,
        "paper_late_reason": "支所から回送",
    }
    with clock.at(typed):
        firm, _person = simulation.organisation(world.sim)
        application = begin(
            Application, by=world.officer, call=world.calls["telework"], organisation=firm, **paper
        )
        simulation.fill(world.sim, application, world.officer, complete=True)
        submit.submit(application, by=world.officer)
    row = dimensions.facts(frames.read()).set_index("case").loc[application.case_id]
    assert [row[name].date() for name in ("arrived_on", "submitted_day")] == [
        clock.day_of(received)
    ] * 2
