"""Cells of an imported file: amounts, days, rows under a head.

What cannot be read is said, never guessed.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from portal import parsing
from portal.registry.corporations import open_text

MOST = 10**14  # yen: about a national budget; more is a slip, and would make sums overflow


class Unfit(ValueError):
    """A file that cannot be taken in at all, with the reason."""


def rows_of(path: Path, names: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV with a head of these names (others are passed over). Raises Unfit."""
    with open_text(path) as text:
        reader = csv.DictReader(text)
        if missing := [name for name in names if name not in (reader.fieldnames or [])]:
            raise Unfit(f"the head lacks {', '.join(missing)}")
        for row in reader:
            yield reader.line_num, {name: str(row.get(name) or "").strip() for name in names}


def amount_of(text: str) -> int | None:
    """Yen from text such as "1,000,000円" or "-500"; None where nothing is stated. Raises ValueError."""
    if parsing.folded(text) in ("", "-", "円"):
        return None
    try:
        value = parsing.signed_yen(text)
    except parsing.Unclear as unclear:
        raise ValueError(f"{text!r} is no amount") from unclear
    if abs(value) > MOST:
        raise ValueError(f"{text!r} is beyond any budget")
    return value


def day_of(text: str) -> date | None:
    """A day from 2024-05-01, 2024/5/1 or 20240501; None where none is stated. Raises ValueError."""
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:[T ].*)?", text)
    if not found:
        raise ValueError(f"{text!r} is no day")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of the calendar") from error
