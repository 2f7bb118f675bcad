"""What the budget tells later rooms."""

from __future__ import annotations

from collections.abc import Callable

from portal.ports import Registry

# called with (call, frame) of each line that has more or less left
money_moved: Registry[Callable[[set[tuple[int, str]]], None]] = Registry("listener for moved money")
