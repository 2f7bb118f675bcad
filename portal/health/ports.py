"""What whoever runs the portal watches: each room says what of it can be measured, and from which
figure on something is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from portal.ports import Registry

# (name of a metric, one of the probe's `values`) → the figure
Figures: TypeAlias = Mapping[tuple[str, str], float]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A figure with its meaning; beyond its bounds it is red, and `word` says what is wrong."""

    says: str
    word: str = ""
    above: float = math.inf
    below: float = -math.inf

    def is_red(self, figure: float) -> bool:
        return figure > self.above or figure < self.below


@dataclass(frozen=True, kw_only=True)
class Probe:
    """Some metrics that are asked for at once.

    `ask`: in at most one question to the database; what it does not say of a metric is 0. `label`:
    what the figures are told apart by, and `values` all there are of it, none of anybody's.
    `of_visitors`: may visitors be sent to a process of which it is red? `kept`: seconds for which
    an answer serves.
    """

    metrics: Mapping[str, Metric]
    ask: Callable[[], Figures]
    label: str = ""
    values: Callable[[], Iterable[str]] = lambda: ("",)
    asks_database: bool = True
    of_visitors: bool = False
    kept: float = 10.0


probes: Registry[Probe] = Registry("probe")
