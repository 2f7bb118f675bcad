"""What the budget tells later rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date

from portal.ports import Port, Registry

# called with (call, frame) of each line that has more or less left
money_moved: Registry[Callable[[set[tuple[int, str]]], None]] = Registry("listener for moved money")
# asked with calls; answers (call, frame, day, yen) of what was fixed (額の確定) in them
FixedSums = Callable[[Collection[int]], Iterable[tuple[int, str, date, int]]]
fixed_sums: Port[FixedSums] = Port("fixed_sums")
