"""What anybody knows about each table of a release, in the words of `disclosure`: unknowns, rows, sums, and what is public anyway. Pure pandas.

Each function takes the truth and returns which rows stay hidden. Unknowns are what no list tells: refusals, sole proprietors, reports.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from reports.statistics.pipeline import disclosure
from reports.statistics.pipeline.dimensions import ALL, ATTRIBUTES, UNKNOWN
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

MARGIN, WHOLE = disclosure.LEVELS  # how dear it is to hide a margin, and the whole
EVERYBODY = 10  # reports below which a share says nothing of all or of none of a group
Truth = dict[Unknown, float]
Limits = Mapping[str, tuple[float, float]]  # programme or call → floor and cap of one award, yen


def total(names: Iterable[Unknown]) -> Expression:
    return dict.fromkeys(names, 1.0)


def less(one: Expression, other: Expression) -> Expression:
    return {name: one.get(name, 0.0) - other.get(name, 0.0) for name in {**one, **other}}


def true_ones(truth: Truth, claims: Iterable[Known]) -> list[Known]:
    """Public rules as far as they hold: an award once cut below the floor is no contradiction, only less to know."""
    return [claim for claim in claims if claim.of and claim.holds(truth)]


def equal(one: Expression, other: Expression) -> Known:
    return Known(less(one, other), 0.0, 0.0)


# -- applications of corporations -------------------------------------------------------------------------------------
PLACED = (
    "refused",
    "others",
    "asked",
)  # layers of a place; of every other class: refused, others, won


def applications(
    table: pd.DataFrame, home: Mapping[str, str], limits: Limits, threshold: int, share: float
) -> np.ndarray:
    """Rows of one year's table of applications (`measures.applications_by`) that stay hidden beside the list of awards."""
    rows = table.to_dict("records")
    truth: Truth = {}
    for row in rows:
        for layer, name in _atoms(row):
            truth[layer, *name] = float(row[f"n_{layer}"])
    places = [name[2:] for name in truth if name[:2] == ("refused", "area")]

    def of(layer: str, row: Mapping[str, Any]) -> Expression:
        programme, dimension, key = row["programme"], row["dimension"], row["key"]
        if dimension in ATTRIBUTES or dimension == "call":
            return {(layer, dimension, key): 1.0}
        where = {ALL: lambda _area: True, "area": lambda area: area == key}.get(
            dimension, lambda area: home.get(area, UNKNOWN) == key
        )
        return total(
            (layer, "area", p, area) for p, area in places if programme in (ALL, p) and where(area)
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
    return disclosure.hide(truth, public, cells, secrets, hidden)


def _layers(row: Mapping[str, Any]) -> tuple[str, ...]:
    return ("refused", "others", "won") if row["dimension"] in ATTRIBUTES else PLACED


def _atoms(row: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """(layer, unknown) of a row that is made of no others."""
    if row["dimension"] == "area" and row["programme"] != ALL:
        return [(layer, ("area", row["programme"], row["key"])) for layer in PLACED]
    if (row["dimension"] == "call" and row["programme"] != ALL) or row["dimension"] in ATTRIBUTES:
        return [(layer, (row["dimension"], row["key"])) for layer in _layers(row)]
    return []


def _kept(
    row: Mapping[str, Any], layer: str, of: Expression, threshold: int, share: float
) -> Secret | None:
    """What must not be told of a layer of a row; None where nothing is there to tell."""
    firms, value = row[f"firms_{layer}"], float(row[f"n_{layer}"])
    if layer != "asked":
        return counted(of, value, threshold) if disclosure.few(firms, threshold) else None
    above = disclosure.dominated(value, row["first_asked"], row["second_asked"], share)
    return spread(of, value) if disclosure.few(firms, threshold) or above else None


def _classes_add_up(rows: list[dict[str, Any]], of: Any) -> list[Known]:
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


def _limits(rows: list[dict[str, Any]], of: Any, limits: Limits) -> Iterable[Known]:
    """Nobody asks for more than the cap, or for less than the floor: yen asked in vain against the applications that asked."""
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


# -- sole proprietors, and the book that holds their money too ----------------------------------------------------------
COUNTS = ("awards", "slots", "seats", "rest")
OF_UNIT = {"slots": ("slots",), "seats": ("seats",), "yen": ("held", "spent", "back")}
OF_PEOPLE = ("awards", "awarded", "paid")


def persons(
    parts: pd.DataFrame, book: pd.DataFrame, limits: Limits, threshold: int, share: float
) -> tuple[np.ndarray, set[str]]:
    """Rows of one year's book (`measures.ledger`) that stay hidden, and which of "people", "applicants" and "seats" do with them.

    `parts`: what of each quantity is behind whom (`measures.unlisted`).
    """
    programmes = sorted(({*parts["programme"], *book["programme"]}) - {ALL, ""})
    names = {
        "rest": [""],
        **{
            q: programmes
            for q in ("awards", "awarded", "paid", "slots", "seats", "held", "spent", "back")
        },
    }
    sums = parts.groupby(["quantity", "programme"])["amount"].sum().to_dict()
    truth: Truth = {(q, p): float(sums.get((q, p), 0)) for q, every in names.items() for p in every}

    def of(quantity: str, programme: str, among: Iterable[str] = programmes) -> Expression:
        return total(
            (quantity, p)
            for p in (among if programme == ALL else [programme])
            if (quantity, p) in truth
        )

    lines = book.to_dict("records")
    at = {(row["programme"], row["unit"]): n for n, row in enumerate(lines)}
    units = {unit: [p for p, u in at if u == unit and p != ALL] for unit in OF_UNIT}
    cells = []
    for row in lines:
        claims = tuple(
            exactly(of(q, row["programme"], units[row["unit"]]), truth)
            for q in OF_UNIT[row["unit"]]
        )
        weight = sum(abs(claim.low) for claim in claims) / 1e6 + (row["programme"] == ALL) * WHOLE
        cells.append(Cell(claims, weight, not any(claim.low for claim in claims)))
    extra = {name: len(lines) + n for n, name in enumerate(("people", "applicants", "seats"))}
    rest: Expression = {("rest", ""): 1.0}
    applied: Expression = {**of("awards", ALL), **rest}
    cells += [
        Cell(tuple(exactly(of(q, ALL), truth) for q in OF_PEOPLE), MARGIN * 2),
        Cell((exactly(applied, truth),), MARGIN),
        Cell((exactly(of("seats", ALL), truth),), MARGIN),
    ]
    secrets, hidden = [], set()
    for quantity, programme, firms, value, first, second in _behind(parts):
        is_count = quantity in COUNTS or quantity == "applied"
        if not disclosure.few(firms, threshold) and (
            is_count or not disclosure.dominated(value, first, second, share)
        ):
            continue
        plus, minus = {"due": ("awarded", "paid"), "open": ("held", "spent")}.get(
            quantity, (quantity, "")
        )
        unit = next((unit for unit, kinds in OF_UNIT.items() if plus in kinds), "")
        among = units.get(unit, programmes)
        sum_of = (
            applied
            if quantity == "applied"
            else rest
            if plus == "rest"
            else of(plus, programme, among)
        )
        sum_of = less(sum_of, of(minus, programme, among)) if minus else sum_of
        secrets.append(counted(sum_of, value, threshold) if is_count else spread(sum_of, value))
        hidden |= {at[programme, unit]} if (programme, unit) in at else set()
        hidden |= {extra["people"]} if programme == ALL and plus in OF_PEOPLE else set()
        hidden |= {extra["applicants"]} if quantity == "applied" else set()
        hidden |= {extra["seats"]} if quantity == "seats" and programme == ALL else set()
    public = true_ones(truth, _rules(of, units, programmes, limits))
    shut = disclosure.hide(truth, public, cells, secrets, hidden)
    return shut[: len(lines)], {name for name, n in extra.items() if shut[n]}


def _behind(parts: pd.DataFrame) -> Iterable[tuple[str, str, int, float, float, float]]:
    """(quantity, programme or all, firms, sum, largest, second) of everything that is somebody's."""
    for programme, rows in ((ALL, parts), *parts.groupby("programme")):
        firms = rows.loc[rows["amount"] > 0].groupby(["quantity", "firm"])["amount"].sum()
        for quantity, own in firms.groupby(level="quantity"):
            ranked = np.sort(own.to_numpy(float))[::-1]
            yield (
                str(quantity),
                str(programme),
                len(ranked),
                float(ranked.sum()),
                float(ranked[0]),
                float(ranked[1:2].sum()),
            )


def _rules(
    of: Any, units: Mapping[str, list[str]], programmes: list[str], limits: Limits
) -> Iterable[Known]:
    """What holds of every award: paid and held within the award, the award within floor and cap, one slot each."""
    for p in programmes:
        awards, awarded, paid = of("awards", p), of("awarded", p), of("paid", p)
        yield Known(less(awarded, paid))
        if p in limits:
            floor, cap = limits[p]
            yield Known(less(dict.fromkeys(awards, cap), awarded))
            yield Known(less(awarded, dict.fromkeys(awards, floor)))
        if p in units["slots"]:
            yield equal(of("slots", p), awards)
        if p in units["yen"]:
            yield Known(less(awarded, of("held", p)))
            yield Known(less(of("held", p), of("spent", p)))
            yield equal({**of("spent", p), **of("back", p)}, paid)


# -- outcomes and the way there -----------------------------------------------------------------------------------------
def outcomes(
    table: pd.DataFrame,
    listed: Mapping[tuple[str, str], int],
    summed: bool,
    threshold: int,
    share: float,
) -> np.ndarray:
    """Rows of one measure and year (`measures.outcomes`) that stay hidden. `listed`: public awards of (programme, area), which no number of reports exceeds;
    `summed`: an amount, of which one firm's part can outweigh; else a share of those who reported."""
    rows = table.to_dict("records")
    truth: Truth = {}
    for row in rows:
        if ALL not in (row["programme"], row["area"]):
            truth |= {
                (q, row["programme"], row["area"]): float(row[q]) for q in ("reports", "total")
            }

    def of(quantity: str, row: Mapping[str, Any]) -> Expression:
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
    return disclosure.hide(truth, true_ones(truth, [*at_most, *within]), cells, secrets, hidden)


def _everybody(row: Mapping[str, Any], reports: Expression, amount: Expression) -> list[Secret]:
    """A share of all or none tells what each of a small group said: one at least must be able to be otherwise."""
    if not 0 < row["reports"] < EVERYBODY or row["measure"] == "productivity_growth":
        return []
    if row["total"] >= row["reports"]:
        return [Secret(less(reports, amount), 0.0, 1.0)]
    return [Secret(amount, 0.0, 1.0)] if row["total"] == 0 else []


def counts(table: pd.DataFrame, threshold: int) -> np.ndarray:
    """Rows of one measure and year that stay hidden, where the counts (`value`) of programmes add up to "all"."""
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
    return disclosure.hide(
        truth, (), cells, [counted(of[n], rows[n]["value"], threshold) for n in hidden], hidden
    )
