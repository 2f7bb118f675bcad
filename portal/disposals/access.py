"""Who sees what becomes of records."""

from django.shortcuts import get_object_or_404

from portal.accounts.models import User
from portal.approvals.stations import DRAFTERS
from portal.cases.models import Case
from portal.disposals.models import Disposal

KEEPERS = (*DRAFTERS, "auditor")
READERS = (*KEEPERS, "administrator")  # of the register, which names nobody


def disposal_for(user: User, pk: int) -> Disposal:
    """A row whose case the person still sees, else 404."""
    rows = Disposal.objects.select_related("case")
    return get_object_or_404(rows, pk=pk, case__in=Case.objects.worked_on_by(user))
