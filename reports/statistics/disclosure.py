"""Step three, disclosure control: which cells of linked tables must stay hidden so that no secret is given back. Pure numpy and scipy.

A cell is sensitive when 1 to `threshold` − 1 firms stand behind what is not public of it, or when the second largest could
reckon the largest within `share` of its amount (p% rule). Sensitive cells are hidden, then others with them, until a linear programme shows that whoever
knows every visible cell and every sum still cannot narrow a sensitive one (Hundepool et al., Statistical Disclosure Control, 2012, ch. 4).
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

THRESHOLD, SHARE, MARGIN = 3, 0.10, 0.20
# weights from which a cell is a margin, or the whole: none goes before all cheaper ones of its sums
LEVELS = (10**8, 10**10)
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
    """For every cell whether it is hidden. `weight`: how dear it is to hide each; the cheapest go first, margins last (`LEVELS`), and of
    one level those with something in them.

    One pattern for all layers: a cell is shown whole or hidden whole. What is once safe stays safe, since hiding more only widens.
    """
    hidden = np.logical_or.reduce([layer.sensitive for layer in layers])
    of_cell: dict[int, list[Relation]] = {}
    for relation in relations:
        for cell in (relation[0], *relation[1]):
            of_cell.setdefault(cell, []).append(relation)
    open_cells = [list(map(int, np.flatnonzero(layer.sensitive))) for layer in layers]
    while True:
        more: set[int] = set()
        for k, layer in enumerate(layers):
            tight = exposed(relations, layer, hidden, open_cells[k])
            open_cells[k] = list(tight)
            more = more.union(*(_companions(sums, of_cell, layer, hidden, weight) for sums in tight.values()))
        if not more:
            return hidden
        hidden[list(more)] = True


def _companions(sums: list[Relation], of_cell: dict[int, list[Relation]], layer: Layer, hidden: np.ndarray, weight: np.ndarray) -> set[int]:  # fmt: skip
    """The cheapest visible cell of each sum that gives something away, of the lowest level there is; where none is visible, of the sums next to them."""

    def price(cell: int) -> tuple[int, bool, float, int]:
        return bisect(LEVELS, weight[cell]), bool(layer.values[cell] == 0), float(weight[cell]), cell

    seen: set[int] = set()
    while sums:
        found: list[tuple[int, bool, float, int]] = []
        members: set[int] = set()
        for total, parts in sums:
            members |= {total, *parts}
            visible = [o for o in (total, *parts) if not hidden[o] and not layer.known[o] and not layer.unseen[o]]
            found += [min(map(price, visible))] if visible else []
        if found:
            level = min(found)[0]
            return {cell for one, _empty, _weight, cell in found if one == level}
        sums = [relation for cell in members - seen for relation in of_cell.get(cell, [])]
        seen |= members
    return set()


def exposed(
    relations: Sequence[Relation], layer: Layer, hidden: np.ndarray, cells: Sequence[int]
) -> dict[int, list[Relation]]:
    """Those of `cells` whose range, as an attacker reckons it, is narrower than it must be → the sums that narrow it."""
    system = System(relations, layer.values, layer.dark(hidden))
    found = {cell: system.narrowed(cell, layer.low[cell], layer.high[cell]) for cell in cells}
    return {cell: tight for cell, tight in found.items() if tight is not None}


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
        self.sums: list[Relation] = []
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
            self.sums.append((total, parts))
        self.equations = csr_array((data, (rows, columns)), shape=(len(right), len(self.cells)))
        self.right = np.array(right)
        self.least = self.most = (
            values[self.cells] / self.scale
        )  # the truth is possible; answers widen what is known to be

    def narrowed(self, cell: int, low: float, high: float) -> list[Relation] | None:
        """None where the cell, for all that is known, may be as small as `low` and as large as `high`; else the sums that forbid it."""
        n, slack = self.place[cell], 1e-9
        tight: list[Relation] | None = None
        if self.least[n] > low / self.scale + slack:
            answer = self._solve(n, 1.0)
            if self.least[n] > low / self.scale + slack:
                tight = self._binding(answer)
        if self.most[n] < high / self.scale - slack:
            answer = self._solve(n, -1.0, cap=high / self.scale)
            if self.most[n] < high / self.scale - slack:
                tight = [*(tight or []), *self._binding(answer)]
        return tight

    def _binding(self, answer: Any) -> list[Relation]:
        """The sums at which the optimum stops, those whose price is not nought; all, should the solver name none."""
        prices = answer.eqlin.marginals if answer.x is not None else np.zeros(0)
        return [self.sums[row] for row in np.flatnonzero(np.abs(prices) > 1e-12)] or self.sums

    def range(self, cell: int) -> tuple[float, float]:
        """The least and the greatest value the cell can have."""
        n = self.place[cell]
        self._solve(n, 1.0)
        return self.least[n] * self.scale, (np.inf if self._solve(n, -1.0).status == 3 else self.most[n] * self.scale)

    def _solve(self, n: int, sign: float, cap: float | None = None) -> Any:
        """Drive one cell down (1) or up (−1), at most to `cap`; what all cells then are is remembered."""
        aim = np.zeros(len(self.cells))
        aim[n] = sign
        bounds = np.zeros((len(self.cells), 2))
        bounds[:, 1] = np.inf
        if cap is not None:
            bounds[n, 1] = max(cap, self.most[n])
        answer = linprog(aim, A_eq=self.equations, b_eq=self.right, bounds=bounds, method="highs")
        if answer.x is not None:
            self.least, self.most = np.minimum(self.least, answer.x), np.maximum(self.most, answer.x)
        return answer
