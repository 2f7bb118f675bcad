"""Who of the office stands in for whom, and who is away just now. Fictitious."""

from datetime import timedelta

from portal import clock
from portal.accounts import absences
from portal.accounts.models import Deputy
from tools.demonstration.simulation import World

# whose deputy, in which role, is who
DEPUTIES = (
    ("director", "approver", "approver"),
    ("approver", "approver", "director"),
    ("accountant", "finance_officer", "treasurer"),
)


def run(world: World, _applications: object) -> None:
    if Deputy.objects.exists():
        return
    for person, role, stand_in in DEPUTIES:
        absences.name(world.staff[person], role, world.staff[stand_in], by=world.staff[person])
    first = clock.today()  # a draft waits for this person meanwhile
    accountant = world.staff["accountant"]
    absences.enter(accountant, starts_on=first, ends_on=first + timedelta(days=2), by=accountant)
