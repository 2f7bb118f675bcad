"""By what the figures are told apart: the classes of each year, and the fact table of cases that
carries them.

Pure pandas.
"""

import numpy as np
import pandas as pd

from grants.awards.states import TAKEN_BACK, UNCOUNTED
from reports.statistics.pipeline.columns import looked_up
from reports.statistics.pipeline.frames import Frames
from reports.statistics.pipeline.names import AGES, MONEY, SIZES, SUBSIDIES, UNKNOWN


def classes(frames: Frames, years: list[int]) -> dict[tuple[str, int], list[str]]:
    """(dimension, fiscal year) → every class it has, those without a case too.

    That there is none must not show by itself.
    """
    areas = frames.areas
    same = {
        "area": list(areas["area"]),
        "municipality": list(areas["municipality"].drop_duplicates()),
        "industry": list(map(chr, range(65, 85))),
        "size": [*SIZES, UNKNOWN],
        "age": [*AGES, UNKNOWN],
        "history": ["first", "repeat"],
        "adviser": ["no", "yes"],
    }
    found = {(name, year): values for name, values in same.items() for year in years}
    for year in years:
        found[
            "call", year
        ] = []  # which calls there were is public: one without an application has no row
        found["month", year] = [f"{year + (m > 12)}-{(m - 1) % 12 + 1:02}" for m in range(4, 16)]
    return found


def size_class(employees: pd.Series) -> pd.Series:
    """People → class; unknown where none is stated."""
    cut = pd.cut(employees.astype("float64"), [0, 5, 20, 50, 100, 300, np.inf], labels=list(SIZES))
    return cut.cat.add_categories(UNKNOWN).fillna(UNKNOWN)


def age_class(established_on: pd.Series, on: pd.Series) -> pd.Series:
    """Whole years between founding and application → class."""
    years = (on - established_on).dt.days / 365.25
    cut = pd.cut(years, [0, 3, 10, 20, np.inf], labels=list(AGES), right=False)
    return cut.cat.add_categories(UNKNOWN).fillna(UNKNOWN)


def firm_history(cases: pd.DataFrame) -> pd.Series:
    """ "repeat" where the firm had been awarded before the application arrived, else "first"."""
    first = cases.loc[cases["is_awarded"]].groupby("firm")["awarded_on"].min()
    before = looked_up(cases["firm"], first)
    return pd.Series(
        np.where(before < cases["arrived_on"], "repeat", "first"), index=cases.index
    ).astype("category")


def facts(frames: Frames) -> pd.DataFrame:
    """The fact table: a row per application that arrived, with every dimension, what became of it,
    and its money (yen).

    An award that the firm withdrew counts as none; paid and returned are sums until now.
    """
    awards = frames.awards.assign(is_awarded=~frames.awards["state"].isin(UNCOUNTED))
    paid = frames.payments.groupby("award")["amount"].sum()
    asked = (
        frames.recoveries.assign(back=frames.recoveries[["principal", "came"]].min(axis=1))
        .groupby("award")[["principal", "back"]]
        .sum()
    )
    awards = awards.assign(
        paid=looked_up(awards["id"], paid).fillna(0),
        called_back=looked_up(awards["id"], asked["principal"]).fillna(0),
        returned=looked_up(awards["id"], asked["back"]).fillna(0),
        is_revoked=awards["state"].isin(TAKEN_BACK),
    )
    columns = [
        "application",
        "awarded",
        "fixed",
        "awarded_on",
        "fixed_on",
        "is_awarded",
        "is_revoked",
        "paid",
        "called_back",
        "returned",
    ]
    cases = frames.applications.merge(
        awards[columns].rename(columns={"application": "id"}).assign(award=awards["id"]),
        on="id",
        how="left",
    )
    done = frames.steps
    cases["submitted_day"] = cases[
        "arrived_on"
    ]  # a paper is typed in, and a moment honoured, days later
    for step in ("accepted", "awarded", "rejected", "reported", "fixed", "claimed", "paid"):
        cases[f"{step}_day"] = looked_up(
            cases["case"], _of(done, step, "last" if step in ("accepted", "paid") else "first")
        )
    for step in ("submitted", "awarded", "rejected"):
        cases[f"{step}_at"] = looked_up(cases["case"], _of(done, step, "at"))
    cases["corrections"] = (
        looked_up(cases["case"], _of(done, "returned", "times")).fillna(0).astype("int64")
    )
    advised = _of(done, "submitted", "advised")
    return classed(cases, advised)


def classed(cases: pd.DataFrame, advised: pd.Series) -> pd.DataFrame:
    """The fact table with its classes; `advised`: case → how often an adviser submitted it."""
    is_awarded = cases["is_awarded"].eq(True).fillna(False).astype(bool)
    cases = cases.assign(is_awarded=is_awarded, is_person=cases["form"] == "sole_proprietor")
    cases["is_revoked"] = cases["is_revoked"].eq(True).fillna(False).astype(bool)
    for name in MONEY:
        cases[name] = cases[name].where(is_awarded).fillna(0).astype("int64")
    after = (
        "accepted",
        "under_review",
        "reviewed",
        "selected",
        "waitlisted",
        "awarded",
        "rejected",
        "concluded",
    )
    cases["is_accepted"] = cases["state"].isin(after) | cases["accepted_day"].notna()
    cases["requested"] = (
        cases["requested"].fillna(0).astype("int64").where(cases["kind"].isin(SUBSIDIES), 0)
    )
    cases["size"] = size_class(cases["employees"])
    cases["age"] = age_class(cases["established_on"], cases["arrived_on"])
    cases["history"] = firm_history(cases)
    cases["adviser"] = pd.Categorical(
        np.where(looked_up(cases["case"], advised).fillna(0) > 0, "yes", "no"), ["yes", "no"]
    )
    cases["month"] = cases["arrived_on"].dt.strftime("%Y-%m").astype("category")
    for name in ("area", "municipality", "industry", "call"):
        column = cases[name].astype("category")
        cases[name] = (
            column if UNKNOWN in column.cat.categories else column.cat.add_categories(UNKNOWN)
        ).fillna(UNKNOWN)
    return cases


def _of(done: pd.DataFrame, step: str, column: str) -> pd.Series:
    """case → that column of one step."""
    rows = done.loc[(done["step"] == step).to_numpy(dtype=bool)]
    return pd.Series(rows[column].array, index=rows["case"].to_numpy(dtype="int64"))
