"""What the room of roll-outs asks of the one that draws papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypedDict

from portal.ports import Port

if TYPE_CHECKING:
    from startups.pilots.chart import Chart


class Table(TypedDict):
    """A table: the names of its columns, and its rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[object]]


class Section(TypedDict, total=False):
    """A section of a report; what it has is drawn in this order."""

    heading: str
    text: str
    rows: Sequence[Sequence[str]]  # (label, text)
    table: Table
    after: str  # text below them
    chart: Chart
    caption: str  # of the chart


class Report(TypedDict):
    """What a report says; `lines` stand under its title, `foot` on each page."""

    title: str
    number: str
    lines: Sequence[str]
    sections: Sequence[Section]
    foot: str


# a report → its PDF
draw_report: Port[Callable[[Report], bytes]] = Port("draw_report")
