"""The fictitious year's courses: last year's completed with certificates and surveys,
this year's taking applications.

Fictitious.
"""

from datetime import date, datetime, time, timedelta

from grants.applications import drafts, submit
from grants.applications.models import Application
from grants.budget.calls import make_lines
from grants.programmes.models import Call, Programme
from grants.seats import courses
from grants.seats.models import Enrolment, Session
from portal import clock, fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.closures import calendars
from portal.registry.codes import SAPPORO
from portal.types import Given
from portal.workflow.door import begin, perform
from tools.demonstration import simulation
from tools.demonstration.simulation import World, at

TITLES = (
    "任せる仕事を選ぶ",
    "文書と表で試す",
    "自社のデータで試す",
    "間違いと情報の守り方",
    "続けて使う計画",
)
PLACE = "エレクトロニクスセンター研修室"


def run(world: World, _applications: list[Application]) -> None:
    """Last year: two firms, one participant absent too often.

    This year: an open call with an application and a full course's waiting list.
    """
    if Call.objects.filter(programme__code="ai_training").exists():
        return
    staff, today = world.staff, clock.today()
    ago = today - timedelta(days=400)
    past = call_of(staff, ago, seats=20)
    rows = [enrolled(world, past, ago + timedelta(days=10), people=n) for n in (2, 1)]
    taught(past, staff, ago + timedelta(days=60), absent={rows[0].enrolments.order_by("pk")[1].pk})
    present = call_of(staff, today - timedelta(days=20), seats=3)
    enrolled(world, present, today - timedelta(days=12), people=3)
    with clock.at(at(today - timedelta(days=3), 10)):
        waiting = applied(world, present, people=2)
        approved(accepted(waiting, staff), "waitlist", staff)
        applied(world, present, people=1)
    schedule(present, staff, today + timedelta(days=30))


def call_of(staff: dict[str, User], day: date, *, seats: int) -> Call:
    """A call of the course with so many seats, open for sixty days from `day`."""
    programme = Programme.objects.get(code="ai_training", state="approved")
    year = fiscal.fiscal_year(day)
    with clock.at(at(day, 9)):
        number = Call.objects.filter(programme__code="ai_training", fiscal_year=year).count() + 1
        call = begin(
            Call,
            by=staff["officer"],
            programme=programme,
            fiscal_year=year,
            round_no=number,
            periods=[(at(day, 9), at(day + timedelta(days=60), 17))],
            decision_on=day + timedelta(days=70),
            project_ends_on=fiscal.fiscal_year_end(year),
        )
        make_lines(call, [(programme.stated.frames[0].key, "seats", seats)], by=staff["officer"])
        return perform(
            perform(call, "approve", by=staff["approver"]), "announce", by=staff["officer"]
        )


def applied(world: World, call: Call, *, people: int) -> Application:
    """An application for so many participants, submitted."""
    _firm, person = simulation.organisation(world, call)
    application = begin(Application, by=person, call=call, organisation=_firm)
    simulation.fill(world, application, person, complete=True, skip=("costs",))
    names = [f"{person.name.split()[0]} {given}" for given in ("一郎", "花子", "次郎")[:people]]
    typed = {f"name_{n}": name for n, name in enumerate(names, 1)} | {
        f"work_{n}": "受注と在庫の管理" for n in range(1, people + 1)
    }
    drafts.save(application, "participants", typed, by=person, page=drafts.Page(0))
    return submit.submit(application, by=person)


def accepted(application: Application, staff: dict[str, User]) -> Application:
    simulation.all_clear(application, "登記で確かめた", by=staff["officer"])
    return perform(Application.objects.get(pk=application.pk), "accept", by=staff["officer"])


def approved(
    application: Application, act: str, staff: dict[str, User], given: Given | None = None
) -> Application:
    """Draft, circulate and approve an act on the application."""
    approval = begin(
        Approval,
        by=staff["officer"],
        act=act,
        title="AI人材育成プログラム",
        rows=[(application, given or {})],
        steps=[("agree", staff["approver"]), ("decide", staff["director"])],
    )
    approval = perform(
        perform(approval, "circulate", by=staff["officer"]), "agree", by=staff["approver"]
    )
    perform(approval, "approve", by=staff["director"])
    return Application.objects.get(pk=application.pk)


def enrolled(world: World, call: Call, day: date, *, people: int) -> Application:
    """From the application to the decision on its seats."""
    with clock.at(at(day, 10)):
        application = applied(world, call, people=people)
    with clock.at(at(day + timedelta(days=2), 10)):
        return approved(accepted(application, world.staff), "enrol", world.staff)


def schedule(call: Call, staff: dict[str, User], first: date) -> list[Session]:
    """Five sessions, one a week, entered a week before the first at the latest."""
    found = []
    with clock.at(min(clock.now(), at(first - timedelta(days=7), 10))):
        for n, title in enumerate(TITLES):
            starts_at = datetime.combine(
                calendars.office(SAPPORO).next_open(first + timedelta(days=7 * n)),
                time(14),
                clock.JST,
            )
            found.append(
                courses.add_session(
                    call, by=staff["officer"], title=title, starts_at=starts_at, place=PLACE
                )
            )
    return found


def taught(call: Call, staff: dict[str, User], first: date, *, absent: set[int]) -> None:
    """Every session held; those `absent` came only to the first.

    Whoever came often enough completes; one survey is answered.
    """
    sessions = schedule(call, staff, first)
    for session in sessions:
        here = {row.pk for row in courses.of_course(call) if session.n == 1 or row.pk not in absent}
        with clock.at(session.starts_at + timedelta(hours=3)):
            courses.take_attendance(session, here, by=staff["officer"])
    with clock.at(sessions[-1].starts_at + timedelta(days=1)):
        done = [
            perform(row, "complete", by=staff["officer"])
            for row in courses.of_course(call)
            if row.pk not in absent
        ]
        for row in courses.of_course(call):
            if row.pk in absent:
                given = {
                    "people": [str(row.pk)],
                    "reason": "出席が修了の要件に届きませんでした。",
                }
                approved(row.application, "cancel_seats", staff, given)
    asked = done[0].survey_on
    if asked is not None and asked <= clock.today():
        with clock.at(at(asked, 10)):
            person = done[0].case.organisation.memberships.get(role="representative").user
            fresh = Enrolment.objects.get(pk=done[0].pk)
            courses.answer_survey(
                fresh,
                by=person,
                used="daily",
                hours_saved=12,
                text="見積書の下書きに使っています。",
            )
