"""Step two, measures: tidy tables from the fact table.

Pure pandas; "all" is the margin of a dimension.

Tables of awards speak of corporations, whose awards are public row by row. Tables of applications
speak of corporations too and go through disclosure control. Sole proprietors stand in one table of
totals.
"""

import numpy as np
import pandas as pd

from reports.statistics.pipeline.columns import looked_up
from reports.statistics.pipeline.frames import Frames
from reports.statistics.pipeline.names import ALL, ATTRIBUTES, MONEY, PLACES, SUBSIDIES

KEYS = ["fiscal_year", "programme", "dimension", "key"]
STAGES = {  # stage → first and last step of it, days
    "decision": ("submitted", "decided"),
    "check": ("submitted", "accepted"),
    "review": ("accepted", "decided"),
    "fixing": ("reported", "fixed"),
    "payment": ("claimed", "paid"),
}


def awards_by(cases: pd.DataFrame) -> pd.DataFrame:
    """Awards of corporations by year, programme and place.

    How many (fixed, paid, revoked), and their yen.

    Public row by row.
    """
    won = cases.loc[cases["is_awarded"] & ~cases["is_person"]]
    won = won.assign(is_fixed=won["fixed_on"].notna(), is_paid=won["paid"] > 0)
    sums = {
        "awards": ("award", "count"),
        "fixed": ("is_fixed", "sum"),
        "paid": ("is_paid", "sum"),
        "revoked": ("is_revoked", "sum"),
        **{f"{name}_yen": (name, "sum") for name in MONEY},
    }
    found = []
    for dimension in (ALL, *PLACES):
        names = ["fiscal_year", "programme", *([] if dimension == ALL else [dimension])]
        each = (
            won.groupby(names, observed=True)
            .agg(**sums)
            .reset_index()
            .rename(columns={dimension: "key"})
        )
        each = each.assign(dimension=dimension, **({"key": ALL} if dimension == ALL else {}))
        found += [
            each,
            each.groupby(["fiscal_year", "key"], observed=True)[list(sums)]
            .sum()
            .reset_index()
            .assign(programme=ALL, dimension=dimension),
        ]
    return tidy(found, list(sums))


def tidy(parts: list[pd.DataFrame], values: list[str]) -> pd.DataFrame:
    """Parts with the same columns as one table in the order of its keys."""
    for part in parts:
        for name in ("programme", "key"):
            part[name] = part[name].astype(str)
    whole = pd.concat(parts, ignore_index=True)[[*KEYS, *values]]
    return whole.astype({"fiscal_year": "int64", **dict.fromkeys(values, "int64")}).sort_values(
        KEYS, ignore_index=True
    )


LAYERS = ("refused", "others", "asked", "won")


def applications_by(cases: pd.DataFrame, classes: dict[tuple[str, int], list[str]]) -> pd.DataFrame:
    """Applications of corporations, in every class of every dimension, with what disclosure control
    asks of each cell.

    Columns: applications, accepted, awards, requested_yen; per layer `n_`, `firms_`, `first_`,
    `second_`. A layer is what a list of awards does not tell: refused (not accepted), others
    (accepted and in no such list), asked (yen requested beyond what was awarded), won (awards of a
    class that is not public). Places are crossed with the programme, other classes are not.
    """
    own = cases.loc[
        ~cases["is_person"],
        [
            "fiscal_year",
            "programme",
            "firm",
            "is_accepted",
            "is_awarded",
            "requested",
            "awarded",
            *PLACES,
            *ATTRIBUTES,
        ],
    ]
    own = own.assign(
        applications=1,
        accepted=own["is_accepted"].astype("int64"),
        awards=own["is_awarded"].astype("int64"),
        requested_yen=own["requested"],
        refused=(~own["is_accepted"]).astype("int64"),
        others=(own["is_accepted"] & ~own["is_awarded"]).astype("int64"),
        asked=(own["requested"] - own["awarded"]).clip(lower=0),
        won=own["is_awarded"].astype("int64"),
        firm=pd.factorize(own["firm"])[0],
    )
    parts = [
        _layered(own, dimension, crossed=crossed)
        for dimension in (ALL, *PLACES)
        for crossed in (True, False)
    ]
    parts += [_layered(own, dimension, crossed=False) for dimension in ATTRIBUTES]
    found = tidy(parts, [name for name in parts[0].columns if name not in KEYS])
    return found.set_index(KEYS).reindex(_grid(found, classes), fill_value=0).reset_index()


def _grid(found: pd.DataFrame, classes: dict[tuple[str, int], list[str]]) -> pd.MultiIndex:
    """Every year, programme that was applied to, and class.

    With what was found in no class on record.
    """
    rows = set(found[KEYS].itertuples(index=False, name=None))
    for year, programme in (
        found[["fiscal_year", "programme"]].drop_duplicates().itertuples(index=False, name=None)
    ):
        for dimension in (*PLACES, *(ATTRIBUTES if programme == ALL else ())):
            rows |= {(year, programme, dimension, key) for key in classes[dimension, year]}
    return pd.MultiIndex.from_tuples(sorted(rows), names=KEYS)


def _layered(cases: pd.DataFrame, dimension: str, *, crossed: bool) -> pd.DataFrame:
    """Sums of each cell, and of each layer also how many firms stand behind it and the two largest
    of them.
    """
    names = [
        "fiscal_year",
        *(["programme"] if crossed else []),
        *([] if dimension == ALL else [dimension]),
    ]
    group = cases.groupby(names, observed=True)
    total = group[["applications", "accepted", "awards", "requested_yen", *LAYERS]].sum()
    total = total.rename(columns={layer: f"n_{layer}" for layer in LAYERS})
    cell = group.ngroup().to_numpy(dtype="int64")
    for layer in LAYERS:
        asked_for = layer in ("refused", "others") or (layer == "won") is (dimension in ATTRIBUTES)
        found = behind(
            cell,
            cases["firm"].to_numpy(dtype="int64"),
            cases[layer].to_numpy(dtype="int64") * asked_for,
            len(total),
        )
        for name, values in zip(("firms", "first", "second"), found, strict=True):
            total[f"{name}_{layer}"] = values
    whole = total.astype("int64").reset_index().rename(columns={dimension: "key"})
    fixed = (
        {"dimension": dimension}
        | ({"key": ALL} if dimension == ALL else {})
        | ({} if crossed else {"programme": ALL})
    )
    return whole.assign(**fixed)


def behind(
    cell: np.ndarray, firm: np.ndarray, amount: np.ndarray, cells: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each cell how many firms have any of the amount, and what the two largest have.

    `cell`, `firm`: codes from zero, row by row.
    """
    some = amount > 0
    width = int(firm.max(initial=0)) + 1
    codes, pairs = pd.factorize(cell[some] * width + firm[some])
    sums, home = np.bincount(codes, weights=amount[some], minlength=len(pairs)), pairs // width
    order = np.lexsort((-sums, home))
    firms = np.bincount(home, minlength=cells)
    starts = np.cumsum(firms) - firms
    first, second = np.zeros(cells), np.zeros(cells)
    ranked = sums[order]
    first[firms > 0] = ranked[starts[firms > 0]]
    second[firms > 1] = ranked[starts[firms > 1] + 1]
    return firms, first, second


def applicants(cases: pd.DataFrame) -> pd.DataFrame:
    """Applications by year and form of the applicant, with the firms behind them."""
    group = cases.assign(
        form=np.where(cases["is_person"], "sole_proprietor", "corporation")
    ).groupby(["fiscal_year", "form"])
    return (
        group.agg(applications=("id", "count"), firms=("firm", "nunique"))
        .reset_index()
        .astype({"fiscal_year": "int64"})
    )


def ledger(frames: Frames) -> pd.DataFrame:
    """The book by year, programme (and "all") and unit: yen, slots or seats."""
    lines, entries = frames.lines, frames.entries
    back = entries.loc[entries["kind"].astype(str) == "return"].groupby("line")["amount"].sum()
    lines = lines.assign(
        returned=looked_up(lines["id"], back).fillna(0),
        programme=lines["programme"].astype(str),
        unit=lines["unit"].astype(str),
    )
    parts = pd.concat([lines, lines.assign(programme=ALL)], ignore_index=True)
    values = ["appropriated", "committed", "disbursed", "returned", "carried"]
    return (
        parts.groupby(["fiscal_year", "programme", "unit"])[values]
        .sum()
        .astype("int64")
        .reset_index()
        .astype({"fiscal_year": "int64"})
    )


def days(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """Calendar days of each stage of corporations' cases.

    Median and 90th percentile, and whose the time was until the decision (shares of it).

    Sole proprietors are left out, and `firms` and `cases` count the awarded, who are in the list:
    that a stage is published tells then of nobody else.
    """
    own, found = spans(frames, cases), []
    for stage in STAGES:
        of_stage = own.rename(columns={stage: "days"})
        found += [
            _spans(of_stage, ["fiscal_year", "programme"], stage),
            _spans(of_stage, ["fiscal_year"], stage),
        ]
    found.append(
        _spans(own.rename(columns={"decision": "days"}), ["fiscal_year", "month"], "month")
    )
    whole = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    return whole.astype({"fiscal_year": "int64"}).sort_values(
        ["fiscal_year", "programme", "stage"], ignore_index=True
    )


def spans(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """Calendar days that each corporation's case took in each stage, and the applicant's share."""
    own = cases.loc[~cases["is_person"]]
    own = own.assign(
        decided_day=own["awarded_day"].fillna(own["rejected_day"]),
        decided_at=own["awarded_at"].fillna(own["rejected_at"]),
    )
    own["applicant_share"] = looked_up(own["case"], clocks(frames.holdings, own))
    for stage, (begin, end) in STAGES.items():
        own[stage] = (own[f"{end}_day"] - own[f"{begin}_day"]).dt.days
    names = ["case", "firm", "fiscal_year", "programme", "month", "is_awarded", "applicant_share"]
    return own[[*names, *STAGES]]


def _spans(spans: pd.DataFrame, names: list[str], stage: str) -> pd.DataFrame:
    """Listed cases and firms, median and 90th percentile of each group.

    "month" names the stage after the month.
    """
    some = spans.loc[spans["days"] >= 0]
    group, listed = (
        some.groupby(names, observed=True),
        some.loc[some["is_awarded"]].groupby(names, observed=True),
    )
    found = pd.DataFrame(
        {
            "cases": listed.size().reindex(group.size().index, fill_value=0),
            "firms": listed["firm"].nunique().reindex(group.size().index, fill_value=0),
            "median": group["days"].median(),
            "p90": group["days"].quantile(0.9),
            "applicant_share": group["applicant_share"].mean() if stage == "decision" else np.nan,
        }
    ).reset_index()
    found["stage"] = "month:" + found.pop("month").astype(str) if stage == "month" else stage
    found["programme"] = found["programme"].astype(str) if "programme" in found else ALL
    return found


def clocks(holdings: pd.DataFrame, cases: pd.DataFrame) -> pd.Series:
    """case → the applicant's share (0 to 1) of the time between the moments of first submission and
    of the decision.
    """
    held = holdings.merge(cases[["case", "submitted_at", "decided_at"]].dropna(), on="case")
    held["seconds"] = np.minimum(held["end"], held["decided_at"]) - np.maximum(
        held["begin"], held["submitted_at"]
    )
    held = held.loc[held["seconds"] > 0]
    whole = held.groupby("case")["seconds"].sum()
    theirs = held.loc[held["side"].astype(str) == "applicant"].groupby("case")["seconds"].sum()
    return theirs.reindex(whole.index, fill_value=0) / whole


def months_of(cases: pd.DataFrame) -> pd.DataFrame:
    """Awards of corporations by the month of the decision: how many and yen, for the trend."""
    won = cases.loc[cases["is_awarded"] & ~cases["is_person"]]
    month = won["awarded_on"].dt.strftime("%Y-%m")
    year = won["awarded_on"].dt.year - (won["awarded_on"].dt.month < 4)
    group = won.assign(month=month, fiscal_year=year).groupby(["fiscal_year", "month"])
    return (
        group.agg(awards=("award", "count"), awarded_yen=("awarded", "sum"))
        .reset_index()
        .astype({"fiscal_year": "int64"})
    )


def subsidised(cases: pd.DataFrame) -> pd.DataFrame:
    """Cases of calls that award money."""
    return cases.loc[cases["kind"].isin(SUBSIDIES)]
