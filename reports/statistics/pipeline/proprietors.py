"""What anybody knows of sole proprietors, and of the book that holds their money too. Pure pandas."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from reports.statistics.pipeline import disclosure, earlier
from reports.statistics.pipeline.disclosure import (
    Cell,
    Expression,
    Known,
    counted,
    exactly,
    spread,
)
from reports.statistics.pipeline.earlier import NONE, Past
from reports.statistics.pipeline.guards import (
    MARGIN,
    WHOLE,
    Limits,
    Truth,
    equal,
    less,
    total,
    true_ones,
)
from reports.statistics.pipeline.names import ALL

COUNTS = ("awards", "slots", "seats", "rest")
OF_UNIT = {"slots": ("slots",), "seats": ("seats",), "yen": ("held", "spent", "back")}
LESS = {"due": ("awarded", "paid"), "open": ("held", "spent")}  # what is still to come
BESIDE = ("people", "applicants", "seats")  # rows of other tables in the same system
OF_PEOPLE = ("awards", "awarded", "paid")


def persons(
    parts: pd.DataFrame,
    book: pd.DataFrame,
    limits: Limits,
    threshold: int,
    share: float,
    since: Past = NONE,
) -> tuple[np.ndarray, set[str]]:
    """Rows of one year's book (`measures.ledger`) that stay hidden, and which of "people",
    "applicants" and "seats" do with them.

    `parts`: what of each quantity is behind whom (`unlisted.parts`).
    """
    gone = {name[1] for then in since.earlier for name in then.parts["name"]}
    programmes = sorted(({*parts["programme"], *book["programme"], *gone}) - {ALL, ""})
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
    extra = {name: len(lines) + n for n, name in enumerate(BESIDE)}
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
        plus, minus = LESS.get(quantity, (quantity, ""))
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
    more: list[Expression] = [{name: 1.0} for name in truth]
    for plus, minus in LESS.values():
        among = units["yen"] if plus == "held" else programmes
        more += [less(of(plus, p, among), of(minus, p, among)) for p in (ALL, *programmes)]
    shut = earlier.hide(truth, public, cells, secrets, hidden, since, threshold, share, more)
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
    of: Callable[[str, str], Expression],
    units: Mapping[str, list[str]],
    programmes: list[str],
    limits: Limits,
) -> Iterable[Known]:
    """What holds of every award.

    Paid and held within the award, the award within floor and cap, one slot each.
    """
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
