"""How long a case is kept for money that has to come back."""

from datetime import date

from grants.recovery.models import Recovery
from portal.cases.models import Case


def keep_until(case: Case) -> date | None:
    return date.max if Recovery.objects.owed().filter(case=case).exists() else None
