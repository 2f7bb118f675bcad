"""What the room of roll-outs asks of the one that draws papers."""

from __future__ import annotations

from collections.abc import Callable

from portal.ports import Port
from portal.types import Row

# facts as reports.papers.report.Facts names them → the PDF
draw_report: Port[Callable[[Row], bytes]] = Port("draw_report")
