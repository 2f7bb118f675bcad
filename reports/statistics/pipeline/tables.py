"""Steps two and three together: from frames to the tables that may be published.

Pure; a hidden row keeps its names and loses its values.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from reports.statistics.pipeline import (
    activity,
    behind,
    disclosure,
    earlier,
    effects,
    guards,
    measures,
    proprietors,
    reported,
    unlisted,
)
from reports.statistics.pipeline.dimensions import classes, facts
from reports.statistics.pipeline.earlier import FIRST, Before, Past
from reports.statistics.pipeline.frames import Frames
from reports.statistics.pipeline.names import ALL, ATTRIBUTES, MOVED, UNKNOWN

P90_LEAST = 10  # cases below which the 90th percentile would be one case's


@dataclass(frozen=True)
class Parameters:
    """What a release was made with.

    Firms below which a cell is hidden, the share of the p% rule, the last fiscal year.
    """

    fiscal_year: int
    threshold: int = disclosure.THRESHOLD
    share: float = disclosure.SHARE


def tables(frames: Frames, asked: Parameters, before: Before = FIRST) -> dict[str, pd.DataFrame]:
    """Every statistical table of a release, up to and including its fiscal year.

    Proposals and courses lead to no award, so they stand in tables of their own.
    """
    arrived, cases = of_years(frames, asked)
    asked_for = applications_by(cases, frames, asked, before)
    alone = persons(frames, cases, asked, before)
    found = {
        "awards_by": measures.awards_by(cases),
        "applications_by": asked_for,
        "applicants": applicants(measures.applicants(cases), asked_for, alone, asked),
        "people": people(unlisted.people(alone.parts), alone),
        "ledger": _shown(alone.book, ["committed", "disbursed", "returned", "carried"]),
        "days": days(measures.days(frames, cases), asked_for, asked, before),
        "flow": flow(activity.flow(frames, cases), asked, before),
        "outcomes": outcomes(reported.outcomes(frames, cases), cases, asked, before),
        "innovation": few(
            quiet(activity.innovation(frames, arrived), "innovation", asked, before),
            ["value"],
            asked,
        ),
        "courses": courses(
            quiet(activity.courses(frames, arrived), "courses", asked, before), alone, asked
        ),
        "trend": measures.months_of(cases),
        "effects": compared(effects.estimated(frames, cases), asked, before),
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


def of_years(frames: Frames, asked: Parameters) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every application that a release counts, and those for money."""
    arrived = facts(frames)
    arrived = arrived.loc[arrived["fiscal_year"] <= asked.fiscal_year]
    return arrived, measures.subsidised(arrived)


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
    """Rows that no published sum joins: hidden below the threshold (`firms`; −1: public anyway),
    and where few moved (`stirred`).
    """
    hidden = (table["firms"] > 0) & (table["firms"] < asked.threshold)
    if "stirred" in table:
        hidden |= table.pop("stirred")
    return _shown(table.assign(hidden=hidden), values)


def quiet(table: pd.DataFrame, name: str, asked: Parameters, before: Before) -> pd.DataFrame:
    """The table with `stirred`: rows in which some moved since they were told before, but few."""
    stirred = np.zeros(len(table), dtype=bool)
    for release in before.told:
        moved = behind.stirred(name, before.now, release.behind, asked.threshold)
        at = [key in moved and release.tells(name, key) for key in earlier.keys(table, name)]
        stirred |= np.array(at, dtype=bool)
    return table.assign(stirred=stirred)


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


def applications_by(
    cases: pd.DataFrame, frames: Frames, asked: Parameters, before: Before = FIRST
) -> pd.DataFrame:
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
        since = before.past(
            _named("applications_by", rows),
            year,
            lambda kept: behind.of_applications(kept, year, before.now),
        )
        return guards.applications(rows, home, of_year, asked.threshold, asked.share, since)

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


def persons(
    frames: Frames, cases: pd.DataFrame, asked: Parameters, before: Before = FIRST
) -> Persons:
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
        since = _past_of_persons(before, book.loc[at], int(year))
        hidden[at], extra[int(year)] = proprietors.persons(
            own, book.loc[at], limits.get(int(year), {}), asked.threshold, asked.share, since
        )
    return Persons(parts, book.assign(hidden=hidden), extra)


def _named(name: str, rows: pd.DataFrame) -> list[earlier.Named]:
    return [(name, key) for key in earlier.keys(rows, name)]


def _past_of_persons(before: Before, book: pd.DataFrame, year: int) -> Past:
    """The rows of the book, and beside them what stands in three other tables."""
    rows = [
        *_named("ledger", book),
        ("people", (str(year),)),
        ("applicants", (str(year), "sole_proprietor")),
        ("courses", (str(year), "seats")),
    ]
    return before.past(rows, year, lambda kept: behind.of_persons(kept, year))


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


def days(
    table: pd.DataFrame, whole: pd.DataFrame, asked: Parameters, before: Before = FIRST
) -> pd.DataFrame:
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
    table = quiet(table, "days", asked, before)
    dark |= table.pop("stirred").to_numpy(dtype=bool)
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


def flow(table: pd.DataFrame, asked: Parameters, before: Before = FIRST) -> pd.DataFrame:
    """Counts of what happened on the way; programmes add up to "all", each measure for itself."""

    def guard(rows: pd.DataFrame) -> np.ndarray:
        year, measure = int(rows["fiscal_year"].iloc[0]), str(rows["measure"].iloc[0])
        since = before.past(
            _named("flow", rows), year, lambda kept: behind.of_counts(kept, year, measure)
        )
        return guards.counts(rows, asked.threshold, since)

    return _shown(guarded(table, guard), ["value"])


def compared(
    found: list[effects.Effect], asked: Parameters, before: Before = FIRST
) -> pd.DataFrame:
    """A row per effect; a group of fewer cases than the threshold is not counted out (None).

    Nor is one told anew whose cases changed by few since it was told.
    """
    table = pd.DataFrame([asdict(effect) | {"verdict": effect.verdict} for effect in found])
    for side in ("treated", "compared"):
        table[side] = table[side].astype("Int64").mask(table[side].between(1, asked.threshold - 1))
    stirred = quiet(table, "effects", asked, before)["stirred"]
    for name in ("treated", "compared", "estimate", "low", "high"):
        table[name] = table[name].mask(stirred)
    table["verdict"] = table["verdict"].mask(stirred, "refused")
    return table.assign(refused=table["refused"].mask(stirred, MOVED))


def outcomes(
    table: pd.DataFrame, cases: pd.DataFrame, asked: Parameters, before: Before = FIRST
) -> pd.DataFrame:
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
        year, measure = int(rows["fiscal_year"].iloc[0]), str(rows["measure"].iloc[0])
        of_year = {(programme, area): n for (y, programme, area), n in listed.items() if y == year}
        since = before.past(
            _named("outcomes", rows), year, lambda kept: behind.of_reports(kept, year, measure)
        )
        summed = measure in reported.AMOUNTS
        return guards.outcomes(rows, of_year, summed, asked.threshold, asked.share, since)

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
