"""What the budget tells later rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from portal.ports import Port, Registry

if TYPE_CHECKING:
    from portal.types import User


@dataclass(frozen=True, kw_only=True)
class Revenue:
    """Yen that came back in a fiscal year and went to no line: of the sums themselves (`principal`), and
    of surcharge, arrears and fees (`charges`).
    """

    year: int
    principal: int
    charges: int

    @property
    def whole(self) -> int:
        return self.principal + self.charges


# called with (call, frame) of each line that has more or less left
money_moved: Registry[Callable[[set[tuple[int, str]]], None]] = Registry("listener for moved money")
# asked with calls; answers (call, frame, day, yen) of what was fixed (額の確定) in them
FixedSums = Callable[[Collection[int]], Iterable[tuple[int, str, date, int]]]
fixed_sums: Port[FixedSums] = Port("fixed_sums")
# what came back as revenue, year by year, for a person
revenue_by_year: Port[Callable[[User], list[Revenue]]] = Port("revenue_by_year")
