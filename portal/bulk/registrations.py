"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.bulk import acts
from portal.cases.ports import (
    Erasure,
    bulk_acts,
    erasures,
    page_names,
    read_pages,
)

PAGES = [
    ("bulk", _lazy("まとめて行うことの確認")),
    ("bulk_report", _lazy("まとめて行ったこと")),
]


def register() -> None:
    for page, label in PAGES:
        page_names.add(page, label)
    for page in ("bulk", "bulk_report"):
        read_pages.add(page, lambda _pk: None)
    bulk_acts.add("assign", acts.ASSIGN)
    erasures.add(
        "portal_bulk.BulkRow", Erasure(blank={"reasons": [], "reasons_en": [], "hints": []})
    )
