"""What the room of roll-outs asks of the one that draws papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypedDict

from portal.cases.ports import Section as PlainSection
from portal.ports import Port

if TYPE_CHECKING:
    from startups.pilots.chart import Chart


class Section(PlainSection, total=False):
    """A section of a report with a chart below it."""

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
