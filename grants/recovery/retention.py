"""How long a case is kept for money that has to come back."""

from datetime import date

from grants.recovery.models import MoneyIn, Recovery
from portal.cases.models import Case


def keep_until(case: Case) -> date | None:
    held = MoneyIn.objects.standing().early().filter(unordered__case=case, refunded_on=None)
    is_open = Recovery.objects.owed().filter(case=case).exists() or held.exists()
    return date.max if is_open else None


def blank_early(case: Case) -> None:
    """Money that no order took up hangs on its award alone: no path of an erasure leads to it."""
    MoneyIn.objects.early().filter(unordered__case=case).update(note="", doubt="", payer="")
