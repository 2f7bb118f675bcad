"""Steps two and three together: from frames to the tables that may be published.

Pure; a hidden row keeps its names and loses its values.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from reports.statistics.pipeline import (
    activity,
    disclosure,
    effects,
    guards,
    measures,
    proprietors,
    reported,
    unlisted,
)
from reports.statistics.pipeline.dimensions import classes, facts
from reports.statistics.pipeline.frames import Frames
from reports.statistics.pipeline.names import ALL, ATTRIBUTES, UNKNOWN

P90_LEAST = 10  # cases below which the 90th percentile would be one case's


@dataclass(frozen=True)
class Parameters:
    """What a release was made with.

    Firms below which a cell is hidden, the share of the p% rule, the last fiscal year.
    """

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
    asked_for, alone = applications_by(cases, frames, asked), persons(frames, cases, asked)
    found = {
        "awards_by": measures.awards_by(cases),
        "applications_by": asked_for,
        "applicants": applicants(measures.applicants(cases), asked_for, alone, asked),
        "people": people(unlisted.people(alone.parts), alone),
        "ledger": _shown(alone.book, ["committed", "disbursed", "returned", "carried"]),
        "days": days(measures.days(frames, cases), asked_for, asked),
        "flow": flow(activity.flow(frames, cases), asked),
        "outcomes": outcomes(reported.outcomes(frames, cases), cases, asked),
        "innovation": few(activity.innovation(frames, arrived), ["value"], asked),
        "courses": courses(activity.courses(frames, arrived), alone, asked),
        "trend": measures.months_of(cases),
        "effects": compared(effects.estimated(frames, cases), asked),
        "establishments": frames.establishments.astype({"area": str}).sort_values(
            "area", ignore_index=True
        ),
        "outside": frames.outside.astype({"area": str, "issuer": str}).sort_values(
            ["area", "fiscal_year", "issuer"], ignore_index=True
        ),
    }
    until = {
        name: table.loc[table["fiscal_year"] <= asked.fiscal_year]
        if "fiscal_year" in table and name != "outside"
        else table
        for name, table in found.items()
    }
    return {name: table.reset_index(drop=True) for name, table in until.items()}


def _shown(table: pd.DataFrame, values: list[str]) -> pd.DataFrame:
    """The table with `suppressed`; hidden rows lose their values, helping columns go."""
    names = [
        name for name in table.columns if name not in ("hidden", "firms") and name not in values
    ]
    shown = table[[*names, *values]].copy()
    for name in values:
        whole = pd.api.types.is_integer_dtype(shown[name])
        shown[name] = shown[name].astype("Int64" if whole else "Float64").mask(table["hidden"])
    return shown.assign(suppressed=table["hidden"].astype(bool))


def few(table: pd.DataFrame, values: list[str], asked: Parameters) -> pd.DataFrame:
    """Rows that no published sum joins: hidden below the threshold (`firms`; −1: public anyway)."""
    hidden = (table["firms"] > 0) & (table["firms"] < asked.threshold)
    return _shown(table.assign(hidden=hidden), values)


Guard = Callable[[pd.DataFrame], np.ndarray]


def guarded(table: pd.DataFrame, guard: Guard) -> pd.DataFrame:
    """The table with `hidden`, as `guard` says of each block.

    A block is a year, of each measure where there are some: no sum joins two.
    """
    hidden = np.zeros(len(table), dtype=bool)
    for _block, rows in table.groupby(
        ["fiscal_year", *(["measure"] if "measure" in table else [])], sort=False
    ):
        hidden[table.index.get_indexer(rows.index)] = guard(rows)
    return table.assign(hidden=hidden)


def applications_by(cases: pd.DataFrame, frames: Frames, asked: Parameters) -> pd.DataFrame:
    """Applications of corporations, safe beside the list of awards.

    Every sum of the table and of its wards is reckoned with.

    Yen stand by place alone: beside named awards a sum by size or age would tell whose awards it
    adds up.
    """
    table = measures.applications_by(cases, classes(frames, sorted(cases["fiscal_year"].unique())))
    own = table["dimension"].isin(ATTRIBUTES)
    everybody = (
        own
        & (table["key"] != UNKNOWN)
        & (table["n_won"] > 0)
        & (table["n_won"] == table.groupby(["fiscal_year", "dimension"])["n_won"].transform("sum"))
    )
    table["firms_won"] = table["firms_won"].mask(everybody, 1)
    home = dict(zip(frames.areas["area"], frames.areas["municipality"], strict=True))
    limits = [unlisted.limits(frames, name) for name in ("programme", "call")]

    def guard(rows: pd.DataFrame) -> np.ndarray:
        year = int(rows["fiscal_year"].iloc[0])
        of_year = {**limits[0].get(year, {}), **limits[1].get(year, {})}
        return guards.applications(rows, home, of_year, asked.threshold, asked.share)

    shown = guarded(table, guard)
    shown = shown.assign(requested_yen=shown["requested_yen"].astype("Int64").mask(own))
    return _shown(shown[[*measures.KEYS, *APPLICATIONS, "hidden"]], list(APPLICATIONS))


@dataclass(frozen=True)
class Persons:
    """What no list tells (`unlisted.parts`), the book with `hidden`, and by year which of "people",
    "applicants" and "seats" are hidden too.
    """

    parts: pd.DataFrame
    book: pd.DataFrame
    hidden: dict[int, set[str]]

    def hides(self, years: pd.Series, name: str) -> np.ndarray:
        return np.array([name in self.hidden.get(int(year), ()) for year in years], dtype=bool)


def persons(frames: Frames, cases: pd.DataFrame, asked: Parameters) -> Persons:
    """Sole proprietors in people, applicants and the book, and seats of courses.

    One system for a year, since each is subtracted from the others.
    """
    parts, book, limits = (
        unlisted.parts(frames, cases),
        measures.ledger(frames),
        unlisted.limits(frames, "programme"),
    )
    hidden = np.zeros(len(book), dtype=bool)
    extra: dict[int, set[str]] = {}
    for year in sorted({*parts["fiscal_year"], *book["fiscal_year"]}):
        at = (book["fiscal_year"] == year).to_numpy(bool)
        own = parts.loc[parts["fiscal_year"] == year]
        hidden[at], extra[int(year)] = proprietors.persons(
            own, book.loc[at], limits.get(int(year), {}), asked.threshold, asked.share
        )
    return Persons(parts, book.assign(hidden=hidden), extra)


def people(table: pd.DataFrame, alone: Persons) -> pd.DataFrame:
    """Awards to sole proprietors by year, of all programmes: how many, awarded and paid."""
    return _shown(
        table.assign(hidden=alone.hides(table["fiscal_year"], "people")),
        ["awards", "awarded_yen", "paid_yen"],
    )


def courses(table: pd.DataFrame, alone: Persons, asked: Parameters) -> pd.DataFrame:
    """Courses; seats stand in the book too, and are hidden where they could be reckoned from it."""
    shown = few(table, ["value"], asked)
    hidden = shown["suppressed"] | (
        (shown["measure"] == "seats") & alone.hides(shown["fiscal_year"], "seats")
    )
    return shown.assign(value=shown["value"].mask(hidden), suppressed=hidden)


def applicants(
    table: pd.DataFrame, whole: pd.DataFrame, alone: Persons, asked: Parameters
) -> pd.DataFrame:
    """Applications by form of the applicant.

    That of corporations is the total of their table, and hidden with it.
    """
    totals = whole.loc[
        (whole["programme"] == ALL) & (whole["dimension"] == ALL) & whole["suppressed"],
        "fiscal_year",
    ]
    shown, one = few(table, ["applications"], asked), table["form"] == "corporation"
    hidden = (one & table["fiscal_year"].isin(totals)) | (
        ~one & alone.hides(table["fiscal_year"], "applicants")
    )
    hidden = shown["suppressed"] | hidden
    return shown.assign(applications=shown["applications"].mask(hidden), suppressed=hidden)


APPLICATIONS = ("applications", "accepted", "awards", "requested_yen")


def days(table: pd.DataFrame, whole: pd.DataFrame, asked: Parameters) -> pd.DataFrame:
    """Days without numbers of cases; the 90th percentile only where it is not a single case's.

    Months that are hidden among the applications are hidden here.
    """
    index = ["fiscal_year", "programme", "stage"]
    stages = table.loc[
        ~table["stage"].str.startswith("month:"), ["fiscal_year", "programme"]
    ].drop_duplicates()
    every = set(table[index].itertuples(index=False, name=None)) | {
        (*pair, stage)
        for pair in stages.itertuples(index=False, name=None)
        for stage in measures.STAGES
    }
    table = (
        table.set_index(index)
        .reindex(pd.MultiIndex.from_tuples(sorted(every), names=index))
        .reset_index()
    )
    table[["cases", "firms"]] = table[["cases", "firms"]].fillna(0)  # none is hidden like few
    months = whole.loc[(whole["dimension"] == "month") & whole["suppressed"]]
    unseen = set(zip(months["fiscal_year"], "month:" + months["key"].astype(str), strict=True))
    dark = np.array(
        [pair in unseen for pair in zip(table["fiscal_year"], table["stage"], strict=True)],
        dtype=bool,
    )
    shown = _shown(
        table.assign(hidden=(table["firms"] < asked.threshold) | dark),
        ["median", "p90", "applicant_share"],
    ).drop(columns="cases")
    shown["p90"] = shown["p90"].mask(table["cases"] < P90_LEAST)
    return shown.assign(
        **{
            name: shown[name].round(digits)
            for name, digits in (("median", 1), ("p90", 1), ("applicant_share", 2))
        }
    )


def flow(table: pd.DataFrame, asked: Parameters) -> pd.DataFrame:
    """Counts of what happened on the way; programmes add up to "all", each measure for itself."""
    return _shown(guarded(table, lambda rows: guards.counts(rows, asked.threshold)), ["value"])


def compared(found: list[effects.Effect], asked: Parameters) -> pd.DataFrame:
    """A row per effect; a group of fewer cases than the threshold is not counted out (None)."""
    table = pd.DataFrame([asdict(effect) | {"verdict": effect.verdict} for effect in found])
    for side in ("treated", "compared"):
        table[side] = table[side].astype("Int64").mask(table[side].between(1, asked.threshold - 1))
    return table


def outcomes(table: pd.DataFrame, cases: pd.DataFrame, asked: Parameters) -> pd.DataFrame:
    """Means, rounded, with the number of reports behind them.

    Areas and programmes add up, and a mean times its number is a sum: companions are hidden with
    the few, and with amounts that one firm dominates. What an hour cost is the yen paid by the
    hours: of what each firm was paid it tells no more.
    """
    won = cases.loc[cases["is_awarded"] & ~cases["is_person"]].astype(
        {"programme": str, "area": str}
    )
    listed = won.groupby(["fiscal_year", "programme", "area"]).size().to_dict()

    def guard(rows: pd.DataFrame) -> np.ndarray:
        year, summed = int(rows["fiscal_year"].iloc[0]), rows["measure"].iloc[0] in reported.AMOUNTS
        of_year = {(programme, area): n for (y, programme, area), n in listed.items() if y == year}
        return guards.outcomes(rows, of_year, summed, asked.threshold, asked.share)

    made = per_hour(guarded(table, guard))
    return _shown(
        made[["fiscal_year", "programme", "area", "measure", "reports", "value", "hidden"]],
        ["reports", "value"],
    )


def per_hour(table: pd.DataFrame) -> pd.DataFrame:
    """The table with cost_per_hour beside hours_saved, hidden where the hours are.

    Yen paid to all who reported hours, by the hours.
    """
    hours = table.loc[table["measure"] == "hours_saved"]
    cost = hours["paid"].astype(float) / hours["total"].where(hours["total"] > 0)
    step = reported.steps(cost.fillna(0), pd.Series(np.nan, index=cost.index))
    found = [table, hours.assign(measure="cost_per_hour", value=(cost / step).round() * step)]
    return pd.concat(found, ignore_index=True).sort_values(
        ["fiscal_year", "measure", "programme", "area"], ignore_index=True
    )
