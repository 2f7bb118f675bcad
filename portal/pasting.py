"""Rows that come from a spreadsheet, as text: read by the headings of their columns, or in the order of
ours. Nothing is guessed: what is left out is told, row by row and column by column.
"""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from portal import parsing
from portal.parsing import Unclear
from portal.sheets import Unreadable
from portal.types import Text

Grid = list[list[str]]
MOST_ROWS, MOST_COLUMNS = 300, 40  # what lies beyond is of no table that people fill in here
_FIRST_ROWS = 10  # a heading stands among these
_LEFT_OUT = str.maketrans("", "", " \t\n()（）・:：[]【】〈〉_-")
# what the first cell of a row says that is no item
_TOTALS = frozenset(
    (
        *("合計", "小計", "計", "総計", "税込合計", "税抜合計", "合計金額", "消費税", "消費税等"),
        *("消費税額", "total", "subtotal", "grandtotal", "sum", "tax", "consumptiontax"),
    )
)


@dataclass(frozen=True)
class Column:
    """A column that is read: the field it fills, its heading, and what else people call it."""

    name: str
    heading: Text
    also: Sequence[Text] = ()


@dataclass(frozen=True)
class Line:
    """A row of what was pasted: its number there, from 1, and the text for each field."""

    n: int
    cells: Mapping[str, str]


@dataclass
class Pasted:
    """The rows that are read; headings of columns that are not; and what other rows say, by number."""

    lines: list[Line] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    skipped: dict[int, str] = field(default_factory=dict)


def key(heading: str) -> str:
    """A heading as it is compared with others: in one width and case, without brackets and spaces."""
    return unicodedata.normalize("NFKC", heading).casefold().translate(_LEFT_OUT)


def grid(text: str, separator: str = "\t") -> Grid:
    """The cells of a text with a row a line. A cell in quotation marks may hold line ends; where the
    marks are not those of a spreadsheet, they are signs like any other. It is cut before anything is
    looked at: to one row more than are read, and one column, in which the first cell beyond stands.
    """
    ended = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        read_rows = csv.reader(io.StringIO(ended), delimiter=separator, strict=True)
        rows = [_cut(row) for row in islice(read_rows, MOST_ROWS + 1)]
    except csv.Error:
        rows = [
            _cut(line.split(separator, MOST_COLUMNS + 1))
            for line in ended.split("\n", MOST_ROWS + 1)[: MOST_ROWS + 1]
        ]
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def _cut(row: list[str]) -> list[str]:
    beyond = next((cell for cell in row[MOST_COLUMNS:] if cell and not cell.isspace()), "")
    return [*row[:MOST_COLUMNS], beyond[:40]] if beyond else row[:MOST_COLUMNS]


def grid_of_csv(text: str) -> Grid:
    """The same of a CSV, whose cells stand apart by commas, or by tabs."""
    first = text.partition("\n")[0]
    return grid(text, "\t" if "\t" in first else ",")


def day_parts(name: str, text: str) -> dict[str, str]:
    """A day that was not typed here, as the controls of a `Day` of this name: in its parts where it is
    clear, else whole in the first, which says what is not.
    """
    try:
        day = parsing.day(text)
    except Unclear:
        parts = (text, "", "")
    else:
        parts = (str(day.year), str(day.month), str(day.day))
    return dict(zip((f"{name}_y", f"{name}_m", f"{name}_d"), parts, strict=True))


def read(cells: Grid, columns: Sequence[Column], *, first: str = "") -> Pasted:
    """The rows, by their headings where there are some, else in the order of `columns` from the one
    of the field `first` on. Raises Unreadable.
    """
    if len(cells) > MOST_ROWS:
        raise Unreadable(_("一度に読み取れるのは%(n)s行までです。") % {"n": MOST_ROWS})
    known = _known(columns)
    head = next((n for n, row in enumerate(cells[:_FIRST_ROWS]) if _is_head(row, known)), -1)
    found = Pasted()
    if head >= 0:
        heads = cells[head][:MOST_COLUMNS]
        at = _places(heads, columns, known)
        found.unused = [name for n, name in enumerate(heads) if name and n not in at]
        if any(row[MOST_COLUMNS:] for row in cells):
            found.unused.append(_("%(n)s列目より右の列") % {"n": MOST_COLUMNS})
    else:
        names = [column.name for column in columns]
        start = names.index(first) if first in names else 0
        at = dict(enumerate(names[start:]))
    for n, row in enumerate(cells, 1):
        if not any(row) or n == head + 1:
            continue
        if n <= head or key(next(filter(None, row))) in _TOTALS:
            found.skipped[n] = "　".join(filter(None, row))[:60]
            continue
        beyond = [cell for place, cell in enumerate(row) if cell and place not in at]
        if head < 0 and beyond:
            said = {"n": n, "most": len(at), "what": beyond[0][:20]}
            raise Unreadable(
                _(
                    "%(n)s行目の列が多すぎます（「%(what)s」から先）。列は%(most)sつまでです。見出しの行も一緒に貼り付けると、列の名前で読み取ります。"
                )
                % said
            )
        read_row = {name: row[place] for place, name in at.items() if place < len(row)}
        if any(read_row.values()):
            found.lines.append(Line(n, read_row))
    if not found.lines:
        raise Unreadable(_("取り込める行がありません。"))
    return found


def _known(columns: Sequence[Column]) -> dict[str, str]:
    """What columns are called, in the reader's language too, as it is compared → field."""
    return {
        key(str(name)): column.name for column in columns for name in (column.heading, *column.also)
    }


def _is_head(row: Sequence[str], known: Mapping[str, str]) -> bool:
    named = [cell for cell in row if key(cell) in known]
    return len(named) >= min(2, len(list(filter(None, row)))) and bool(named)


def _places(
    heads: Sequence[str], columns: Sequence[Column], known: Mapping[str, str]
) -> dict[int, str]:
    """Number of a column there → field. Raises Unreadable where two are the same one."""
    at: dict[int, str] = {}
    fields = [known.get(key(heading)) for heading in heads]
    for column in columns:
        found = [n for n, name in enumerate(fields) if name == column.name]
        if len(found) > 1:
            said = {"heads": "、".join(heads[n] for n in found), "column": column.heading}
            raise Unreadable(
                _("「%(column)s」にあたる列が2つ以上あります（%(heads)s）。1つだけ残してください。")
                % said
            )
        at |= dict.fromkeys(found, column.name)
    return at
