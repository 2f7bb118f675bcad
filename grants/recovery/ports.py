"""What the room of returns asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from portal.ports import Port

if TYPE_CHECKING:
    from grants.awards.models import Award

# (the last day of the project, the first day of use) where a report of use says that it came later
used_late: Port[Callable[[Award], tuple[date, date] | None]] = Port("used_late")
