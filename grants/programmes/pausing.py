"""What a pause of the intake takes from applicants, and how it is given back; who is told."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.functional import lazy

from grants.programmes.ports import drafts_in, undecided_in
from portal.accounts.models import User
from portal.workflow.door import tell
from portal.workflow.outgoing import Outgoing

if TYPE_CHECKING:
    from grants.programmes.models import Call

DAY = timedelta(days=1)


def days_lost(opens_at: datetime, closes_at: datetime, since: datetime, until: datetime) -> int:
    """Days that a pause took from an intake period; one that was begun counts whole."""
    begun = max(opens_at, since)
    return 0 if closes_at < since or until <= begun else -((begun - until) // DAY)


def give_back(call: "Call", since: datetime, until: datetime) -> None:
    """Each period that the pause fell into closes so many days later, at the same hour."""
    for period in call.periods.all():
        if days := days_lost(period.opens_at, period.closes_at, since, until):
            period.closes_at += days * DAY
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
