"""What the public page of a pilot asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from portal.ports import Registry
from portal.types import Context

if TYPE_CHECKING:
    from portal.types import Visitor
    from startups.pilots.models import Pilot

# (template, context), or None where the room has no say
pilot_parts: Registry[Callable[[Pilot, Visitor], tuple[str, Context] | None]] = Registry(
    "part of a pilot's public page"
)
