"""Whose day runs out in between two moments: of the applicant's turns those that end at midnight. What
ends earlier on its day ends with an intake, which its own room names.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.cases.models import Turn
from portal.cases.ports import due_moments
from portal.maintenance.ports import Ending


def endings(since: datetime, until: datetime) -> list[Ending]:
    rows = (
        Turn.objects.filter(
            side="applicant",
            due_on__gte=clock.day_of(since) - timedelta(days=1),
            due_on__lte=clock.day_of(until),
        )
        .exclude(what__in=list(due_moments))
        .order_by("due_on")
        .values_list("due_on")
        .annotate(Count("case", distinct=True))
    )
    ends = [(_end_of(day), n) for day, n in rows if day is not None]
    return [
        Ending(at=at, what=_lazy("申請者の期限"), cases=n) for at, n in ends if since < at <= until
    ]


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), clock.JST)
