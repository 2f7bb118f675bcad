"""What came of the awards: means of the reports of firms, and the productivity that they tell."""

import numpy as np
import pandas as pd

from reports.statistics.pipeline.frames import Frames
from reports.statistics.pipeline.measures import behind
from reports.statistics.pipeline.names import ALL


def outcomes(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """What came of the awards to corporations, by year of call, programme and area.

    The mean of the reports, with their number (an award has one, its latest), and what disclosure
    control asks: the firms behind them, the sum, and of amounts its two largest parts.

    Measures: productivity_growth and sales in means of reports (a fraction, yen), hours_saved (a
    month), telework_rate and in_use (fractions).
    """
    rows = reports(frames, cases)
    found = [averaged(rows.loc[rows["measure"] == measure]) for measure in MEASURES]
    return pd.concat(found, ignore_index=True).sort_values(
        ["fiscal_year", "measure", "programme", "area"], ignore_index=True
    )


MEASURES = ("productivity_growth", "sales", "hours_saved", "telework_rate", "in_use")


def reports(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """A row for each measure of each report: case, firm, fiscal_year, programme, area, paid, value."""
    won = cases.loc[
        cases["is_awarded"] & ~cases["is_person"],
        ["case", "firm", "fiscal_year", "programme", "area", "paid"],
    ]
    rows = frames.filings.sort_values("period").merge(won, on="case")
    effect = rows.loc[rows["kind"] == "effect"].groupby("case").last().reset_index()
    use = rows.loc[rows["kind"] == "use"].groupby("case").last().reset_index()
    said = {
        "productivity_growth": productivity(effect, "") / productivity(effect, "base_") - 1,
        "sales": effect["sales"],
        "hours_saved": effect["hours_saved"],
        "telework_rate": effect["teleworkers"] / effect["employees"],
        "in_use": use["in_use"].astype(str).map({"yes": 1.0, "partly": 1.0, "no": 0.0}),
    }
    found = [
        (use if measure == "in_use" else effect)[list(won.columns)].assign(
            value=values.astype("float64"), measure=measure
        )
        for measure, values in said.items()
    ]
    whole = pd.concat(found, ignore_index=True)
    return whole.loc[np.isfinite(whole["value"].fillna(np.nan))]


def amounts(rows: pd.DataFrame) -> pd.Series:
    """What each report adds to a sum. Growth has none: it may be negative, and adds up to nothing."""
    return rows["value"].clip(lower=0).where(rows["measure"] != "productivity_growth", 0.0)


AMOUNTS = ("sales", "hours_saved")  # outcomes of which one firm's part can outweigh all others
# outcome → the digits of its mean that are published
# figures that count of an amount of yen, places of the others
FIGURES, PLACES_OF = (
    3,
    {"hours_saved": 0, "telework_rate": 2, "in_use": 2, "productivity_growth": 3},
)


def averaged(rows: pd.DataFrame) -> pd.DataFrame:
    """One measure by programme and area with their margins.

    Firms, reports, value (the mean, rounded), rounded (the step it was rounded to), total, first,
    second, and the yen paid to those who reported.
    """
    some = rows.loc[np.isfinite(rows["value"].fillna(np.nan))]
    some = some.assign(programme=some["programme"].astype(str), area=some["area"].astype(str))
    parts = [
        some.assign(**keep)
        for keep in ({}, {"area": ALL}, {"programme": ALL}, {"programme": ALL, "area": ALL})
    ]
    rows = pd.concat(parts, ignore_index=True)
    amount = amounts(rows)
    group = rows.assign(amount=amount).groupby(["fiscal_year", "programme", "area", "measure"])
    whole = group.agg(
        firms=("firm", "nunique"),
        reports=("case", "count"),
        value=("value", "mean"),
        total=("amount", "sum"),
        paid=("paid", "sum"),
    )
    cell, firm = group.ngroup().to_numpy(dtype="int64"), pd.factorize(rows["firm"])[0]
    _firms, whole["first"], whole["second"] = behind(
        cell, firm, amount.to_numpy(dtype=float), len(whole)
    )
    whole = whole.reset_index().astype(
        {"fiscal_year": "int64", "firms": "int64", "reports": "int64"}
    )
    whole["rounded"] = steps(whole["value"], whole["measure"].map(PLACES_OF))
    return whole.assign(value=(whole["value"] / whole["rounded"]).round() * whole["rounded"])


def steps(values: pd.Series, places: pd.Series) -> pd.Series:
    """The step to which each value is rounded.

    So many places, or (where none is stated) so many figures that count.
    """
    size = np.floor(np.log10(values.abs().where(values != 0, 1.0).astype(float)))
    return 10.0 ** (-places.astype(float)).fillna(size - FIGURES + 1)


def productivity(rows: pd.DataFrame, prefix: str) -> pd.Series:
    """労働生産性: (operating profit + personnel + depreciation) ÷ employees, yen a person.

    Missing where it is not positive.
    """
    parts = [
        rows[f"{prefix}{name}"].astype("float64")
        for name in ("profit", "personnel", "depreciation", "employees")
    ]
    found = (parts[0] + parts[1] + parts[2]) / parts[3].where(parts[3] > 0)
    return found.where(found > 0)
