"""How much a draft keeps of what is typed into a section: its own fields alone, each with room beyond its
limit.

Whoever is a little over a limit is told so beside the field, and what they typed is kept until they
shorten it; what is far beyond stays on their page.
"""

import re
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _

from grants.applications import drafts
from grants.applications.cost_forms import ItemForm
from grants.applications.models import Application
from grants.applications.rules import MAX_ITEMS
from portal.ui.forms import Day
from portal.workflow.errors import TooLong

TIMES, LEAST, OF_OTHERS = 2, 400, 200  # of a field's limit; signs of a text; of what has no limit
_ROW = re.compile(r"item-(\d{1,3})-(\w+)", re.ASCII)
_COUNTS = ("item-TOTAL_FORMS", "item-INITIAL_FORMS")
_PARTS = ("_y", "_m", "_d")


def own(application: Application, key: str, post: Mapping[str, object]) -> dict[str, str]:
    """What was typed into the fields of a section, as stored."""
    typed = drafts.typed(post)
    fields = _fields(application, key, typed)
    return {name: text for name, text in typed.items() if _is_known(fields, key, name)}


def demand(application: Application, key: str, typed: Mapping[str, str]) -> None:
    """Raises TooLong where a value is far longer than its field takes."""
    fields = _fields(application, key, typed)
    over = {
        str(field.label)
        for name, text in typed.items()
        if (field := _field(fields, key, name)) is not None and len(text) > of(field)
    }
    if over:
        raise TooLong(
            _("長すぎるため、保存していません。短くしてください：%(fields)s")
            % {"fields": "、".join(sorted(over))}
        )


def of(field: forms.Field) -> int:
    """How many signs are kept of what is typed into a field."""
    limit = getattr(field, "max_length", None)
    return OF_OTHERS if limit is None else max(TIMES * int(limit), LEAST)


def _fields(
    application: Application, key: str, typed: Mapping[str, str]
) -> Mapping[str, forms.Field]:
    """Some follow what is typed: a challenge that is closed stays where it was chosen."""
    return drafts.form_classes(application)[key](typed, application=application).fields


def _is_known(fields: Mapping[str, forms.Field], key: str, name: str) -> bool:
    return _field(fields, key, name) is not None or (key == "costs" and name in _COUNTS)


def _field(fields: Mapping[str, forms.Field], key: str, name: str) -> forms.Field | None:
    """The field that a control of this name belongs to: a day has three."""
    if key == "costs" and (row := _ROW.fullmatch(name)):
        return _named(ItemForm.base_fields, row[2]) if int(row[1]) < MAX_ITEMS else None
    return _named(fields, name)


def _named(fields: Mapping[str, forms.Field], name: str) -> forms.Field | None:
    if name in fields:
        return fields[name]
    day = fields.get(name[:-2]) if name.endswith(_PARTS) else None
    return day if isinstance(day, Day) else None
