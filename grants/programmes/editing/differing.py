"""What one text of a programme file changes of another."""

import difflib
from typing import NamedTuple

from grants.programmes.editing.layout import page_of
from grants.programmes.editing.shapes import Page
from portal.types import Given

AROUND = 2  # lines shown before and after each change
MOST_LINES = 4_000  # of both texts; beyond, only the parts are named


class Line(NamedTuple):
    """`sign`: "+" of what comes, "-" of what goes, " " of what stays, "" between two places."""

    sign: str
    text: str


def lines(before: str, after: str) -> list[Line] | None:
    """The changed lines with those around them; None of texts too long to compare so."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) + len(new) > MOST_LINES:
        return None
    compared = list(difflib.unified_diff(old, new, n=AROUND, lineterm=""))[2:]
    found = [
        Line("", "…") if text.startswith("@@") else Line(text[0], text[1:]) for text in compared
    ]
    return found[1:] if found and not found[0].sign else found


def parts(before: Given, after: Given) -> list[Page]:
    """The parts of the programme in which they differ."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    found = {page.key: page for name in names if (page := page_of((name,)))}
    return list(found.values())
