"""What a pause of the intake takes from applicants, and how it is given back; who is told."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.functional import lazy

from grants.programmes.ports import drafts_in, undecided_in
from portal.accounts.models import User
from portal.workflow.door import tell
from portal.workflow.outgoing import Outgoing

if TYPE_CHECKING:
    from grants.programmes.models import Call, IntakePeriod

DAY = timedelta(days=1)
SHORTEST = timedelta(hours=1)  # planning value: a shorter pause takes nobody's day


def days_lost(opens_at: datetime, closes_at: datetime, since: datetime, until: datetime) -> int:
    """Days that a pause took from an intake period; one that was begun counts whole, but for a pause
    of less than an hour: else whoever pauses again and again moves the end as far as they like.
    """
    begun = max(opens_at, since)
    return 0 if closes_at < since or until - begun < SHORTEST else -((begun - until) // DAY)


def ends_given(
    call: "Call", since: datetime, until: datetime
) -> list[tuple["IntakePeriod", datetime]]:
    """The periods that the pause fell into, each with its later end: so many days, at the same hour."""
    found = [
        (period, days_lost(period.opens_at, period.closes_at, since, until))
        for period in call.periods.all()
    ]
    return [(period, period.closes_at + days * DAY) for period, days in found if days]


def give_back(call: "Call", since: datetime, until: datetime) -> None:
    """Each period that the pause fell into closes later."""
    for period, closes_at in ends_given(call, since, until):
        period.closes_at = closes_at
        period.save()


def tell_drafts(call: "Call", outgoing: Outgoing, by: User) -> None:
    """Write to everyone with a draft; `until`: when it closes, by now."""
    last = max((period.closes_at for period in call.periods.all()), default=None)
    for case in drafts_in.value(call):
        tell(case, "applicant", outgoing, by=by, until=lazy(call.intake_until, str)(last))


def tell_applicants(call: "Call", outgoing: Outgoing, by: User) -> None:
    """Write to everyone who has applied and waits for a decision."""
    for case in undecided_in.value(call):
        tell(case, "applicant", outgoing, by=by)
