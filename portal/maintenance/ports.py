"""What the room of maintenance asks of later rooms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.ports import Registry
from portal.types import Text


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What ends at a moment, and for how many cases, where that is known."""

    at: datetime
    what: Text
    cases: int | None = None


# (from, until) → whose time runs out in between: nobody could hand it in while the portal is closed
endings: Registry[Callable[[datetime, datetime], list[Ending]]] = Registry("what ends in between")
