"""代決: who may act in the place of the person whose step it is, while this person is away or lets it wait
too long.

Deputies are named beforehand (`portal/accounts/absences.py`); here is asked which of them it is now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    Q,
    Subquery,
    Value,
)
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import Deputy, User, away, away_until, stood_for
from portal.accounts.permissions import any_of, holds
from portal.approvals.models.rules import deputies_after, shortest_wait, tables_of
from portal.approvals.stations import DUTY_OF_STEP, ROLES_OF_STEP, Named
from portal.cases.interests import asked_by_case
from portal.together import together
from portal.workflow import duties

if TYPE_CHECKING:
    from portal.approvals.models import Approval, Step

# what is read with approvals before it is asked of many
READ = (
    "steps__person__staff_roles",
    "steps__person__absences",
    "steps__person__deputies__stand_in__staff_roles",
    "steps__person__deputies__stand_in__absences",
    "drafted_by__staff_roles",
    "items__case",
)


@dataclass(frozen=True)
class Kept:
    """Of an approval: whom an interest in one of its cases, or what they did on one, keeps out of a
    step of each kind; and after how many days of waiting deputies may act (None: never).
    """

    out: dict[str, set[int]]
    deputies_after: int | None


def covers(person: User, roles: Collection[str], approval: Approval) -> bool:
    """Do the person's live `roles` cover every case of the approval?"""
    return holds(person, approval, *roles)


def named(step: Step) -> list[Deputy]:
    """The deputies of the step's person in a role by which the step can be taken, in their order."""
    return [
        deputy
        for deputy in step.person.deputies.all()
        if deputy.is_in_force and deputy.role in ROLES_OF_STEP[step.kind]
    ]


def able(approval: Approval, step: Step) -> list[Deputy]:
    """Who may act now in the place of a step's person, in their order: nobody while this person is
    there and has not let it wait too long, and each one only while all before are away or may not
    act themselves.
    """
    deputies = named(step)
    if not deputies or (away_until(step.person) is None and not _waited_long(approval, step)):
        return []
    found = []
    for deputy in deputies:
        if not _fits(approval, step, deputy):
            continue
        found.append(deputy)
        if away_until(deputy.stand_in) is None:
            break
    return found


def wait_for(approval: Approval, step: Step) -> list[User]:
    """Whose turn the step makes it: the person's, the deputy's who is there while the person is
    away, and both where it has waited too long.
    """
    found = able(approval, step)
    deputies = [found[-1].stand_in] if found and away_until(found[-1].stand_in) is None else []
    if deputies and away_until(step.person) is not None:
        return deputies
    return [step.person, *deputies]


def free_from(approval: Approval, step: Step) -> datetime | None:
    """From when on deputies may act though the person is there: so many days after the step began to
    wait as every municipality of the cases says; None where one says nothing.
    """
    days = _kept(approval).deputies_after
    if days is None:
        return None
    before = [each.decided_at for each in approval.steps_now if each.n < step.n]
    sent = approval.state_since if approval.is_circulated else None  # else it is being sent now
    began = max(filter(None, before), default=sent or clock.now())
    return datetime.combine(clock.day_of(began) + timedelta(days=days), time(), clock.JST)


def perhaps_free() -> Q:
    """The steps at which a deputy may act, and others. What the database can tell, before each is looked
    at.
    """
    return any_of(ways_to_be_free())


def ways_to_be_free() -> list[Q]:
    """Their person is away, or their draft has gone round as long as the shortest rule says: each is
    asked by itself, since mostly nobody is away and no rule says so, and then no step is read.
    """
    tomorrow = datetime.combine(clock.today() + timedelta(days=1), time(), clock.JST)
    waited = ExpressionWrapper(
        Subquery(shortest_wait()) * Value(timedelta(days=1)), DurationField()
    )
    began = ExpressionWrapper(Value(tomorrow, DateTimeField()) - waited, DateTimeField())
    waited_long = Q(Exists(shortest_wait())) & Q(approval__state_since__lt=began)
    return [Q(person__in=away().values("person")), waited_long]


def _waited_long(approval: Approval, step: Step) -> bool:
    moment = free_from(approval, step)
    return moment is not None and moment <= clock.now()


def _fits(approval: Approval, step: Step, deputy: Deputy) -> bool:
    """Both hold the role over every case, and nothing keeps the deputy from it; whoever has a station
    of the round themselves, or took one for another, agrees for nobody else.
    """
    stand_in = deputy.stand_in
    stations = approval.steps_now
    taken = {who for each in stations for who in (each.person_id, each.decided_by_id)}
    return (
        stand_in.is_active
        and stand_in.pk != approval.drafted_by_id
        and (step.kind == "decide" or stand_in.pk not in taken)
        and covers(step.person, (deputy.role,), approval)
        and covers(stand_in, (deputy.role,), approval)
        and stand_in.pk not in _kept(approval).out[step.kind]
    )


def _kept(approval: Approval) -> Kept:
    if "standing_in" not in approval.__dict__:
        fill([approval])
    kept: Kept = approval.__dict__["standing_in"]
    return kept


def fill(approvals: Collection[Approval]) -> None:
    """Let each approval keep what is asked of it for all deputies. As many queries for many as for
    one.
    """
    cases = {approval.pk: approval.touched_cases() for approval in approvals}
    every = [case for found in cases.values() for case in found]
    subjects = {approval.pk: set(approval.duty_subjects()) for approval in approvals}
    with together() as ask:
        interests = asked_by_case(ask, every)
        tables = ask(tables_of(every))
        done = ask(duties.done_by_anyone(set().union(*subjects.values())))
    interested, duties_of = defaultdict(set), defaultdict(list)
    for person, case in interests():
        interested[case].add(person)
    for subject, person, did in done:
        duties_of[subject].append((person, did))
    for approval in approvals:
        people = set().union(*(interested[case.pk] for case in cases[approval.pk]))
        out = {
            kind: people
            | {
                person
                for subject in subjects[approval.pk]
                for person, did in duties_of[subject]
                if did in duties.against(duty, subject)
            }
            for kind, duty in DUTY_OF_STEP.items()
        }
        kept = Kept(out, deputies_after(tables, cases[approval.pk]))
        approval.__dict__["standing_in"] = kept


class StandIn(Named):
    """代決: a deputy who may act now in the place of a person whose step it is."""

    def named(self, user: User, approval: Approval) -> tuple[str, ...] | str:
        for step in approval.open_steps:
            for deputy in able(approval, step):
                if deputy.stand_in_id == user.pk:
                    return (deputy.role,)
        return _(
            "代決できるのは、受け持つ方が不在の間か、規則の日数がたったあとの、決めてある代決者だけです。"
        )

    def q(self, user: User) -> Q:
        return Q(steps__person__in=stood_for(user.pk), steps__decided_at=None)
