"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.cases.ports import disposals, page_names, reading_words
from reports.dossiers import making

NAMED = [
    ("dossier", _lazy("一件書類")),
]


def register() -> None:
    for page, label in NAMED:
        page_names.add(page, label)
    reading_words.add("case.dossier", _lazy("一件書類を取り出した"))
    disposals.add("dossiers", making.forget_of)
