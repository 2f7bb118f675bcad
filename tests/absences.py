"""Somebody of the office is away, and somebody is named to act meanwhile."""

from datetime import timedelta

from portal import clock
from portal.accounts import absences
from portal.accounts.models import Absence, Deputy, User


def away(person: User, days: int = 3, first: int = 0) -> Absence:
    """For some days, from today or from a later day on."""
    today = clock.today()
    return absences.enter(
        person,
        starts_on=today + timedelta(days=first),
        ends_on=today + timedelta(days=first + days - 1),
        by=person,
    )


def named(person: User, *stand_ins: User, role: str = "approver") -> list[Deputy]:
    """The person's deputies, in this order."""
    return [absences.name(person, role, each, by=person) for each in stand_ins]


def deputised(person: User, stand_in: User) -> None:
    """The approver is away, and the other one stands in."""
    named(person, stand_in)
    away(person)
