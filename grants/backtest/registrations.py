"""What this room fills in elsewhere."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _lazy

from grants.backtest.views import READ
from grants.programmes.models import Programme, Sketch
from portal.cases.ports import named_rows, page_names, read_pages, reading_words

PAGES = ("sketch_past", "programme_past")


def register() -> None:
    for page in PAGES:
        page_names.add(page, _lazy("過去の申請に当てはめる"))
        read_pages.add(page, lambda _pk: None)
    named_rows.add("sketch_past", _sketches)
    named_rows.add("programme_past", _revisions)
    reading_words.add(READ, _lazy("制度の版を過去の申請に当てはめた表を取り出した"))


def _sketches(keys: Collection[int]) -> dict[int, str]:
    return {row.pk: row.code for row in Sketch.objects.filter(pk__in=keys)}


def _revisions(keys: Collection[int]) -> dict[int, str]:
    return {row.pk: str(row) for row in Programme.objects.filter(pk__in=keys)}
