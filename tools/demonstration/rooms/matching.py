"""The fictitious year's matches: of the first proposals one goes to interviews,
one is agreed and one declined.
"""

from datetime import datetime, time, timedelta

from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User
from portal.closures import calendars
from portal.registry.codes import SAPPORO
from portal.workflow.door import perform
from startups.matching.models import Match
from startups.matching.starting import start_matching
from tools.demonstration import simulation
from tools.demonstration.simulation import World, at

REASONS = {
    "agree": "現場で確かめる価値が高く、実証のあとの費用も見込めるため。",
    "decline": "同じ仕組みを来年度に更新する予定があり、いまは現場で試せないため。",
}


def run(world: World, _applications: object) -> None:
    """Of the proposals whose intake is over the first is decided by each municipality,
    the second waits for a time to be picked.
    """
    staff = world.staff
    handed_in = Application.objects.filter(
        call__programme__code="open_innovation", state="submitted"
    ).order_by("pk")
    rows = [row for row in handed_in.select_related("call") if row.call.is_intake_over]
    for application in rows:
        with clock.at(at(clock.today() - timedelta(days=30), 10)):
            accepted(application, staff)
    for n, application in enumerate(rows[:2]):
        with clock.at(at(clock.today() - timedelta(days=12), 10)):
            matches = start_matching(
                Application.objects.get(pk=application.pk), by=staff["concierge"]
            )
            if n == 0:
                matches = [offered(match, staff) for match in matches]
        for match in matches:
            if n == 0:
                with clock.at(at(clock.today() - timedelta(days=5), 10)):
                    decided(
                        match, staff, "agree" if match.municipality_id == SAPPORO else "decline"
                    )
            else:
                offered(match, staff)


def accepted(application: Application, staff: dict[str, User]) -> Application:
    simulation.all_clear(application, "登記と納税を確かめた", by=staff["officer"])
    return perform(Application.objects.get(pk=application.pk), "accept", by=staff["officer"])


def owner(match: Match, staff: dict[str, User]) -> User:
    """Who speaks for the municipality; where the year has nobody, one who is given the role."""
    person = {SAPPORO: "owner", "012319": "eniwa_owner"}.get(match.municipality_id, "")
    return staff[person or "eniwa_owner"]


def offered(match: Match, staff: dict[str, User]) -> Match:
    """Two times for an interview, where the municipality has an owner of its own."""
    days = [calendars.office(SAPPORO).add(clock.today(), n) for n in (3, 4)]
    slots = [datetime.combine(day, time(10), tzinfo=clock.JST).isoformat() for day in days]
    if match.municipality_id not in (SAPPORO, "012319"):
        return match
    return perform(match, "invite", by=owner(match, staff), slots=slots, place="市役所本庁舎12階")


def decided(match: Match, staff: dict[str, User], opinion: str) -> Match:
    """Through the interview to the letter, as far as the municipality has its people."""
    if match.state != "interviewing":
        return match
    person = match.case.organisation.memberships.get(role="representative").user
    match = perform(match, "pick", by=person, slot=match.slots[0])
    match = perform(
        match,
        "consider",
        by=owner(match, staff),
        minutes="現場の流れと費用を確かめた。",
        opinion=opinion,
    )
    return perform(match, opinion, by=staff["approver"], reason=REASONS[opinion])
