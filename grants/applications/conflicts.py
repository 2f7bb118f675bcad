"""What two writers of one section see of each other, in the words of the form."""

import re
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _

from grants.applications.cost_forms import Items
from grants.applications.forms import SectionForm, choice_in_words


def labelled(
    differences: Mapping[str, tuple[str, str]], form: SectionForm, items: Items | None
) -> list[tuple[str, str]]:
    """(label of the control, what I typed) of what differs, in the words of the page."""
    return [
        (_label(name, form, items), _shown(name, mine, form, items))
        for name, (_theirs, mine) in differences.items()
    ]


def _control(
    name: str, form: SectionForm, items: Items | None
) -> tuple[forms.BoundField | None, str]:
    """(the bound control that `name` belongs to, words before its label)."""
    row: forms.BaseForm = form
    where = ""
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


def _label(name: str, form: SectionForm, items: Items | None) -> str:
    control, where = _control(name, form, items)
    unit = (
        {"y": _("年"), "m": _("月"), "d": _("日")}.get(name[-1], "")
        if re.search(r"_[ymd]$", name)
        else ""
    )
    if control is None:
        return _("行の数") if name.endswith("TOTAL_FORMS") else name
    of_part = unit and control.name != name.split("-")[-1]
    return f"{where}{control.label}{f'（{unit}）' if of_part else ''}"


def _shown(name: str, mine: str, form: SectionForm, items: Items | None) -> str:
    control, _where = _control(name, form, items)
    words = choice_in_words(control.field, mine) if control is not None else None
    return mine if words is None else words
