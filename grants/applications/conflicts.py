"""What two writers of one section see of each other: labels and choices in words, no names of
fields.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.forms import ChoiceField, ModelChoiceField
from django.utils.translation import gettext as _


def labelled(
    differences: Mapping[str, tuple[str, str]], form: Any, items: Any
) -> list[tuple[str, str]]:
    """(label of the control, what I typed) of what differs, as the page shows it: no names of
    fields, choices in words.
    """
    return [
        (_label(name, form, items), _shown(name, mine, form, items))
        for name, (_theirs, mine) in differences.items()
    ]


def _control(name: str, form: Any, items: Any) -> tuple[Any, str]:
    """(the bound control that `name` belongs to, words before its label)."""
    row, where = form, ""
    parts = name.split("-")
    if (
        items is not None
        and len(parts) == 3
        and parts[1].isdigit()
        and int(parts[1]) < len(items.forms)
    ):
        row, name, where = (
            items.forms[int(parts[1])],
            parts[2],
            _("%(n)s行目の") % {"n": int(parts[1]) + 1},
        )
    base = name if name in row.fields else re.sub(r"_[ymd]$", "", name)
    return (row[base] if base in row.fields else None), where


def _label(name: str, form: Any, items: Any) -> str:
    control, where = _control(name, form, items)
    unit = (
        {"y": _("年"), "m": _("月"), "d": _("日")}.get(name[-1], "")
        if re.search(r"_[ymd]$", name)
        else ""
    )
    if control is None:
        return _("行の数") if name.endswith("TOTAL_FORMS") else name
    return f"{where}{control.label}{f'（{unit}）' if unit and control.name != name.split('-')[-1] else ''}"


def _shown(name: str, mine: str, form: Any, items: Any) -> str:
    control, _where = _control(name, form, items)
    field = control.field if control is not None else None
    if isinstance(field, ModelChoiceField):
        return str(field.queryset.filter(pk=mine).first() or mine) if mine else ""
    return str(dict(field.choices).get(mine, mine)) if isinstance(field, ChoiceField) else mine
