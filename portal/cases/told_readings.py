"""What was opened, in words: the row or the act that a reading names by its key."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.cases.models import Reading
from portal.cases.ports import named_rows, page_names
from portal.types import Text
from portal.workflow.graph import life_cycles


def told(readings: Iterable[Reading]) -> list[Reading]:
    """The readings, each with what was opened (`named`; "" where its words say it all). One query
    for each kind of row, whatever their number.
    """
    found = list(readings)
    keys: dict[str, set[int]] = {}
    for reading in found:
        model, _colon, key = reading.subject.partition(":")
        if model in named_rows and key.isdigit():
            keys.setdefault(model, set()).add(int(key))
    names = {
        (model, str(key)): name
        for model, of_it in keys.items()
        for key, name in named_rows[model](of_it).items()
    }
    labels = {
        (str(model._meta.model_name), name): spec.label
        for model in life_cycles()
        for name, spec in model.specs().items()
    }
    pages = dict(page_names.items())
    for reading in found:
        row, _mark, filters = reading.subject.partition("?")
        model, _colon, key = row.partition(":")
        name = names.get((model, key), "")
        page = _act(labels.get((model, key)) or pages.get(model, ""))
        if row.isdigit():  # of a list
            page = _("%(n)s件") % {"n": f"{int(row):,}"}
        if model in pages and key:  # of a page that shows many cases: of which call, which batch
            page = f"{page}　{name}".strip()
            name = ""
        reading.named = "　".join(part for part in (name or page, filters) if part)
    return found


def _act(label: Text) -> str:
    return _("「%(act)s」のページ") % {"act": label} if label else ""
