"""What the pages of the editor are made of. What kind of control a field is follows from its type in
`parameters.py` (`kinds.py`).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _lazy

from portal.types import Text


@dataclass(frozen=True)
class Field:
    """One value. `lines`: the height of the box of a text, 0 for one line; `choices`: which list of
    `choosing_from.py` it is chosen from, where its type does not say.
    """

    path: str
    label: Text
    help: Text = ""
    lines: int = 0
    choices: str = ""


@dataclass(frozen=True)
class Lines:
    """A short list that stands among the fields, a line each; a part without a path is the line itself."""

    path: str
    label: Text
    parts: tuple[Field, ...]
    help: Text = ""


@dataclass(frozen=True)
class Group:
    title: Text
    fields: tuple[Field | Lines, ...]
    help: Text = ""


@dataclass(frozen=True)
class Rows:
    """A list whose rows have a page each. `one`: what a row is called; `named`: the value that names it."""

    path: str
    label: Text
    one: Text
    named: str
    fields: tuple[Field | Lines, ...]
    help: Text = ""


@dataclass(frozen=True)
class Page:
    key: str
    label: Text
    lead: Text
    groups: tuple[Group, ...] = ()
    rows: tuple[Rows, ...] = ()


KEY = Field(
    "key",
    _lazy("記号"),
    _lazy(
        "英小文字で始まる英小文字・数字・_。空のままなら、付けます。公募に使ったあとは変えないでください。"
    ),
)
CITE = _lazy("根拠の条項")
