"""What this room fills in elsewhere."""

from portal.bulk import acts
from portal.cases.ports import (
    Erasure,
    bulk_acts,
    erasures,
    read_pages,
)


def register() -> None:
    for page in ("bulk", "bulk_report"):
        read_pages.add(page, lambda _pk: None)
    bulk_acts.add("assign", acts.ASSIGN)
    erasures.add("portal_bulk.BulkRow", Erasure(blank={"reasons": [], "hints": []}))
