"""Who and what the fictitious year works with: staff, programmes and their calls, past and present."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Max

from grants.budget.calls import make_lines
from grants.programmes import loading
from grants.programmes.forms import usual_yen
from grants.programmes.models import Call, Programme
from portal import clock, fiscal
from portal.accounts.models import User
from portal.closures import calendars
from portal.registry.codes import SAPPORO
from portal.workflow.door import begin, perform
from tools.demonstration import people, senders

# programmes that had a round earlier this year, decided by now
SPRING = ("dx_promotion", "iot", "telework")
STAGES = ("draft", "submitted", "returned", "accepted", "decided")


@dataclass
class World:
    """Who and what the fictitious year works with."""

    rng: random.Random
    staff: dict[str, User]
    calls: list[Call] = field(default_factory=list)
    spring: list[Call] = field(default_factory=list)
    serial: int = 0


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.JST)


def prepare(seed: int) -> World:
    """Staff, the first applicant, programmes and their calls.

    Each programme has one past and one present call, some have one between.
    """
    with clock.at(at(clock.today() - timedelta(days=560))):
        world = World(random.Random(seed), people.staff())  # noqa: S311  chance, not a secret
        people.applicants()
        senders.enter(world.staff)
        loading.load_programmes(
            loading.DATA, by=world.staff["officer"], approved_by=world.staff["approver"]
        )
    today = clock.today()
    approved = Programme.objects.filter(state="approved").order_by("order")
    for programme in [p for p in approved if p.stated.kind == "subsidy"]:
        for ago in (400, 0):
            world.calls.append(_call(world, programme, today, ago))
        if programme.code in SPRING:
            world.spring.append(_call(world, programme, today, 230))
    return world


def is_over(call: Call) -> bool:
    """True where nobody can apply any more."""
    return call.closes_at is not None and call.closes_at < clock.now()


def takes_more(call: Call) -> bool:
    """True where nothing has been decided and nobody reviews yet, so that more cases may still come."""
    return call.state == "announced" and not call.panels.exists()


def _call(world: World, programme: Programme, today: date, ago: int) -> Call:
    """Past calls opened `ago` days ago for fifty days.

    Present ones opened some weeks ago and close in one to nine weeks.
    """
    n = programme.order
    opens = today - timedelta(days=ago + n) if ago else today - timedelta(days=45 + n)
    closes = opens + timedelta(days=50) if ago else today + timedelta(days=7 + 9 * n)
    year = fiscal.fiscal_year(closes)
    last = fiscal.fiscal_year_end(year)
    # the money is of one year, and so are the projects
    decided = min(
        closes + timedelta(days=40), max(closes + timedelta(days=1), last - timedelta(days=60))
    )
    decision = calendars.office(SAPPORO).next_open(decided)
    round_no = {400: 1, 0: 2}.get(
        ago, 1 if year != fiscal.fiscal_year(today - timedelta(days=400 + n)) else 3
    )
    rounds = Call.objects.filter(programme=programme, fiscal_year=year)
    there = rounds.filter(round_no=round_no).first()
    if there is not None and takes_more(there):
        return there
    if there is not None:  # an earlier year brought it to its end
        round_no = (rounds.aggregate(last=Max("round_no"))["last"] or 0) + 1
    with clock.at(at(opens - timedelta(days=20))):
        call = begin(
            Call,
            by=world.staff["officer"],
            programme=programme,
            fiscal_year=year,
            round_no=round_no,
            periods=[(at(opens, 9), at(closes, 17))],
            decision_on=decision,
            project_ends_on=min(
                max(last - timedelta(days=12), decision + timedelta(days=30)), last
            ),
            briefings=[
                {"at": at(opens + timedelta(days=7), 14).isoformat(), "place": "オンライン"}
            ],
        )
        budgets = []
        for frame in programme.stated.frames:
            budgets += [(frame.key, "yen", yen)] if (yen := usual_yen(frame)) else []
            budgets += [(frame.key, "slots", frame.slots)] if frame.slots else []
        make_lines(call, budgets, by=world.staff["officer"])
        call = perform(call, "approve", by=world.staff["approver"])
        return perform(call, "announce", by=world.staff["officer"])
