"""Tables on paper, a thin line under each row."""

import re
from collections.abc import Sequence

from portal.cases.ports import Table
from reports.papers import fonts
from reports.papers.sheet import LEFT, RIGHT, WIDTH, Sheet, wrap

SMALL, LINE = 9.5, 15.0
GAP = 9.0  # between two columns
FIGURE = re.compile(r"[−–—―-]?[\d,.]*\d[\d,.]*\s?[%％円件日点者社人席]?|[−–—―-]")


def rule(sheet: Sheet, width: float) -> None:
    """A line under what was just written, grey where it is thin."""
    sheet.canvas.setLineWidth(width)
    sheet.canvas.setStrokeGray(0.6 if width < 0.5 else 0)
    sheet.canvas.line(LEFT, sheet.y + LINE - 5, WIDTH - RIGHT, sheet.y + LINE - 5)
    sheet.canvas.setStrokeGray(0)
    sheet.y -= 2


def table(sheet: Sheet, facts: Table) -> None:
    """Columns as wide as what stands in them asks for; figures to the right, words to the left."""
    rows = [list(map(str, row)) for row in (facts["head"], *facts["rows"])]
    columns = list(zip(*rows, strict=True))
    shares = widths(columns, WIDTH - LEFT - RIGHT)
    ends = [LEFT + sum(shares[: n + 1]) for n in range(len(shares))]
    to_right = [n > 0 and is_of_figures(cells[1:]) for n, cells in enumerate(columns)]
    for n, row in enumerate(rows):
        cells = [wrap(cell, share - GAP, SMALL) for cell, share in zip(row, shares, strict=True)]
        height = max(map(len, cells))
        sheet.room(LINE * height + (2 * LINE if n == 0 else 0))
        for line in range(height):
            for k, lines in enumerate(cells):
                if line < len(lines):
                    align = "right" if to_right[k] else "left"
                    x = (
                        ends[k] - (GAP if k + 1 < len(cells) else 0)
                        if to_right[k]
                        else ends[k] - shares[k]
                    )
                    sheet.text(x, lines[line], size=SMALL, align=align, bold=n == 0)
            sheet.down(LINE)
        rule(sheet, 0.6 if n == 0 else 0.2)


def is_of_figures(cells: Sequence[str]) -> bool:
    """Do sums, shares and counts alone stand in a column, and no words?"""
    found = [cell for cell in cells if cell]
    return bool(found) and all(FIGURE.fullmatch(cell) for cell in found)


def widths(columns: Sequence[Sequence[str]], whole: float) -> list[float]:
    """Points of each column, `whole` in all: what its longest cell takes, as far as there is room; a
    column that fits within an even share has what it takes, and the others share the rest.
    """
    wanted = [max(fonts.width(cell, SMALL) for cell in cells) + GAP + 1 for cells in columns]
    found: dict[int, float] = {}
    left = whole
    for n in sorted(range(len(wanted)), key=lambda n: wanted[n]):
        even = left / (len(wanted) - len(found))
        found[n] = min(wanted[n], even)
        left -= found[n]
    spare = left / len(wanted)
    return [found[n] + spare for n in range(len(wanted))]
