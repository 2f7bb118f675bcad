"""業種: the middle groups of 日本標準産業分類, and the major groups that they make up."""

from collections.abc import Iterator
from itertools import groupby

from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.registry import files
from portal.types import Text

Choices = list[tuple[Text, Text | list[tuple[str, Text]]]]


def code_field() -> models.GeneratedField:
    """The code as a column of a row with `industry`; "" where none is said."""
    code = Coalesce("industry", Value(""), output_field=models.CharField())
    kept = models.CharField(max_length=2)
    return models.GeneratedField(expression=code, output_field=kept, db_persist=True)


def said(code: str) -> str:
    """A middle group in the reader's language; nothing, where a firm has not said its trade."""
    found = files.industries().get(code)
    return str(found) if found else ""


def choices() -> Choices:
    """For a filter: each major group as a whole, and its middle groups."""
    found: Choices = [("", _lazy("すべて"))]
    for major, name, rows in _groups():
        whole = _("%(name)s（すべて）") % {"name": name}
        found.append((name, [(major, whole), *rows]))
    return found


def to_choose(nobody: Text) -> Choices:
    """For whoever says a trade: the middle groups, under their major groups."""
    return [("", nobody), *((name, rows) for _major, name, rows in _groups())]


def _groups() -> Iterator[tuple[str, str, list[tuple[str, Text]]]]:
    """(code, name, middle groups) of each major group."""
    for major, rows in groupby(files.industries().values(), lambda row: row.major):
        groups = list(rows)
        name = f"{major} {groups[0].major_said}"
        yield major, name, [(row.code, str(row)) for row in groups]


def within(chosen: str) -> list[str]:
    """The middle groups that a choice stands for."""
    return [row.code for row in files.industries().values() if chosen in (row.code, row.major)]
