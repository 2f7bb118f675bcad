"""Seats instead of money: the same application, budget line, decision and waiting list; then a course, a certificate, a survey."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from grants.applications import drafts, task_list
from grants.applications.models import Application
from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.followup.schedule import add_months
from grants.programmes import loading
from grants.programmes.mistakes import Mistake
from grants.programmes.models import Call
from grants.programmes.parameters import read
from grants.seats import acts, courses, views
from grants.seats.models import Enrolment
from portal import clock
from portal.approvals.models import Approval
from portal.cases import turns
from portal.correspondence.models import Mail
from portal.notices.models import Notice
from portal.workflow.door import actions, begin, perform
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World
from tests.markup import one_line
from tools.demonstration import simulation
from tools.demonstration.rooms import seats

TEXT = (Path(loading.DATA) / "ai_training.toml").read_text(encoding="utf-8")


@pytest.fixture
def call(world: World) -> Call:
    """A course of three seats, open now."""
    return seats.call_of(world.staff, clock.today() - timedelta(days=20), seats=3)


def line(call: Call) -> BudgetLine:
    return call.budget_lines.get(unit="seats")


def enrolled(world: World, call: Call, people: int = 2) -> Application:
    return seats.enrolled(world.sim, call, clock.today() - timedelta(days=15), people=people)


def waiting(application: Application) -> list[tuple[str, str]]:
    assert turns.differing() == []
    return sorted((turn.side, turn.what) for turn in application.case.turns.all())


def test_seats_are_asked_for_without_costs(world: World, call: Call, client: Client) -> None:
    application = seats.applied(world.sim, call, people=2)
    assert application.requested_amount == 2
    assert application.case.amount is None  # the lists' column is one of yen
    keys = [task.key for task in task_list.tasks(application)]
    assert "participants" in keys
    assert {"costs", "officers", "documents"} & set(keys) == set()
    facts = Notice.objects.get(case=application.case, kind="receipt").facts
    assert ["申し込む席", "2席"] in facts["items"]
    assert facts["small"].startswith(
        "この見本の通知書には"
    )  # the footnote of a demonstration alone
    client.force_login(world.officer)
    page = client.get(f"/cases/{application.case.number}/").content.decode()
    assert "2席" in page
    assert client.get(f"/programmes/{call.code}/").content.decode().count("定員 3人") == 1


def test_the_decision_commits_seats_and_makes_a_place_for_each(world: World, call: Call) -> None:
    application = enrolled(world, call)
    assert application.state == "awarded"
    assert str(application.info.label) == "受講決定"
    assert (line(call).committed, line(call).available) == (2, 1)
    assert [row.state for row in application.enrolments.all()] == ["enrolled", "enrolled"]
    assert not Award.objects.filter(application=application).exists()
    facts = Notice.objects.get(case=application.case, kind="enrolment").facts
    assert [label for label, _text in facts["items"]][1:3] == ["受講する人1", "受講する人2"]


def test_the_ranking_of_seats_offers_their_own_decision(
    world: World, call: Call, client: Client
) -> None:
    application = seats.accepted(seats.applied(world.sim, call, people=2), world.staff)
    client.force_login(world.officer)
    page = one_line(client.get(reverse("ranking", args=[call.pk])))
    assert application.case.number in page
    assert "「受講の決定」1件を起案する" in page
    assert re.search("残りの席.{1,60}3<small>席", page)


def test_a_full_course_refuses_and_the_waiting_list_moves_up(world: World, call: Call) -> None:
    first = enrolled(world, call, 3)
    later = seats.accepted(seats.applied(world.sim, call, people=2), world.staff)
    with pytest.raises(NotReady, match="残り0席に対し"):
        seats.approved(later, "enrol", world.staff)
    assert not Approval.objects.filter(state__in=Approval.LIVE).exists()  # nothing was drafted
    later = seats.approved(later, "waitlist", world.staff)
    assert "定員の範囲" in Notice.objects.get(case=later.case, kind="waitlist").facts["body"]
    person = first.case.organisation.memberships.get(role="representative").user
    rows = list(first.enrolments.all())
    perform(rows[0], "drop", by=person)
    assert waiting(later) == []  # one seat is free, two are wanted
    perform(rows[1], "drop", by=person)
    assert waiting(later) == [("office", "補欠を繰り上げる")]
    later = seats.approved(later, "enrol", world.staff)
    assert line(call).available == 0
    assert first.enrolments.filter(state="enrolled").count() == 1


def test_money_is_not_awarded_for_seats_nor_seats_for_money(world: World, call: Call) -> None:
    application = seats.accepted(seats.applied(world.sim, call, people=1), world.staff)
    with pytest.raises(NotReady, match="受講の決定を起案"):
        seats.approved(application, "award", world.staff)
    subsidy, _person = world.accepted()
    assert acts.enrol_refusals(subsidy, []) == ["受講の決定は、人材育成の制度だけにあります。"]


def test_a_course_from_attendance_to_the_survey(world: World, call: Call, client: Client) -> None:
    application = enrolled(world, call)
    officer = world.staff["officer"]
    good, bad = application.enrolments.all()
    sessions = seats.schedule(call, world.staff, clock.today() - timedelta(days=30))
    with pytest.raises(NotReady, match="まだ開いていない回"):
        perform(perform_first(good, sessions[0], officer), "complete", by=officer)
    for session in sessions[1:4]:
        courses.take_attendance(session, {good.pk}, by=officer)
    future = sessions[4]
    future.starts_at = clock.now() + timedelta(days=3)
    future.save()
    with pytest.raises(NotReady, match="まだ開いていない"):
        courses.take_attendance(future, {good.pk}, by=officer)
    future.starts_at = clock.now() - timedelta(hours=2)
    future.save()
    courses.take_attendance(future, set(), by=officer)
    assert waiting(application) == [("office", "修了を確かめる")]
    extra = courses.add_session(
        call, by=officer, title="補講", starts_at=clock.now() - timedelta(hours=1), place="研修室"
    )
    assert waiting(application) == []  # one more is to be held first
    courses.take_attendance(extra, {good.pk}, by=officer)
    assert waiting(application) == [("office", "修了を確かめる")]
    good, bad = (Enrolment.objects.get(pk=row.pk) for row in (good, bad))
    assert (good.attended, bad.attended) == (5, 0)
    done = perform(good, "complete", by=officer)
    certificate = Notice.objects.get(case=application.case, kind="certificate").facts
    assert certificate["to"] == [application.case.organisation.name, f"{good.name}　様"]
    given = {"people": [str(bad.pk)], "reason": "来られなかった"}
    seats.approved(application, "cancel_seats", world.staff, given)
    assert line(call).available == 1  # a seat given up after the course began is not free again
    application.case.refresh_from_db()
    assert application.case.closed_at is not None
    assert done.survey_on == add_months(clock.today(), 6)
    person = application.case.organisation.memberships.get(role="representative").user
    assert waiting(application) == [("applicant", "受講後のアンケートに答える")]
    client.force_login(person)
    where = f"/cases/{application.case.number}/survey/{good.pk}/"
    assert client.post(where, {"used": "x"}).status_code == 422
    assert (
        client.post(where, {"used": "daily", "hours_saved": "１２", "text": ""}).status_code == 302
    )
    assert client.get(where).status_code == 404  # it is answered once
    assert waiting(application) == []
    with pytest.raises(NotReady, match="アンケート"):
        courses.answer_survey(done, by=person, used="daily", hours_saved=1, text="")
    with pytest.raises(Forbidden):
        courses.answer_survey(done, by=world.outsider, used="daily", hours_saved=1, text="")


def perform_first(row: Enrolment, session: object, officer: object) -> Enrolment:
    """The first session attended by one person."""
    courses.take_attendance(session, {row.pk}, by=officer)  # type: ignore[arg-type]
    return Enrolment.objects.get(pk=row.pk)


def test_what_a_page_of_attendance_does_not_say_stays_as_noted(
    world: World, call: Call, client: Client
) -> None:
    first, second = enrolled(world, call, 2).enrolments.all()
    session = seats.schedule(call, world.staff, clock.today() - timedelta(days=30))[0]
    client.force_login(world.officer)
    address = f"/staff/calls/{call.pk}/course/{session.n}/"

    def there() -> set[int]:
        return set(session.enrolments.values_list("pk", flat=True))

    assert 'name="noted"' not in client.get(address).content.decode()
    courses.take_attendance(session, {second.pk}, by=world.staff["second_officer"])
    assert client.post(address, {"present": [first.pk, 10**30]}).status_code == 302
    assert there() == {first.pk, second.pk}  # a colleague noted the second since it was drawn
    assert f'name="noted" value="{first.pk}"' in client.get(address).content.decode()
    known = {"noted": [first.pk, second.pk]}
    assert client.post(address, known | {"present": [second.pk]}).status_code == 302
    assert there() == {second.pk}


def test_a_page_of_attendance_speaks_of_those_it_shows_alone(world: World, call: Call) -> None:
    """Today nobody who sees a part of a course alone takes its attendance; if somebody ever does,
    those they do not see are not marked.
    """
    unseen, seen = enrolled(world, call, 2).enrolments.all()
    ticked = QueryDict(f"present={unseen.pk}&present={seen.pk}")
    taken_away = QueryDict(f"noted={unseen.pk}&noted={seen.pk}")
    assert views.changed(ticked, [seen]) == ({seen.pk}, set())
    assert views.changed(taken_away, [seen]) == (set(), {seen.pk})


def test_too_few_sessions_are_no_completion(world: World, call: Call) -> None:
    application = enrolled(world, call, 1)
    officer = world.staff["officer"]
    row = application.enrolments.get()
    for n, session in enumerate(
        seats.schedule(call, world.staff, clock.today() - timedelta(days=30))
    ):
        courses.take_attendance(session, {row.pk} if n < 3 else set(), by=officer)
    with pytest.raises(NotReady, match="5分の4"):
        perform(Enrolment.objects.get(pk=row.pk), "complete", by=officer)
    session = call.sessions.get(n=4)
    courses.take_attendance(session, {row.pk}, by=officer)  # a list corrected afterwards
    assert perform(Enrolment.objects.get(pk=row.pk), "complete", by=officer).state == "completed"


@pytest.mark.parametrize(
    ("days", "is_taken"), [(-32, False), (-31, True), (366, True), (367, False)]
)
def test_a_session_is_near_and_one_that_is_not_held_is_taken_back(
    world: World, call: Call, client: Client, days: int, is_taken: bool
) -> None:
    day = clock.today() + timedelta(days=days)
    typed = {"day_y": day.year, "day_m": day.month, "day_d": day.day, "hour": "14:00"}
    url = f"/staff/calls/{call.pk}/course/"
    client.force_login(world.staff["officer"])
    answer = client.post(url, typed | {"title": "補講", "place": "研修室"})
    assert (answer.status_code == 302, call.sessions.exists()) == (is_taken, is_taken)
    if is_taken:
        assert client.post(f"{url}1/", {"take_back": "1"}).status_code == 302
        assert not call.sessions.exists()


def test_a_session_whose_attendance_was_taken_stays(world: World, call: Call) -> None:
    row = enrolled(world, call, 1).enrolments.get()
    officer, starts_at = world.staff["officer"], clock.now() - timedelta(hours=1)
    held, spare = (
        courses.add_session(call, by=officer, title=title, starts_at=starts_at, place="研修室")
        for title in ("初回", "二重")
    )
    courses.take_attendance(held, {row.pk}, by=officer)
    with pytest.raises(NotReady, match="取り消せません"):
        courses.take_session_back(held, by=officer)
    with pytest.raises(NotReady, match="まだ開いていない"):
        perform(Enrolment.objects.get(), "complete", by=officer)
    courses.take_session_back(spare, by=officer)
    assert perform(Enrolment.objects.get(), "complete", by=officer).state == "completed"


def test_one_firm_asks_for_at_most_its_cap(world: World, call: Call) -> None:
    application = seats.applied(world.sim, call, people=3)
    assert application.requested_amount == 3
    form = drafts.form_of(application, "participants")
    assert len([name for name in form.fields if name.startswith("name_")]) == 3


def test_the_same_person_is_not_named_twice(world: World, call: Call) -> None:
    firm, person = simulation.organisation(world.sim, call)
    application = begin(Application, by=person, call=call, organisation=firm)
    typed = {"name_1": "北村 遥", "work_1": "総務", "name_2": "北村 遥", "work_2": "総務"}
    drafts.save(application, "participants", typed, by=person, page=drafts.Page(0))
    assert "name_2" in drafts.form_of(application, "participants").errors


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            '[course]\nhours = 18\nattendance = "4/5"\nsurvey_months = 6\n',
            "",
            "受講席の制度だけに、必ず",
        ),
        ("seats = 20", "budget = 20", "席数は、受講席の制度だけ"),
        ('kind = "seats"', 'kind = "subsidy"', "受講席の制度だけに、必ず"),
    ],
)
def test_a_programme_of_seats_has_a_course_and_seats(old: str, new: str, reason: str) -> None:
    assert old in TEXT
    with pytest.raises(Mistake, match=reason):
        read(TEXT.replace(old, new))


def test_seats_go_to_the_waiting_list_in_its_order(world: World, call: Call) -> None:
    rows = [seats.accepted(seats.applied(world.sim, call, people=1), world.staff) for _ in range(2)]
    first, second = [seats.approved(row, "waitlist", world.staff) for row in rows]
    with pytest.raises(NotReady, match=str(first.case)):
        seats.approved(second, "enrol", world.staff)
    assert [seats.approved(row, "enrol", world.staff).state for row in (first, second)] == [
        "awarded",
        "awarded",
    ]


def test_who_asked_for_seats_reads_what_was_handed_in(
    world: World, call: Call, client: Client
) -> None:
    application = enrolled(world, call)
    version = application.last_version
    assert version is not None
    client.force_login(version.submitted_by)
    said = dict(client.get(application.case.get_absolute_url()).context["said"])
    assert [row["text"] for row in said[application.words.asked]] == ["2席"]


def test_a_place_that_two_people_gave_is_taken_back_by_two(
    world: World, call: Call, client: Client
) -> None:
    application = enrolled(world, call)
    row = application.enrolments.order_by("pk")[0]
    for person in (world.officer, world.director, world.approver):
        assert not {a.spec.name for a in actions(person, row)} & {"drop", "cancel"}
        with pytest.raises(Forbidden):
            perform(row, "drop", by=person, reason="x")
    given = {"people": [str(row.pk)], "reason": "一度も来られなかったため。"}
    with pytest.raises(NotReady, match="受け持てません"):
        begin(
            Approval,
            by=world.director,
            act="cancel_seats",
            title="t",
            rows=[(application, given)],
            steps=[("decide", world.director)],
        )
    free = line(call).available
    mails = Mail.objects.filter(case=application.case).count()
    seats.approved(application, "cancel_seats", world.staff, given)
    row = Enrolment.objects.get(pk=row.pk)
    assert row.state == "dropped"
    assert line(call).available == free + 1
    paper = Notice.objects.get(case=application.case, kind="seat_cancelled")
    assert ["取消しの理由", "一度も来られなかったため。"] in paper.facts["items"]
    assert Mail.objects.filter(case=application.case).count() > mails
    with pytest.raises(NotReady):  # they hold no place any more
        seats.approved(application, "cancel_seats", world.staff, given)
