"""What this room asks of the room that draws papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from portal.ports import Port

if TYPE_CHECKING:
    from portal.privacy.models import DataRequest

# the PDF of the letter that answers a request
draw_answer: Port[Callable[[DataRequest], bytes]] = Port("draw_answer")
