"""Steps two and three together: from frames to the tables that may be published. Pure; a hidden row keeps its names and loses its values."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from reports.statistics import disclosure, effects, measures
from reports.statistics.dimensions import ALL, ATTRIBUTES, DIMENSIONS, UNKNOWN, classes, facts
from reports.statistics.frames import Frames

MARGIN, WHOLE = disclosure.LEVELS  # how dear it is to hide a margin, and the whole
P90_LEAST = 10  # cases below which the 90th percentile would be one case's


@dataclass(frozen=True)
class Parameters:
    """What a release was made with: firms below which a cell is hidden, the share of the p% rule, the last fiscal year."""

    fiscal_year: int
    threshold: int = disclosure.THRESHOLD
    share: float = disclosure.SHARE


def tables(frames: Frames, asked: Parameters) -> dict[str, pd.DataFrame]:
    """Every statistical table of a release, up to and including its fiscal year.

    Proposals and courses lead to no award, so they stand in tables of their own.
    """
    arrived = facts(frames)
    arrived = arrived.loc[arrived["fiscal_year"] <= asked.fiscal_year]
    cases = measures.subsidised(arrived)
    alone, asked_for = people(cases, asked), applications_by(cases, frames, asked)
    found = {
        "awards_by": measures.awards_by(cases),
        "applications_by": asked_for,
        "applicants": applicants(measures.applicants(cases), asked_for, asked),
        "people": _shown(alone.loc[alone["programme"] == ALL].drop(columns=["programme", "first", "second"]), ["awards", "awarded_yen", "paid_yen"]),
        "ledger": ledger(measures.ledger(frames), alone),
        "days": days(measures.days(frames, cases), asked),
        "flow": flow(measures.flow(frames, cases), asked),
        "outcomes": outcomes(measures.outcomes(frames, cases), asked),
        "innovation": few(measures.innovation(frames, arrived), ["value"], asked),
        "courses": few(measures.courses(frames, arrived), ["value"], asked),
        "trend": measures.months_of(cases),
        "effects": compared(effects.estimated(frames, cases), asked),
        "establishments": frames.establishments.astype({"area": str}).sort_values("area", ignore_index=True),
        "outside": frames.outside.astype({"area": str, "issuer": str}).sort_values(["area", "fiscal_year", "issuer"], ignore_index=True),
    }  # fmt: skip
    until = {
        name: table.loc[table["fiscal_year"] <= asked.fiscal_year]
        if "fiscal_year" in table and name != "outside"
        else table
        for name, table in found.items()
    }
    return {name: table.reset_index(drop=True) for name, table in until.items()}


def _shown(table: pd.DataFrame, values: list[str]) -> pd.DataFrame:
    """The table with `suppressed`; hidden rows lose their values, helping columns go."""
    names = [name for name in table.columns if name not in ("hidden", "firms") and name not in values]
    shown = table[[*names, *values]].copy()
    for name in values:
        whole = pd.api.types.is_integer_dtype(shown[name])
        shown[name] = shown[name].astype("Int64" if whole else "Float64").mask(table["hidden"])
    return shown.assign(suppressed=table["hidden"].astype(bool))


def few(table: pd.DataFrame, values: list[str], asked: Parameters) -> pd.DataFrame:
    """Rows that no published sum joins: hidden below the threshold (`firms`; −1: public anyway)."""
    hidden = (table["firms"] > 0) & (table["firms"] < asked.threshold)
    return _shown(table.assign(hidden=hidden), values)


Build = Callable[[dict[tuple[str, ...], int]], list[disclosure.Relation]]


def guarded(
    table: pd.DataFrame, keys: list[str], layers: list[disclosure.Layer], build: Build, weight: pd.Series
) -> pd.DataFrame:
    """The table with `hidden`; `build` makes the sums of a block from key → row. A block is a year, of each measure where there are some: no sum joins two."""
    hidden = np.zeros(len(table), dtype=bool)
    for _block, rows in table.groupby(["fiscal_year", *(["measure"] if "measure" in table else [])], sort=False):
        at = table.index.get_indexer(rows.index)
        cells = {tuple(map(str, key)): n for n, key in enumerate(rows[keys].itertuples(index=False, name=None))}
        hidden[at] = disclosure.hide(build(cells), [layer.of(at) for layer in layers], weight.to_numpy(float)[at])
    return table.assign(hidden=hidden)


def sums(
    cells: dict[tuple[str, ...], int], total: Callable[[tuple[str, ...]], tuple[str, ...] | None]
) -> Iterable[disclosure.Relation]:
    """Relations total = Σ parts, where `total` names the total of a part (None: it is a part of none)."""
    parts: dict[tuple[str, ...], list[int]] = {}
    for key, n in cells.items():
        of = total(key)
        if of is not None and of != key and of in cells:
            parts.setdefault(of, []).append(n)
    return [(cells[of], tuple(members)) for of, members in parts.items()]


def applications_by(cases: pd.DataFrame, frames: Frames, asked: Parameters) -> pd.DataFrame:
    """Applications of corporations, safe beside the list of awards: every sum of the table and of its wards is reckoned with.

    Yen stand by place alone: beside named awards a sum by size or age would tell whose awards it adds up.
    """
    table = measures.applications_by(cases, classes(frames, sorted(cases["fiscal_year"].unique())))
    own = table["dimension"].isin(ATTRIBUTES)
    everybody = (
        own
        & (table["key"] != UNKNOWN)
        & (table["n_won"] > 0)
        & (table["n_won"] == table.groupby(["fiscal_year", "dimension"])["n_won"].transform("sum"))
    )
    won = disclosure.count_layer(table["n_won"], table["firms_won"].mask(everybody, 1), asked.threshold, known=~own)
    layers = [
        *(disclosure.count_layer(table[f"n_{name}"], table[f"firms_{name}"], asked.threshold) for name in ("refused", "others")), won,
        disclosure.yen_layer(table["n_asked"], table["firms_asked"], table["first_asked"], table["second_asked"], own, asked.threshold, asked.share),
    ]  # fmt: skip
    home = dict(zip(frames.areas["area"], frames.areas["municipality"], strict=True))
    margins = (table["programme"] == ALL).astype(int) + (table["key"] == ALL).astype(int)
    weight = table["applications"] + margins.map({0: 0, 1: MARGIN, 2: WHOLE})
    shown = guarded(
        table, ["programme", "dimension", "key"], layers, lambda cells: application_sums(cells, home), weight
    )
    shown = shown.assign(requested_yen=shown["requested_yen"].astype("Int64").mask(own))
    return _shown(shown[[*measures.KEYS, *APPLICATIONS, "hidden"]], list(APPLICATIONS))


def applicants(table: pd.DataFrame, whole: pd.DataFrame, asked: Parameters) -> pd.DataFrame:
    """Applications by form of the applicant; that of corporations is the total of their table, and hidden with it."""
    totals = whole.loc[(whole["programme"] == ALL) & (whole["dimension"] == ALL) & whole["suppressed"], "fiscal_year"]
    shown = few(table, ["applications"], asked)
    hidden = shown["suppressed"] | ((shown["form"] == "corporation") & shown["fiscal_year"].isin(totals))
    return shown.assign(applications=shown["applications"].mask(hidden), suppressed=hidden)


APPLICATIONS = ("applications", "accepted", "awards", "requested_yen")


def application_sums(cells: dict[tuple[str, ...], int], home: dict[str, str]) -> list[disclosure.Relation]:
    """The sums that anyone can see in the table of applications of one year; keys are (programme, dimension, key)."""
    found = list(sums(cells, lambda key: (ALL, key[1], key[2]) if key[0] != ALL else None))  # programmes
    for dimension in DIMENSIONS:
        found += sums(cells, lambda key, dimension=dimension: (key[0], ALL, ALL) if key[1] == dimension else None)
    found += sums(cells, lambda key: (key[0], "municipality", home.get(key[2], "")) if key[1] == "area" else None)
    return found


def people(cases: pd.DataFrame, asked: Parameters) -> pd.DataFrame:
    """Awards to sole proprietors by year and programme, with `hidden`: what the book and the list of awards together would tell."""
    table = measures.people(cases)
    firms, shown = table["firms"], pd.Series(False, index=table.index)
    layers = [
        disclosure.count_layer(table["awards"], firms, asked.threshold),
        disclosure.yen_layer(table["awarded_yen"], firms, table["first"], table["second"], shown, asked.threshold, asked.share),
    ]  # fmt: skip
    weight = table["awards"] + (table["programme"] == ALL) * WHOLE
    return guarded(
        table,
        ["programme"],
        layers,
        lambda cells: list(sums(cells, lambda key: (ALL,) if key != (ALL,) else None)),
        weight,
    )


def ledger(book: pd.DataFrame, alone: pd.DataFrame) -> pd.DataFrame:
    """The book; where a sole proprietor's sum could be reckoned from it, what was committed and spent is hidden, the appropriation is not."""
    hidden = set(alone.loc[alone["hidden"], ["fiscal_year", "programme"]].itertuples(index=False, name=None))
    at = [pair in hidden for pair in book[["fiscal_year", "programme"]].itertuples(index=False, name=None)]
    return _shown(book.assign(hidden=at), ["committed", "disbursed", "returned", "carried"])


def days(table: pd.DataFrame, asked: Parameters) -> pd.DataFrame:
    """Days without numbers of cases; the 90th percentile only where it is not a single case's."""
    index = ["fiscal_year", "programme", "stage"]
    stages = table.loc[~table["stage"].str.startswith("month:"), ["fiscal_year", "programme"]].drop_duplicates()
    every = set(table[index].itertuples(index=False, name=None)) | {
        (*pair, stage) for pair in stages.itertuples(index=False, name=None) for stage in measures.STAGES
    }
    table = table.set_index(index).reindex(pd.MultiIndex.from_tuples(sorted(every), names=index)).reset_index()
    table[["cases", "firms"]] = table[["cases", "firms"]].fillna(0)  # none is hidden like few
    shown = _shown(table.assign(hidden=table["firms"] < asked.threshold), ["median", "p90", "applicant_share"]).drop(
        columns="cases"
    )
    shown["p90"] = shown["p90"].mask(table["cases"] < P90_LEAST)
    return shown.assign(
        **{name: shown[name].round(digits) for name, digits in (("median", 1), ("p90", 1), ("applicant_share", 2))}
    )


def flow(table: pd.DataFrame, asked: Parameters) -> pd.DataFrame:
    """Counts of what happened on the way; programmes add up to "all", each measure for itself."""
    layers = [disclosure.count_layer(table["value"], table["firms"], asked.threshold)]
    weight = table["value"] + (table["programme"] == ALL) * WHOLE
    build: Build = lambda cells: list(sums(cells, lambda key: (ALL, key[1]) if key[0] != ALL else None))  # noqa: E731  one line of three
    return _shown(guarded(table, ["programme", "measure"], layers, build, weight), ["value"])


def compared(found: list[effects.Effect], asked: Parameters) -> pd.DataFrame:
    """A row per effect; a group of fewer cases than the threshold is not counted out (None)."""
    table = pd.DataFrame([asdict(effect) | {"verdict": effect.verdict} for effect in found])
    for side in ("treated", "compared"):
        table[side] = table[side].astype("Int64").mask(table[side].between(1, asked.threshold - 1))
    return table


def outcomes(table: pd.DataFrame, asked: Parameters) -> pd.DataFrame:
    """Means with the number of firms behind them. Areas and programmes add up, and a mean times its number is a sum: companions are hidden with the
    few, and with amounts that one firm dominates."""
    firms = table["firms"]
    shares = ~table["measure"].isin(measures.AMOUNTS)
    layers = [
        disclosure.count_layer(firms, firms, asked.threshold),
        disclosure.yen_layer(table["total"], firms, table["first"], table["second"], shares, asked.threshold, asked.share),
    ]  # fmt: skip
    margins = (table["programme"] == ALL).astype(int) + (table["area"] == ALL).astype(int)
    weight = firms + margins.map({0: 0, 1: MARGIN, 2: WHOLE})

    def build(cells: dict[tuple[str, ...], int]) -> list[disclosure.Relation]:
        by_area = sums(cells, lambda key: (key[0], ALL, key[2]) if key[1] != ALL else None)
        return [*by_area, *sums(cells, lambda key: (ALL, key[1], key[2]) if key[0] != ALL else None)]

    shown = guarded(table, ["programme", "area", "measure"], layers, build, weight).rename(columns={"firms": "reports"})
    return _shown(shown.drop(columns=["total", "first", "second"]), ["reports", "value"])
