"""What this room fills in elsewhere."""

from portal.bulk import acts
from portal.cases.ports import Erasure, bulk_acts, erasures


def register() -> None:
    bulk_acts.add("assign", acts.ASSIGN)
    erasures.add("portal_bulk.BulkRow", Erasure(blank={"reasons": []}))
