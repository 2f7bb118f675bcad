"""Days of a call on which the office is closed: said to whoever makes and approves it, and not refused, since an
intake through the portal may end on any day.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.closures import calendars

if TYPE_CHECKING:
    from grants.programmes.models import Call
    from portal.types import Text


def on_closed_days(call: "Call") -> list[tuple["Text", date]]:
    """(what, day) of each, in the order in which they come on the form."""
    days: list[tuple[Text, date]] = []
    for period in call.periods.all():
        days.append((_lazy("受付の始まり"), clock.day_of(period.opens_at)))
        days.append((_lazy("受付の終わり"), clock.day_of(period.closes_at)))
    days.append((_lazy("交付決定の予定日"), call.decision_on))
    for briefing in call.briefings:
        at = datetime.fromisoformat(briefing["at"])
        days.append((_lazy("説明会の日"), clock.day_of(at)))
    workdays = calendars.of_case(call)
    return [(what, day) for what, day in days if not workdays.is_open(day)]
