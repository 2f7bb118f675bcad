"""Tables on paper, a thin line under each row."""

from portal.cases.ports import Table
from reports.papers.sheet import LEFT, RIGHT, WIDTH, Sheet, wrap

SMALL, LINE = 9.5, 15.0


def rule(sheet: Sheet, width: float) -> None:
    """A line under what was just written, grey where it is thin."""
    sheet.canvas.setLineWidth(width)
    sheet.canvas.setStrokeGray(0.6 if width < 0.5 else 0)
    sheet.canvas.line(LEFT, sheet.y + LINE - 5, WIDTH - RIGHT, sheet.y + LINE - 5)
    sheet.canvas.setStrokeGray(0)
    sheet.y -= 2


def table(sheet: Sheet, facts: Table) -> None:
    """The first column takes two shares of the width, the others one each, set to the right."""
    columns = len(facts["head"])
    share = (WIDTH - LEFT - RIGHT) / (columns + 1)
    for n, row in enumerate([facts["head"], *facts["rows"]]):
        cells = [
            wrap(str(cell), share * (2 if k == 0 else 1) - 6, SMALL) for k, cell in enumerate(row)
        ]
        sheet.room(LINE * max(len(lines) for lines in cells) + (2 * LINE if n == 0 else 0))
        for line in range(max(len(lines) for lines in cells)):
            for k, lines in enumerate(cells):
                if line < len(lines):
                    if k == 0:
                        sheet.text(LEFT, lines[line], size=SMALL, bold=n == 0)
                    else:
                        sheet.text(
                            LEFT + share * (k + 2),
                            lines[line],
                            size=SMALL,
                            align="right",
                            bold=n == 0,
                        )
            sheet.down(LINE)
        rule(sheet, 0.6 if n == 0 else 0.2)
