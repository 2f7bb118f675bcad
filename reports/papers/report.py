"""A report on paper from plain facts: headings, rows of label and text, tables and charts."""

from collections.abc import Sequence
from typing import NotRequired, TypeAlias, TypedDict, cast

from reportlab.lib.units import mm

from grants.applications.ports import Printed
from grants.reviews.ports import Paper
from portal.approvals.ports import Document
from reports.papers import figures, fonts
from reports.papers.geometry import Bar, Lines, Map
from reports.papers.ruled import LINE, SMALL, rule, table
from reports.papers.sheet import LEADING, LEFT, RIGHT, SIZE, TOP, WIDTH, Sheet, wrap
from startups.pilots.chart import Chart
from startups.rollouts.ports import Report as PlainReport
from startups.rollouts.ports import Section

LABEL = 11 * SMALL  # width of the labels of rows
SCALE = 0.6  # points of the paper to a point of a chart's own box


class Part(Section, total=False):
    """A section with drawings, which stand between its rows and its table."""

    turn: bool  # it begins a page
    map: Map
    bars: Sequence[Bar]
    lines: Lines


class Facts(TypedDict):
    """What a report says; `lines` stand under its title."""

    title: str
    number: str
    sections: Sequence[Part]
    lines: NotRequired[Sequence[str]]
    foot: NotRequired[str]
    mark: NotRequired[str]  # at the top of each page


# what rooms below hand over is a report without drawings
Drawable: TypeAlias = Facts | PlainReport | Paper | Document | Printed


class Report(Sheet):
    """Sheets with the number of the document and of the page at the foot."""

    low = 30 * mm

    def __init__(self, facts: Drawable) -> None:
        self.facts = facts
        super().__init__(f"{facts['title']} {facts['number']}")

    def foot(self, page: int, pages: int) -> None:
        keep, self.y = self.y, 17 * mm
        self.canvas.setLineWidth(0.5)
        self.canvas.line(LEFT, 23 * mm, WIDTH - RIGHT, 23 * mm)
        for n, line in enumerate(
            wrap(self.facts.get("foot", ""), WIDTH - LEFT - RIGHT - 40 * mm, 8)
        ):
            self.y = 18.5 * mm - n * 11
            self.text(LEFT, line, size=8)
        self.y = 18.5 * mm
        self.text(WIDTH - RIGHT, f"{self.facts['number']}　{page}／{pages}", size=8, align="right")
        if mark := self.facts.get("mark"):
            self._mark(str(mark))
        self.y = keep

    def _mark(self, mark: str) -> None:
        """In a box above the text."""
        wide, size = fonts.width(mark, 12), 12
        self.y = TOP + 12 * mm
        self.canvas.rect(WIDTH - RIGHT - wide - 16, self.y - 7, wide + 16, size + 12)
        self.text(WIDTH - RIGHT - 8, mark, size=size, align="right", bold=True)


def draw(facts: Drawable) -> bytes:
    """The PDF of a report."""
    sheet = Report(facts)
    sheet.text(LEFT, facts["title"], size=16, bold=True)
    sheet.down(24)
    for line in facts.get("lines", []):
        sheet.block(LEFT, WIDTH - LEFT - RIGHT, line, size=SMALL, leading=LINE)
    for section in facts["sections"]:
        write(sheet, cast("Part", section))  # a plain one is a part without drawings
    return sheet.done()


def write(sheet: Sheet, section: Part) -> None:
    """One section, where the pen stands."""
    _opening(sheet, section)
    if section.get("text"):
        sheet.block(LEFT, WIDTH - LEFT - RIGHT, section["text"], size=SIZE, leading=17)
    for label, text in section.get("rows", []):
        _row(sheet, label, text)
    if section.get("map"):
        figures.draw_map(sheet, section["map"])
    if section.get("bars"):
        figures.draw_bars(sheet, section["bars"])
    if section.get("lines"):
        figures.draw_lines(sheet, section["lines"])
    if section.get("table"):
        table(sheet, section["table"])
    if section.get("after"):
        sheet.block(LEFT, WIDTH - LEFT - RIGHT, section["after"], size=8.5, leading=13)
    if section.get("chart"):
        _chart(sheet, section["chart"], section.get("caption", ""))


def _opening(sheet: Sheet, section: Part) -> None:
    """A new page where one is asked for, the heading where there is one,
    and never a heading without what it is about.
    """
    if section.get("turn"):
        sheet.turn()
    if section.get("lines") or section.get("bars"):
        sheet.room(figures.LINES_HEIGHT + 90 if section.get("lines") else 120)
    if not section.get("heading"):
        sheet.down(8)
        return
    sheet.room(4 * LEADING)
    sheet.down(LEADING * 0.8)
    sheet.text(LEFT, section["heading"], size=12, bold=True)
    sheet.y -= 6
    sheet.canvas.setLineWidth(0.8)
    sheet.canvas.line(LEFT, sheet.y, WIDTH - RIGHT, sheet.y)
    sheet.down(16)


def _row(sheet: Sheet, label: str, text: str) -> None:
    """Label at the left, text beside it; a thin line under both."""
    labels, rows = (
        wrap(label, LABEL, SMALL),
        wrap(text, WIDTH - LEFT - RIGHT - LABEL - SMALL, SMALL),
    )
    for n in range(max(len(labels), len(rows))):
        sheet.room(LINE)
        if n < len(labels):
            sheet.text(LEFT, labels[n], size=SMALL)
        if n < len(rows):
            sheet.text(LEFT + LABEL + SMALL, rows[n], size=SMALL)
        sheet.down(LINE)
    rule(sheet, 0.2)


def _chart(sheet: Sheet, chart: Chart, caption: str) -> None:
    """A line of readings with baseline and target, in grey and black so that copies stay readable."""
    height = 290 * SCALE
    sheet.room(height + 30)
    top, pen = sheet.y, sheet.canvas

    def at(x: float, y: float) -> tuple[float, float]:
        return LEFT + x * SCALE, top - y * SCALE

    def across(y: float, width: float, dash: tuple[int, ...] = ()) -> None:
        pen.setLineWidth(width)
        pen.setDash(*([dash] if dash else []))
        pen.line(*at(44, y), *at(456, y))
        pen.setDash()

    def put(x: float, y: float, text: str, align: str = "left") -> None:
        left, sheet.y = at(x, y)
        sheet.text(left, text, size=8, align=align)

    pen.setStrokeGray(0.8)
    for mark in chart.grid:
        across(mark.y, 0.4)
        put(38, mark.y + 4, mark.text, "right")
    for day in chart.days:
        put(day.x, day.y, day.text, "center")
    pen.setStrokeGray(0.4)
    across(chart.baseline, 0.8, (2, 3))
    put(chart.baseline_label.x, chart.baseline_label.y, f"はじめ {chart.baseline_label.text}")
    pen.setStrokeGray(0)
    across(chart.target, 1.0, (6, 3))
    put(chart.target_label.x, chart.target_label.y, f"目標 {chart.target_label.text}")
    line = pen.beginPath()
    for n, (x, y) in enumerate(chart.points):
        (line.moveTo if n == 0 else line.lineTo)(*at(x, y))
    pen.setLineWidth(1.4)
    pen.drawPath(line, stroke=1, fill=0)
    for x, y in chart.points:
        pen.circle(*at(x, y), 2, stroke=0, fill=1)
    sheet.y = top - height
    sheet.block(LEFT, WIDTH - LEFT - RIGHT, caption, size=8.5, leading=14)
    sheet.y -= 6
