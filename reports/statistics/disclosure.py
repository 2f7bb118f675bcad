"""Step three, disclosure control: which cells of linked tables must stay hidden so that no secret is given back. Pure numpy and scipy.

A cell is sensitive when 1 to `threshold` − 1 firms stand behind what is not public of it, or when the second largest could
reckon the largest within `share` of its amount (p% rule). Sensitive cells are hidden, then others with them, until a linear programme shows that whoever
knows every visible cell and every sum still cannot narrow a sensitive one (Hundepool et al., Statistical Disclosure Control, 2012, ch. 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

THRESHOLD, SHARE, MARGIN = 3, 0.10, 0.20
Relation = tuple[int, tuple[int, ...]]  # the cell of a total, the cells of its parts


@dataclass(frozen=True)
class Layer:
    """One quantity of every cell. `low` and `high`: the range an attacker must find possible for each sensitive cell, at least.

    `known`: cells whose value is public elsewhere, whatever is hidden here; `unseen`: cells for which this quantity is never published.
    """

    values: np.ndarray
    sensitive: np.ndarray
    low: np.ndarray
    high: np.ndarray
    known: np.ndarray
    unseen: np.ndarray

    def of(self, rows: np.ndarray) -> "Layer":
        """The same layer for some of the cells."""
        return Layer(*(getattr(self, field.name)[rows] for field in fields(self)))

    def dark(self, hidden: np.ndarray) -> np.ndarray:
        """The cells whose value nobody can read, when `hidden` are hidden."""
        return (hidden & ~self.known) | self.unseen


def count_layer(
    values: pd.Series, firms: pd.Series, threshold: int = THRESHOLD, known: pd.Series | None = None
) -> Layer:
    """A count: hidden below the threshold; zero and the threshold itself must both stay possible."""
    found, few = values.to_numpy(float), ((firms > 0) & (firms < threshold)).to_numpy(bool)
    open_ = np.zeros(len(found), dtype=bool) if known is None else known.to_numpy(bool)
    return Layer(
        found, few & ~open_, np.zeros(len(found)), np.maximum(found, float(threshold)), open_, np.zeros_like(open_)
    )


def yen_layer(values: pd.Series, firms: pd.Series, first: pd.Series, second: pd.Series, unseen: pd.Series, threshold: int = THRESHOLD, share: float = SHARE) -> Layer:  # fmt: skip
    """An amount: hidden where firms are few or one dominates; a fifth more and a fifth less must stay possible."""
    found, never = values.to_numpy(float), unseen.to_numpy(bool)
    dominated = (firms > 0) & ((values - first - second) < share * first)
    sensitive = (((firms > 0) & (firms < threshold)) | dominated).to_numpy(bool)
    return Layer(found, sensitive & ~never, found * (1 - MARGIN), found * (1 + MARGIN), np.zeros_like(never), never)


def hide(relations: Sequence[Relation], layers: Sequence[Layer], weight: np.ndarray) -> np.ndarray:
    """For every cell whether it is hidden. `weight`: how dear it is to hide each; the cheapest go first, margins last.

    One pattern for all layers: a cell is shown whole or hidden whole.
    """
    hidden = np.logical_or.reduce([layer.sensitive for layer in layers])
    of_cell: dict[int, list[Relation]] = {}
    for relation in relations:
        for cell in (relation[0], *relation[1]):
            of_cell.setdefault(cell, []).append(relation)
    while True:
        more: set[int] = set()
        for layer in layers:
            for cell in exposed(relations, layer, hidden):
                more |= _companions(cell, of_cell, layer, hidden, weight)
        if not more:
            return hidden
        hidden[list(more)] = True


def _companions(cell: int, of_cell: dict[int, list[Relation]], layer: Layer, hidden: np.ndarray, weight: np.ndarray) -> set[int]:  # fmt: skip
    """One more cell of each sum that gives the exposed one away; where its own sums are all hidden, of the sums of its companions."""
    seen, reach = {cell}, [cell]
    while reach:
        found: set[int] = set()
        around: list[int] = []
        for one in reach:
            for total, parts in of_cell.get(one, []):
                members = (total, *parts)
                visible = [
                    other
                    for other in members
                    if not hidden[other] and not layer.known[other] and not layer.unseen[other]
                ]
                if visible:
                    found.add(min(visible, key=lambda other: (layer.values[other] == 0, weight[other], other)))
                around += [other for other in members if other not in seen]
        if found:
            return found
        seen |= set(around)
        reach = list(dict.fromkeys(around))
    return set()


def exposed(relations: Sequence[Relation], layer: Layer, hidden: np.ndarray) -> list[int]:
    """The sensitive cells whose range, as an attacker reckons it, is narrower than it must be."""
    system = System(relations, layer.values, layer.dark(hidden))
    sensitive = map(int, np.flatnonzero(layer.sensitive))
    return [cell for cell in sensitive if not system.covers(cell, layer.low[cell], layer.high[cell])]


class System:
    """What visible cells and sums say about hidden ones: a linear programme over values that are never negative."""

    def __init__(self, relations: Sequence[Relation], values: np.ndarray, hidden: np.ndarray) -> None:
        self.cells = np.flatnonzero(hidden)
        self.place = {int(cell): n for n, cell in enumerate(self.cells)}
        self.scale = float(np.abs(values).max(initial=1.0)) or 1.0
        rows: list[int] = []
        columns: list[int] = []
        data: list[float] = []
        right: list[float] = []
        for total, parts in relations:
            signed = [(total, 1.0), *((part, -1.0) for part in parts)]
            if not any(cell in self.place for cell, _sign in signed):
                continue
            known = sum(sign * values[cell] for cell, sign in signed if cell not in self.place)
            for cell, sign in signed:
                if cell in self.place:
                    rows.append(len(right))
                    columns.append(self.place[cell])
                    data.append(sign)
            right.append(-known / self.scale)
        self.equations = csr_array((data, (rows, columns)), shape=(len(right), len(self.cells)))
        self.right = np.array(right)
        self.least = self.most = (
            values[self.cells] / self.scale
        )  # the truth is possible; answers widen what is known to be

    def covers(self, cell: int, low: float, high: float) -> bool:
        """May the cell, for all that is known, be as small as `low` and as large as `high`?"""
        n, slack = self.place[cell], 1e-9
        if self.least[n] > low / self.scale + slack:
            self._solve(n, 1.0)
        if self.most[n] < high / self.scale - slack:
            self._solve(n, -1.0, cap=high / self.scale)
        return bool(self.least[n] <= low / self.scale + slack and self.most[n] >= high / self.scale - slack)

    def range(self, cell: int) -> tuple[float, float]:
        """The least and the greatest value the cell can have."""
        n = self.place[cell]
        self._solve(n, 1.0)
        return self.least[n] * self.scale, (np.inf if self._solve(n, -1.0) else self.most[n] * self.scale)

    def _solve(self, n: int, sign: float, cap: float | None = None) -> bool:
        """Drive one cell down (1) or up (−1), at most to `cap`; what all cells then are is remembered. True where it is unbounded."""
        aim = np.zeros(len(self.cells))
        aim[n] = sign
        bounds = np.zeros((len(self.cells), 2))
        bounds[:, 1] = np.inf
        if cap is not None:
            bounds[n, 1] = max(cap, self.most[n])
        answer = linprog(aim, A_eq=self.equations, b_eq=self.right, bounds=bounds, method="highs")
        if answer.x is not None:
            self.least, self.most = np.minimum(self.least, answer.x), np.maximum(self.most, answer.x)
        return bool(answer.status == 3)
