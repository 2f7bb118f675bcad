"""What anybody knows about each table of a release, in the words of `disclosure`.

Unknowns, rows, sums, and what is public anyway.

Pure pandas.

Each function takes the truth and returns which rows stay hidden. Unknowns are what no list tells:
refusals, sole proprietors, reports.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from reports.statistics.models import Row
from reports.statistics.pipeline import disclosure, earlier
from reports.statistics.pipeline.disclosure import (
    Cell,
    Expression,
    Known,
    Secret,
    Unknown,
    counted,
    exactly,
    spread,
)
from reports.statistics.pipeline.earlier import NONE, Past
from reports.statistics.pipeline.names import ALL, ATTRIBUTES, UNKNOWN

MARGIN, WHOLE = disclosure.LEVELS  # how dear it is to hide a margin, and the whole
EVERYBODY = 10  # reports below which a share says nothing of all or of none of a group
Truth = dict[Unknown, float]
Limits = Mapping[str, tuple[float, float]]  # programme or call → floor and cap of one award, yen


def total(names: Iterable[Unknown]) -> Expression:
    return dict.fromkeys(names, 1.0)


def less(one: Expression, other: Expression) -> Expression:
    return {name: one.get(name, 0.0) - other.get(name, 0.0) for name in {**one, **other}}


def true_ones(truth: Truth, claims: Iterable[Known]) -> list[Known]:
    """Public rules as far as they hold.

    An award once cut below the floor is no contradiction, only less to know.
    """
    return [claim for claim in claims if claim.of and claim.holds(truth)]


def equal(one: Expression, other: Expression) -> Known:
    return Known(less(one, other), 0.0, 0.0)


# -- applications of corporations ------------------------------------------------------------------
PLACED = (
    "refused",
    "others",
    "asked",
)  # layers of a place; of every other class: refused, others, won


def applications(
    table: pd.DataFrame,
    home: Mapping[str, str],
    limits: Limits,
    threshold: int,
    share: float,
    since: Past = NONE,
) -> np.ndarray:
    """Rows of one year's table of applications (`measures.applications_by`) that stay hidden beside
    the list of awards.
    """
    rows = table.to_dict("records")
    truth: Truth = {}
    for row in rows:
        for layer, name in _atoms(row):
            truth[layer, *name] = float(row[f"n_{layer}"])
    places = [name[2:] for name in truth if name[:2] == ("refused", "area")]

    def of(layer: str, row: Row) -> Expression:
        programme, dimension, key = row["programme"], row["dimension"], row["key"]
        if dimension in ATTRIBUTES or dimension == "call":
            return {(layer, dimension, key): 1.0}
        where = {ALL: lambda _area: True, "area": lambda area: area == key}.get(
            dimension, lambda area: home.get(area, UNKNOWN) == key
        )
        return total(
            (layer, "area", p, area)
            for p, area in places
            if programme in (ALL, p) and where(area)  # type: ignore[no-untyped-call]  # a lambda
        )

    cells, secrets, hidden = [], [], []
    for n, row in enumerate(rows):
        layers = _layers(row)
        claims = tuple(exactly(one, truth) for one in (of(layer, row) for layer in layers) if one)
        margins = (row["programme"] == ALL) + (row["key"] == ALL)
        cells.append(
            Cell(
                claims, row["applications"] + (0, MARGIN, WHOLE)[margins], row["applications"] == 0
            )
        )
        found = [
            secret
            for layer in layers
            for secret in [_kept(row, layer, of(layer, row), threshold, share)]
            if secret
        ]
        secrets += found
        hidden += [n] if found else []
    public = [*_classes_add_up(rows, of), *true_ones(truth, _limits(rows, of, limits))]
    return earlier.hide(truth, public, cells, secrets, hidden, since, threshold, share)


def _layers(row: Row) -> tuple[str, ...]:
    return ("refused", "others", "won") if row["dimension"] in ATTRIBUTES else PLACED


def _atoms(row: Row) -> list[tuple[str, tuple[str, ...]]]:
    """(layer, unknown) of a row that is made of no others."""
    if row["dimension"] == "area" and row["programme"] != ALL:
        return [(layer, ("area", row["programme"], row["key"])) for layer in PLACED]
    if (row["dimension"] == "call" and row["programme"] != ALL) or row["dimension"] in ATTRIBUTES:
        return [(layer, (row["dimension"], row["key"])) for layer in _layers(row)]
    return []


def _kept(row: Row, layer: str, of: Expression, threshold: int, share: float) -> Secret | None:
    """What must not be told of a layer of a row; None where nothing is there to tell."""
    firms, value = row[f"firms_{layer}"], float(row[f"n_{layer}"])
    if layer != "asked":
        return counted(of, value, threshold) if disclosure.few(firms, threshold) else None
    above = disclosure.dominated(value, row["first_asked"], row["second_asked"], share)
    return spread(of, value) if disclosure.few(firms, threshold) or above else None


def _classes_add_up(rows: list[Row], of: Callable[[str, Row], Expression]) -> list[Known]:
    """Every dimension counts the same applications; how many were awarded in all is in the list."""
    whole = next(row for row in rows if row["programme"] == row["dimension"] == ALL)
    found = []
    for dimension in dict.fromkeys(
        row["dimension"] for row in rows if row["dimension"] in ATTRIBUTES
    ):
        classes = [row for row in rows if row["dimension"] == dimension]
        for layer in ("refused", "others"):
            found.append(
                equal(total(name for row in classes for name in of(layer, row)), of(layer, whole))
            )
        won = float(sum(row["n_won"] for row in classes))
        found.append(Known(total(name for row in classes for name in of("won", row)), won, won))
    for programme in {row["programme"] for row in rows if row["dimension"] == "call"} - {ALL}:
        calls = [
            row for row in rows if row["dimension"] == "call" and row["programme"] == programme
        ]
        own = next(row for row in rows if row["programme"] == programme and row["dimension"] == ALL)
        for layer in PLACED:
            found.append(
                equal(total(name for row in calls for name in of(layer, row)), of(layer, own))
            )
    return found


def _limits(
    rows: list[Row], of: Callable[[str, Row], Expression], limits: Limits
) -> Iterable[Known]:
    """Nobody asks for more than the cap, or for less than the floor.

    Yen asked in vain against the applications that asked.
    """
    for row in rows:
        name = row["key"] if row["dimension"] == "call" else row["programme"]
        if (
            row["programme"] == ALL
            or row["dimension"] not in ("area", "call")
            or name not in limits
        ):
            continue
        floor, cap = limits[name]
        asked, without = of("asked", row), {**of("refused", row), **of("others", row)}
        awarded = row["requested_yen"] - row["n_asked"]  # of the list
        yield Known(
            less(asked, dict.fromkeys(without, cap)), -np.inf, row["awards"] * cap - awarded
        )
        yield Known(less(asked, dict.fromkeys(without, floor)), 0.0)


# -- outcomes and the way there --------------------------------------------------------------------
def outcomes(
    table: pd.DataFrame,
    listed: Mapping[tuple[str, str], int],
    summed: bool,
    threshold: int,
    share: float,
    since: Past = NONE,
) -> np.ndarray:
    """Rows of one measure and year (`reported.outcomes`) that stay hidden.

    `listed`: public awards of (programme, area), which no number of reports exceeds; `summed`: an
    amount, of which one firm's part can outweigh; else a share of those who reported.
    """
    rows = table.to_dict("records")
    truth: Truth = {}
    for row in rows:
        if ALL not in (row["programme"], row["area"]):
            truth |= {
                (q, row["programme"], row["area"]): float(row[q]) for q in ("reports", "total")
            }

    def of(quantity: str, row: Row) -> Expression:
        return total(
            name
            for name in truth
            if name[0] == quantity
            and row["programme"] in (ALL, name[1])
            and row["area"] in (ALL, name[2])
        )

    cells, secrets, hidden = [], [], []
    for n, row in enumerate(rows):
        reports, amount = of("reports", row), of("total", row)
        margins = (row["programme"] == ALL) + (row["area"] == ALL)
        about, slack = row["value"] * row["reports"], row["reports"] * row["rounded"] / 2
        claims = (
            exactly(reports, truth),
            *(
                [Known(amount, about - slack, about + slack)]
                if row["measure"] != "productivity_growth"
                else []
            ),
        )
        cells.append(
            Cell(claims, row["reports"] + (0, MARGIN, WHOLE)[margins], row["reports"] == 0)
        )
        kept = (
            [counted(reports, row["reports"], threshold)]
            if disclosure.few(row["firms"], threshold)
            else []
        )
        if summed and (
            kept or disclosure.dominated(row["total"], row["first"], row["second"], share)
        ):
            kept.append(spread(amount, row["total"]))
        kept += [] if summed else _everybody(row, reports, amount)
        secrets += kept
        hidden += [n] if kept else []
    at_most = [
        Known({name: 1.0}, 0.0, float(listed.get((str(name[1]), str(name[2])), 0)))
        for name in truth
        if name[0] == "reports"
    ]
    within = (
        []
        if summed
        else [
            Known({("reports", *name[1:]): 1.0, name: -1.0}) for name in truth if name[0] == "total"
        ]
    )
    public = true_ones(truth, [*at_most, *within])
    return earlier.hide(truth, public, cells, secrets, hidden, since, threshold, share)


def _everybody(row: Row, reports: Expression, amount: Expression) -> list[Secret]:
    """A share of all or none tells what each of a small group said.

    One at least must be able to be otherwise.
    """
    if not 0 < row["reports"] < EVERYBODY or row["measure"] == "productivity_growth":
        return []
    if row["total"] >= row["reports"]:
        return [Secret(less(reports, amount), 0.0, 1.0)]
    return [Secret(amount, 0.0, 1.0)] if row["total"] == 0 else []


def counts(table: pd.DataFrame, threshold: int, since: Past = NONE) -> np.ndarray:
    """Rows of one measure and year that stay hidden, where the counts (`value`) of programmes add
    up to "all".
    """
    rows = table.to_dict("records")
    truth: Truth = {
        ("n", row["programme"]): float(row["value"])
        for row in rows
        if row["programme"] != ALL or len(rows) == 1
    }
    of: list[Expression] = [
        {("n", row["programme"]): 1.0} if ("n", row["programme"]) in truth else total(truth)
        for row in rows
    ]
    cells = [
        Cell(
            (exactly(one, truth),),
            row["value"] + (row["programme"] == ALL) * WHOLE,
            row["value"] == 0,
        )
        for one, row in zip(of, rows, strict=True)
    ]
    hidden = [n for n, row in enumerate(rows) if disclosure.few(row["firms"], threshold)]
    secrets = [counted(of[n], rows[n]["value"], threshold) for n in hidden]
    return earlier.hide(truth, (), cells, secrets, hidden, since, threshold, disclosure.SHARE)
