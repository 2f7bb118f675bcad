"""Maps, bars and lines on a sheet, from plain geometry: shades that a grey copy still tells apart."""

import re
from collections.abc import Callable, Sequence

from reports.papers.geometry import Bar, Lines, Map, Mark, Point
from reports.papers.sheet import LEFT, RIGHT, WIDTH, Sheet

SHADES = (
    (1.0, 1.0, 1.0),
    (0.945, 0.925, 0.973),
    (0.847, 0.796, 0.914),
    (0.71, 0.627, 0.827),
    (0.482, 0.361, 0.663),
    (0.294, 0.188, 0.447),
)
LINES_HEIGHT = 215.0  # points that lines over the months take
DARK = 4  # from this shade on letters are white
_MOVE = re.compile(r"([ML])([-\d.]+) ([-\d.]+)|(Z)")


def draw_map(sheet: Sheet, drawn: Map) -> None:
    """A map (places with x, y or path, name, text and shade; box;
    outline) across the sheet, with its legend below.
    """
    left, top, width, height = drawn.box
    scale = (WIDTH - LEFT - RIGHT) / width * (0.62 if drawn.tiled else 0.9)
    sheet.room(height * scale + 24)
    start, pen = sheet.y, sheet.canvas

    def at(x: float, y: float) -> tuple[float, float]:
        return LEFT + (x - left) * scale, start - (y - top) * scale

    for place in (*drawn.places, *drawn.inset):
        pen.setFillColorRGB(*SHADES[place.shade])
        pen.setStrokeGray(0.5)
        pen.setLineWidth(0.4)
        if place.path:
            _path(sheet, place.path, at)
        else:
            x, y = at(place.x, place.y + 66)
            pen.roundRect(x, y, 66 * scale, 66 * scale, 3, stroke=1, fill=1)
        if place.labelled:
            pen.setFillGray(1 if place.shade >= DARK else 0)
            for (x, y), text, size in (
                (place.name_at, place.name, 7.5),
                (place.value_at, place.text, 9.0),
            ):
                px, sheet.y = at(x, y)
                sheet.text(px, text, size=size if drawn.tiled else 6.5, align="center")
    pen.setFillGray(0)
    if drawn.tiled:
        pen.setLineWidth(1.2)
        pen.setStrokeGray(0)
        _path(sheet, drawn.outline, at, fill=0)
    sheet.y = start - height * scale - 14
    _legend(sheet, drawn.legend)
    sheet.down(18)


def _path(sheet: Sheet, path: str, at: Callable[[float, float], Point], fill: int = 1) -> None:
    drawn = sheet.canvas.beginPath()
    for kind, x, y, close in _MOVE.findall(path):
        if close:
            drawn.close()
        else:
            (drawn.moveTo if kind == "M" else drawn.lineTo)(*at(float(x), float(y)))
    sheet.canvas.drawPath(drawn, stroke=1, fill=fill)


def _legend(sheet: Sheet, legend: Sequence[tuple[int, str]]) -> None:
    x = LEFT
    for shade, text in (*legend, (0, "なし・秘匿")):
        sheet.canvas.setFillColorRGB(*SHADES[shade])
        sheet.canvas.setStrokeGray(0.5)
        sheet.canvas.rect(x, sheet.y - 1, 9, 9, stroke=1, fill=1)
        sheet.canvas.setFillGray(0)
        sheet.text(x + 13, text, size=8)
        x += 30 + 8 * len(text)


def draw_bars(sheet: Sheet, bars: Sequence[Bar]) -> None:
    """Bars (name, width of 200, text, note), one a row."""
    for bar in bars:
        sheet.room(20)
        sheet.text(LEFT, bar.name, size=8.5)
        sheet.canvas.setFillColorRGB(*SHADES[4])
        sheet.canvas.rect(LEFT + 150, sheet.y - 1, bar.width * 0.95, 9, stroke=0, fill=1)
        sheet.canvas.setFillGray(0)
        sheet.text(
            WIDTH - RIGHT,
            f"{bar.text}　{bar.note}" if bar.note else bar.text,
            size=8.5,
            align="right",
        )
        sheet.down(17)


def draw_lines(sheet: Sheet, chart: Lines) -> None:
    """Lines over the months (grid, marks, series, as laid out in a box of 560 × 290)."""
    scale = LINES_HEIGHT / 290
    sheet.room(LINES_HEIGHT + 10)
    start, pen = sheet.y, sheet.canvas

    def at(x: float, y: float) -> tuple[float, float]:
        return LEFT + x * scale, start - y * scale

    def put(mark: Mark, align: str, dy: float = 0) -> None:
        x, sheet.y = at(mark.x, mark.y + dy)
        sheet.text(x, mark.text, size=7.5, align=align)

    for n, mark in enumerate(chart.grid):
        pen.setStrokeGray(0 if n == 0 else 0.8)
        pen.setLineWidth(0.8 if n == 0 else 0.4)
        pen.line(*at(40, mark.y), *at(456, mark.y))
        put(mark, "right", 4)
    for mark in chart.marks:
        put(mark, "center")
    for n, series in enumerate(chart.series):
        pen.setStrokeGray(0 if n == 0 else 0.5)
        pen.setFillGray(0 if n == 0 else 0.5)
        pen.setLineWidth(1.6)
        pen.setDash(*([] if n == 0 else [(2, 3)]))
        for path in series.paths:
            _path(sheet, path, at, fill=0)
        pen.setDash()
        for x, y in series.points:
            pen.circle(*at(x, y), 2, stroke=0, fill=1)
        pen.setFillGray(0)
        if series.label:
            put(series.label, "left")
    pen.setStrokeGray(0)
    sheet.y = start - LINES_HEIGHT - 6
