"""What a notice asks of the room that draws papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from portal.ports import Port

if TYPE_CHECKING:
    from portal.notices.issue import Unissued
    from portal.notices.models import Notice

draw_notice: Port[Callable[[Notice | Unissued], bytes]] = Port("draw_notice")  # the PDF
