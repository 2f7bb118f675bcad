"""What the room of completion tells later rooms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from portal.ports import Registry

if TYPE_CHECKING:
    from grants.awards.models import Award
    from portal.accounts.models import User

# called with the awards whose amount was fixed, and by whom
money_fixed: Registry[Callable[[list[Award], User], None]] = Registry("listener for fixed amounts")
