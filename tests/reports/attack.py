"""An attacker who has every published table of a release and the list of awards, and works out what
is hidden: linear programmes of its own.

Written from the published rows alone; it knows nothing of how cells were chosen. Unknown of every
place and programme: applications refused, and others that were accepted and stand in no list
(counts), and yen asked beyond what was awarded; of every other class also the awards.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

Row = Mapping[str, Any]
Name = tuple[Any, ...]
Expression = dict[Name, float]
ATTRIBUTES = ("industry", "size", "age", "history", "adviser", "month")


class Attack:
    """What the published rows of one year say, as equations over unknowns that are never negative."""

    def __init__(
        self, rows: Iterable[Row], awards: Iterable[Row], areas: Mapping[str, str], year: int
    ) -> None:
        self.rows = [row for row in rows if row["fiscal_year"] == year]
        self.areas, self.awards = areas, [row for row in awards if row["fiscal_year"] == year]
        self.programmes = sorted(
            {row["programme"] for row in self.rows if row["programme"] != "all"}
        )
        self.index: dict[Name, int] = {}
        self.equations: list[tuple[Expression, float]] = []
        for row in self.rows:
            if not row["suppressed"]:
                self._read(row)
        self._classes_add_up()
        self._calls_add_up()
        for expression, _value in self.equations:
            for unknown in expression:
                self.index.setdefault(unknown, len(self.index))

    def _classes_add_up(self) -> None:
        for layer in ("refused", "others", "won"):
            for dimension in ATTRIBUTES:
                classes = {
                    (layer, dimension, row["key"]): 1.0
                    for row in self.rows
                    if row["dimension"] == dimension
                }
                total = self.cell(layer, "all", "all", "all")
                if classes and layer != "won":
                    self.equations.append((_less(classes, total), 0.0))
                elif classes:
                    self.equations.append((classes, float(len(self.awards))))

    def _calls_add_up(self) -> None:
        for layer in ("refused", "others", "asked"):
            for programme in self.programmes:
                calls = {
                    name: 1.0
                    for row in self.rows
                    if row["dimension"] == "call" and row["programme"] == programme
                    for name in self.cell(layer, programme, "call", row["key"])
                }
                if calls:
                    self.equations.append(
                        (_less(calls, self.cell(layer, programme, "all", "all")), 0.0)
                    )

    def _read(self, row: Row) -> None:
        place = (row["programme"], row["dimension"], row["key"])
        refused, others = (self.cell(layer, *place) for layer in ("refused", "others"))
        if row["dimension"] in ATTRIBUTES:
            won = {("won", row["dimension"], row["key"]): 1.0}
            self.equations += [
                (won, row["awards"]),
                (_plus(others, won), row["accepted"]),
                (_plus(_plus(refused, others), won), row["applications"]),
            ]
            return
        won_here = float(len(list(self._listed(*place))))
        self.equations += [
            (others, row["accepted"] - won_here),
            (_plus(refused, others), row["applications"] - won_here),
        ]
        awarded = sum(award["awarded_yen"] for award in self._listed(*place))
        self.equations.append((self.cell("asked", *place), float(row["requested_yen"] - awarded)))

    def _listed(self, programme: str, dimension: str, key: str) -> Iterable[Row]:
        return (
            award
            for award in self.awards
            if programme in ("all", award["programme"])
            and (dimension == "all" or award[dimension] == key)
        )

    def cell(self, layer: str, programme: str, dimension: str, key: str) -> Expression:
        """A layer of a cell as a sum of unknowns."""
        if dimension in ATTRIBUTES:
            return {(layer, dimension, key): 1.0}
        if dimension == "call":
            return {(layer, "call", key): 1.0}
        programmes = self.programmes if programme == "all" else [programme]
        places = [
            a
            for a, town in self.areas.items()
            if dimension == "all" or key in ((a,) if dimension == "area" else (town,))
        ]
        return {(layer, p, a): 1.0 for p in programmes for a in places}

    def range(self, expression: Expression) -> tuple[float, float]:
        """The least and the greatest value that an expression can have, for all that was published."""
        scale = max((abs(value) for _e, value in self.equations), default=1.0) or 1.0
        unknown = [name for name in expression if name not in self.index]
        matrix, right = (
            np.zeros((len(self.equations), len(self.index))),
            np.zeros(len(self.equations)),
        )
        for n, (parts, value) in enumerate(self.equations):
            own = scale if any(name[0] == "asked" for name in parts) else 1.0
            right[n] = value / own
            for name, factor in parts.items():
                matrix[n, self.index[name]] = factor
        aim = np.zeros(len(self.index))
        own = scale if any(name[0] == "asked" for name in expression) else 1.0
        for name, factor in expression.items():
            if name in self.index:
                aim[self.index[name]] = factor
        found = []
        for sign in (1.0, -1.0):
            answer = linprog(sign * aim, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
            assert answer.status in (0, 3), answer.message
            found.append(-sign * np.inf if answer.status == 3 else sign * answer.fun * own)
        return (0.0 if unknown else found[0]), (np.inf if unknown else found[1])


def _plus(a: Expression, b: Expression) -> Expression:
    return {name: a.get(name, 0) + b.get(name, 0) for name in {**a, **b}}


def _less(a: Expression, b: Expression) -> Expression:
    return {name: a.get(name, 0) - b.get(name, 0) for name in {**a, **b}}


def narrowed(attack: Attack, cases: pd.DataFrame, threshold: int = 3) -> list[Name]:
    """Hidden cells with fewer than `threshold` firms behind a layer that the attacker narrows:
    (cell, layer, least, greatest).

    `cases`: the truth, corporations of the year: firm, programme, area, municipality and classes,
    refused, others, won (0 or 1), asked (yen).
    """
    found = []
    for row in attack.rows:
        if not row["suppressed"]:
            continue
        here = (
            cases
            if row["programme"] == "all"
            else cases.loc[cases["programme"] == row["programme"]]
        )
        here = (
            here
            if row["dimension"] == "all"
            else here.loc[here[row["dimension"]].astype(str) == row["key"]]
        )
        for layer in ("refused", "others", "won" if row["dimension"] in ATTRIBUTES else "asked"):
            behind = here.loc[here[layer] > 0]
            firms, truth = behind["firm"].nunique(), float(here[layer].sum())
            if not 0 < firms < threshold:
                continue
            least, greatest = attack.range(
                attack.cell(layer, row["programme"], row["dimension"], row["key"])
            )
            low, high = (truth * 0.8, truth * 1.2) if layer == "asked" else (0.0, float(threshold))
            if least > low + 1e-6 * max(truth, 1) or greatest < high - 1e-6 * max(truth, 1):
                found.append(
                    (row["programme"], row["dimension"], row["key"], layer, truth, least, greatest)
                )
    return found


def additive(
    rows: Iterable[Row], part: str, total: Mapping[str, str], value: str
) -> dict[str, tuple[float, float]]:
    """Hidden cells of a simple table (parts add up to one total) → the range an attacker finds.

    `total`: {column: name of the total}.
    """
    listed = list(rows)
    (column, name), hidden = next(iter(total.items())), [row for row in listed if row["suppressed"]]
    whole = next((row for row in listed if row[column] == name), None)
    known = sum(row[value] for row in listed if not row["suppressed"] and row[column] != name)
    parts = [row for row in hidden if row[column] != name]
    if whole is None or whole["suppressed"]:
        return {row[part]: (0.0, np.inf) for row in hidden}
    left = float(whole[value] - known)
    return {row[part]: ((left, left) if len(parts) == 1 else (0.0, left)) for row in parts}
