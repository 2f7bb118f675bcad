"""How long a case is kept that somebody asked to read."""

from datetime import date, timedelta

from portal import clock
from portal.cases.models import Case
from reports.disclosure.models import Disclosure

AFTER = timedelta(
    days=365
)  # from the day after the decision: 公文書等の管理に関する法律施行令 9条1項


def keep_until(case: Case) -> date | None:
    """While a request about it is open there is no last day (date.max); then a year from the
    decision.
    """
    if Disclosure.objects.live().filter(case=case).exists():
        return date.max
    rows = Disclosure.objects.filter(case=case, decided_at__isnull=False)
    days = [clock.day_of(moment) for moment in rows.values_list("decided_at", flat=True) if moment]
    return max(days) + AFTER if days else None
