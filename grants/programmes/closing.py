"""Which intakes close in between two moments."""

from datetime import datetime

from grants.programmes.models import IntakePeriod
from grants.programmes.states import CALL_RUNNING
from portal.maintenance.ports import Ending


def endings(since: datetime, until: datetime) -> list[Ending]:
    rows = IntakePeriod.objects.filter(
        call__state__in=CALL_RUNNING, closes_at__gt=since, closes_at__lte=until
    )
    found = rows.select_related("call__programme").order_by("closes_at", "pk")
    return [Ending(at=row.closes_at, what=str(row.call)) for row in found]
