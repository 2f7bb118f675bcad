"""What the awards changed, as far as it can be said.

Discontinuity at the award line, and before against after.

Pure pandas and statsmodels.

Outcomes are changes of a logarithm from the year before the call to the year after the award, so
0.03 is three per cent. Sources: Lee & Lemieux (2010), Regression Discontinuity Designs in
Economics, for the local line; Cameron & Miller (2015) for clustered errors and few clusters.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import t as student

from grants.applications.states import ApplicationState
from reports.statistics.pipeline.columns import looked_up
from reports.statistics.pipeline.dimensions import facts
from reports.statistics.pipeline.frames import Frames
from reports.statistics.pipeline.reported import productivity

NEAR = 10.0  # points from the award line within which applicants are alike enough
LEAST = 20  # cases on each side, below which nothing is said
CLUSTERS = 10  # calls, below which errors are clustered by firm
OUTCOMES = ("productivity", "employees", "sales")


@dataclass(frozen=True)
class Effect:
    """An estimate with its 95 % range, or why there is none.

    `treated`, `compared`: cases; `clusters`: how many, 0 where refused.
    """

    method: str
    outcome: str
    treated: int
    compared: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    clusters: int = 0
    refused: str = ""

    @property
    def verdict(self) -> str:
        """more, less or none: what the range allows one to say; refused where nothing is said."""
        if self.low is None or self.high is None:
            return "refused"
        return "more" if self.low > 0 else "less" if self.high < 0 else "none"


def discontinuity(
    rows: pd.DataFrame, outcome: str, *, near: float = NEAR, least: int = LEAST
) -> Effect:
    """Two local lines with triangular weights, one on each side of the award line.

    `rows`: distance (points), change, call, firm.

    Refused with few cases near the line, or where awards did not follow the line.
    """
    some = rows.loc[(rows["distance"].abs() < near) & rows["change"].notna()]
    above = some["distance"] >= 0
    treated, compared = int(above.sum()), int((~above).sum())
    if min(treated, compared) < least:
        return Effect("discontinuity", outcome, treated, compared, refused="few")
    if (above != some["is_awarded"]).any():
        return Effect("discontinuity", outcome, treated, compared, refused="line")
    side = above.astype(float)
    design = np.column_stack([np.ones(len(some)), side, some["distance"], some["distance"] * side])
    return _fitted(
        "discontinuity", outcome, some, design, 1 - some["distance"].abs() / near, treated, compared
    )


def difference(rows: pd.DataFrame, outcome: str, *, least: int = LEAST) -> Effect:
    """Difference in differences.

    The mean change of the awarded less that of those who applied and were not.
    """
    some = rows.loc[rows["change"].notna()]
    treated, compared = int(some["is_awarded"].sum()), int((~some["is_awarded"]).sum())
    if min(treated, compared) < least:
        return Effect("difference", outcome, treated, compared, refused="few")
    design = np.column_stack([np.ones(len(some)), some["is_awarded"].astype(float)])
    return _fitted(
        "difference", outcome, some, design, pd.Series(1.0, index=some.index), treated, compared
    )


def _fitted(
    method: str,
    outcome: str,
    rows: pd.DataFrame,
    design: np.ndarray,
    weights: pd.Series,
    treated: int,
    compared: int,
) -> Effect:
    """Weighted least squares; the second column is the effect.

    Clustered by call, or by firm where calls are few.
    """
    group = rows["call"] if rows["call"].nunique() >= CLUSTERS else rows["firm"]
    codes, names = pd.factorize(group.astype(str))
    fit = sm.WLS(
        rows["change"].to_numpy(float), design.astype(float), weights=weights.to_numpy(float)
    ).fit(cov_type="cluster", cov_kwds={"groups": codes})
    estimate, error = float(fit.params[1]), float(fit.bse[1])
    reach = float(student.ppf(0.975, len(names) - 1)) * error
    return Effect(
        method, outcome, treated, compared, estimate, estimate - reach, estimate + reach, len(names)
    )


def scored(frames: Frames, cases: pd.DataFrame) -> pd.Series:
    """case → the distance (points out of 100) of its average score from the award line of its call
    and frame.

    The line lies half way between the lowest score awarded and the highest not; calls without both
    have none.
    """
    points = frames.scores.merge(frames.criteria, on="criterion").merge(
        cases[["id", "call", "frame", "case", "is_awarded"]].rename(columns={"id": "application"}),
        on=["application", "call"],
    )
    if points.empty:
        return pd.Series(dtype=float)
    points = points.assign(part=points["points"] / points["maximum"] * points["weight"])
    reviews = points.groupby(["case", "review"]).agg(part=("part", "sum"), weight=("weight", "sum"))
    score = (reviews["part"] / reviews["weight"] * 100).astype(float).groupby(level="case").mean()
    table = (
        points.drop_duplicates("case")
        .set_index("case")[["call", "frame", "is_awarded"]]
        .assign(score=score)
    )
    table[["call", "frame"]] = table[["call", "frame"]].astype(str)
    won, lost = table.loc[table["is_awarded"]], table.loc[~table["is_awarded"]]
    line = (
        won.groupby(["call", "frame"])["score"].min()
        + lost.groupby(["call", "frame"])["score"].max()
    ) / 2
    return table["score"] - pd.Series(
        list(zip(table["call"], table["frame"], strict=True)), index=table.index
    ).map(line)


def changes(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """A row per decided case.

    is_awarded, call, firm, distance, and the change of each outcome where both years are known.

    Imported accounts come first, since they measure both groups alike; else the effect report of
    the awarded.
    """
    decided = cases.loc[cases["is_awarded"] | (cases["state"] == ApplicationState.REJECTED)]
    rows = decided[["case", "firm", "call", "fiscal_year", "is_awarded"]].copy()
    rows["distance"] = looked_up(rows["case"], scored(frames, cases))
    known = frames.figures.assign(productivity=productivity(frames.figures, ""))
    for name in OUTCOMES:
        before, after = (_logged(rows, known, name, shift) for shift in (-1, 1))
        rows[name] = after - before
    first = (
        frames.filings.loc[(frames.filings["kind"] == "effect") & (frames.filings["period"] == 1)]
        .drop_duplicates("case")
        .set_index("case")
    )
    reported = {
        "productivity": _log(productivity(first, "")) - _log(productivity(first, "base_")),
        "employees": _log(first["employees"]) - _log(first["base_employees"]),
    }
    for name, change in reported.items():
        rows[name] = rows[name].fillna(looked_up(rows["case"], change))
    return rows


def _log(values: pd.Series) -> pd.Series:
    found = values.astype("float64")
    return np.log(found.where(found > 0))


def _logged(rows: pd.DataFrame, known: pd.DataFrame, name: str, shift: int) -> pd.Series:
    """The logarithm of a figure of each row's firm, `shift` years from the year of its call."""
    found = known.dropna(subset=[name]).set_index(["firm", "fiscal_year"])[name]
    keys = pd.Series(
        list(zip(rows["firm"], rows["fiscal_year"] + shift, strict=True)), index=rows.index
    )
    return _log(keys.map(found.to_dict()).astype("float64"))


def estimated(frames: Frames, cases: pd.DataFrame | None = None) -> list[Effect]:
    """Every effect that is asked about, estimated or refused."""
    rows = changes(frames, facts(frames) if cases is None else cases)
    found = []
    for name in OUTCOMES:
        some = rows.assign(change=rows[name])
        found += [discontinuity(some.loc[some["distance"].notna()], name), difference(some, name)]
    return found
