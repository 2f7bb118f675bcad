"""What typed text is called on the page, and what two writers of one form see of each other."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias, cast, runtime_checkable

from django import forms
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _


@runtime_checkable
class Rows(Protocol):
    """Rows of forms, whatever their kind."""

    @property
    def forms(self) -> Sequence[forms.BaseForm]: ...


Written: TypeAlias = forms.BaseForm | Rows


class Difference(NamedTuple):
    """What differs between two screens, in the words of the page."""

    label: str
    saved: str
    mine: str


def choice_in_words(field: forms.Field, text: str) -> str | None:
    """What the chosen value `text` is called; None for a field that offers no choice."""
    if isinstance(field, forms.ModelChoiceField):
        row = (
            field.queryset.filter(pk=text).first() if field.queryset is not None and text else None
        )
        return str(row or text)
    if isinstance(field, forms.ChoiceField):
        # in groups, too; read, the attribute is never the function or the type that the stubs allow to set
        pairs = flatten_choices(cast(Iterable[tuple[object, object]], field.choices))
        words = {str(value): str(label) for value, label in pairs}
        return "、".join(words.get(one, one) for one in text.split("\n"))  # of several, a line each
    return None


def in_words(differences: Mapping[str, tuple[str, str]], *written: Written) -> list[Difference]:
    """Each difference by the name of its control, in the order in which they were typed."""
    controls = {name: found for form in written for name, found in _controls(form)}
    return [_difference(name, *pair, controls) for name, pair in differences.items()]


def _controls(form: Written) -> Iterator[tuple[str, tuple[forms.BoundField, str]]]:
    """(name as it is sent, (its control, words before its label)) of a form or of rows of them."""
    rows = form.forms if isinstance(form, Rows) else [form]
    for n, row in enumerate(rows, 1):
        where = _("%(n)s行目の") % {"n": n} if isinstance(form, Rows) else ""
        for control in row:
            yield control.html_name, (control, where)


def _difference(
    name: str, saved: str, mine: str, controls: Mapping[str, tuple[forms.BoundField, str]]
) -> Difference:
    whole = re.sub(r"_[ymd]$", "", name)
    found = controls.get(name) or controls.get(whole)
    if found is None:
        return Difference(_("行の数") if name.endswith("TOTAL_FORMS") else name, saved, mine)
    control, where = found
    parts = {"y": _("年"), "m": _("月"), "d": _("日")}
    unit = f"（{parts[name[-1]]}）" if name not in controls else ""
    said = [choice_in_words(control.field, text) for text in (saved, mine)]
    first, second = (
        text if words is None else words for text, words in zip((saved, mine), said, strict=True)
    )
    return Difference(f"{where}{control.label}{unit}", first, second)
