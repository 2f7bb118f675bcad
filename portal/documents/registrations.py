"""What this room fills in elsewhere."""

from django.core.checks import Tags
from django.core.checks import register as register_check
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.ports import OwnTable, own_tables
from portal.cases import visibility
from portal.cases.ports import (
    DossierPart,
    case_files,
    disposals,
    dossier_parts,
    named_rows,
    page_names,
    read_pages,
    reading_words,
)
from portal.documents import archive, checks_at_start, dossier, own_data, store, watched
from portal.documents.models import Document
from portal.documents.ports import holders
from portal.health.ports import probes

PAGES = [
    ("document", _lazy("書類")),
]


def register() -> None:
    probes.add_all(watched.PROBES)
    for page, label in PAGES:
        page_names.add(page, label)
    read_pages.add("document", lambda pk: Q(pk__in=Document.objects.filter(pk=pk).values("case")))
    named_rows.add(
        "document",
        lambda keys: dict(Document.objects.filter(pk__in=keys).values_list("pk", "name")),
    )
    reading_words.add("document.view", _lazy("書類を画面で見た"))
    reading_words.add("document.original", _lazy("書類を取り出した"))

    own_tables.add(
        "documents",
        OwnTable(
            label=_lazy("送った書類"),
            head=(_lazy("案件"), _lazy("日時"), _lazy("名前")),
            rows=own_data.documents,
        ),
    )
    holders.add("documents", Document)
    case_files.add("documents", archive.files)

    for check in (
        checks_at_start.scanner_is_set,
        checks_at_start.storage_is_shared,
        checks_at_start.not_a_demonstration,
    ):
        register_check(check, Tags.security, deploy=True)

    disposals.add("documents", store.destroy)
    dossier_parts.add(
        "documents",
        DossierPart(
            label="書類",
            readers=visibility.WORKERS,
            sections=dossier.catalogue,
            papers=dossier.papers,
        ),
    )
