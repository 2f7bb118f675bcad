"""How long a case is kept whose keeping was extended by decision."""

from datetime import date

from portal.cases.models import Case
from portal.disposals.models import Disposal
from portal.disposals.states import DisposalState


def keep_until(case: Case) -> date | None:
    found = Disposal.objects.filter(case=case, state=DisposalState.EXTENDED).first()
    return None if found is None else found.kept_until
