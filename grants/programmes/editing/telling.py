"""What is wrong with a sketch, part by part, and what a place in its file is called."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.programmes.editing import choosing_from
from grants.programmes.editing.document import Path, value_at
from grants.programmes.editing.layout import PAGES, ROWS, fields_of, page_of
from grants.programmes.editing.shapes import Field, Lines, Page, Rows
from grants.programmes.mistakes import Problem, said_in_field
from portal.types import Given


def by_page(problems: Iterable[Problem]) -> tuple[list[tuple[Page, list[Problem]]], list[Problem]]:
    """Each page with what is wrong on it; and what no page shows."""
    found: dict[str, list[Problem]] = {page.key: [] for page in PAGES}
    elsewhere: list[Problem] = []
    for problem in problems:
        page = page_of(problem.path)
        (found[page.key] if page else elsewhere).append(problem)
    return [(page, found[page.key]) for page in PAGES], elsewhere


def sentence(problem: Problem) -> str:
    """With the name of the place before it."""
    where = place(problem.path)
    return f"{where}：{said_in_field(problem)}" if where else said_in_field(problem)


def place(path: Path) -> str:
    """What a value is called: of a row with its number, in words of the page that it stands on."""
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return ""
    if names[0] in ROWS:
        _page, rows = ROWS[names[0]]
        if len(path) == 1 or not isinstance(path[1], int):
            return str(rows.label)
        label = _label(rows.fields, ".".join(names[1:]))
        one = numbered(rows, path[1])
        return f"{one}：{label}" if label else one
    page = page_of(path)
    return (_label(fields_of(page), ".".join(names)) if page else "") or ".".join(names)


def numbered(rows: Rows, n: int) -> str:
    return _("%(one)s %(n)s") % {"one": rows.one, "n": n + 1}


def _label(fields: Iterable[Field | Lines], path: str) -> str:
    known = [one for one in fields if f"{path}.".startswith(f"{one.path}.")]
    around = [one for one in fields if one.path.startswith(f"{path}.")]
    found = max(known, key=lambda one: len(one.path), default=None) or next(iter(around), None)
    return str(found.label) if found and path else ""


@dataclass(frozen=True)
class Row:
    """A row as its list shows it."""

    n: int
    one: str
    name: str
    problems: list[Problem]
    is_first: bool
    is_last: bool

    @property
    def first(self) -> str:
        return sentence(self.problems[0]) if self.problems else ""


@dataclass(frozen=True)
class RowList:
    """A list of rows of a page, and what is wrong with it as a whole."""

    rows: Rows
    shown: list[Row]
    problems: list[Problem]

    @property
    def said(self) -> list[str]:
        return [said_in_field(problem) for problem in self.problems]


def lists(page: Page, stated: Given, problems: Iterable[Problem]) -> list[RowList]:
    found = []
    for rows in page.rows:
        held = value_at(stated, (rows.path,))
        about = [problem for problem in problems if problem.path[:1] == (rows.path,)]
        count = len(held) if isinstance(held, list) else 0
        shown = [
            Row(
                n,
                numbered(rows, n),
                named(rows, stated, n),
                [problem for problem in about if problem.path[1:2] == (n,)],
                is_first=n == 0,
                is_last=n == count - 1,
            )
            for n in range(count)
        ]
        whole = [p for p in about if len(p.path) == 1 or not isinstance(p.path[1], int)]
        found.append(RowList(rows, shown, whole))
    return found


def named(rows: Rows, stated: Given, n: int) -> str:
    """What a row is called, as far as that is written."""
    value = value_at(stated, (rows.path, n, rows.named))
    if isinstance(value, list):
        known = dict(choosing_from.named_rows(stated, rows.named))
        return "・".join(known.get(str(key), str(key)) for key in value)
    return choosing_from.in_words(value)
