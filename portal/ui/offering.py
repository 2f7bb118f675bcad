"""Several fields of a form that choose among the same rows."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeVar

from django import forms
from django.db.models import Model, QuerySet

from portal.ui.forms import offer

M = TypeVar("M", bound=Model)


def offer_to_each(
    form: forms.BaseForm, names: Iterable[str], rows: QuerySet[M]
) -> Callable[[], list[M]]:
    """Let these fields choose among `rows`, which are read once for all of them when one is shown.

    Returns what reads them. Raises TypeError for a field that does not choose among rows.
    """

    @cache
    def read() -> list[M]:
        return list(rows)

    for name in names:
        offer(form, name, rows)
        field = form.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            _share(field, read)
    return read


def _share(field: "forms.ModelChoiceField[M]", read: Callable[[], list[M]]) -> None:
    nobody = [] if field.empty_label is None else [("", field.empty_label)]
    field.choices = lambda: [*nobody, *((row.pk, field.label_from_instance(row)) for row in read())]
