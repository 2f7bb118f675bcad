"""Step two, measures: tidy tables from the fact table. Pure pandas; "all" is the margin of a dimension.

Tables of awards speak of corporations, whose awards are public row by row. Tables of applications speak of corporations
too and go through disclosure control. Sole proprietors stand in one table of totals.
"""

import numpy as np
import pandas as pd

from reports.statistics.pipeline.columns import looked_up
from reports.statistics.pipeline.dimensions import ALL, ATTRIBUTES, MONEY, PLACES, SUBSIDIES
from reports.statistics.pipeline.frames import Frames

KEYS = ["fiscal_year", "programme", "dimension", "key"]
STAGES = {  # stage → first and last step of it, days
    "decision": ("submitted", "decided"),
    "check": ("submitted", "accepted"),
    "review": ("accepted", "decided"),
    "fixing": ("reported", "fixed"),
    "payment": ("claimed", "paid"),
}


def awards_by(cases: pd.DataFrame) -> pd.DataFrame:
    """Awards of corporations by year, programme and place: how many (fixed, paid, revoked), and their yen. Public row by row."""
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
    """Applications of corporations, in every class of every dimension, with what disclosure control asks of each cell.

    Columns: applications, accepted, awards, requested_yen; per layer `n_`, `firms_`, `first_`, `second_`. A layer is what a list of awards does not tell:
    refused (not accepted), others (accepted and in no such list), asked (yen requested beyond what was awarded), won (awards of a class that is not public).
    Places are crossed with the programme, other classes are not.
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
    """Every year, programme that was applied to, and class; with what was found in no class on record."""
    rows = set(found[KEYS].itertuples(index=False, name=None))
    for year, programme in (
        found[["fiscal_year", "programme"]].drop_duplicates().itertuples(index=False, name=None)
    ):
        for dimension in (*PLACES, *(ATTRIBUTES if programme == ALL else ())):
            rows |= {(year, programme, dimension, key) for key in classes[dimension, year]}
    return pd.MultiIndex.from_tuples(sorted(rows), names=KEYS)


def _layered(cases: pd.DataFrame, dimension: str, *, crossed: bool) -> pd.DataFrame:
    """Sums of each cell, and of each layer also how many firms stand behind it and the two largest of them."""
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
    """For each cell how many firms have any of the amount, and what the two largest have. `cell`, `firm`: codes from zero, row by row."""
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
    """Calendar days of each stage of corporations' cases: median and 90th percentile, and whose the time was until the decision (shares of it).

    Sole proprietors are left out, and `firms` and `cases` count the awarded, who are in the list: that a stage is published tells then of nobody else.
    """
    cases = cases.loc[~cases["is_person"]]
    steps = ("submitted", "accepted", "reported", "fixed", "claimed", "paid")
    own = cases[
        [
            "case",
            "firm",
            "fiscal_year",
            "programme",
            "month",
            "is_awarded",
            *(f"{step}_day" for step in steps),
        ]
    ]
    own = own.assign(
        decided_day=cases["awarded_day"].fillna(cases["rejected_day"]),
        submitted_at=cases["submitted_at"],
        decided_at=cases["awarded_at"].fillna(cases["rejected_at"]),
    )
    own["applicant_share"] = looked_up(own["case"], clocks(frames.holdings, own))
    found = []
    for stage, (begin, end) in STAGES.items():
        spans = own[["firm", "fiscal_year", "programme", "is_awarded", "applicant_share"]].assign(
            days=(own[f"{end}_day"] - own[f"{begin}_day"]).dt.days
        )
        found += [
            _spans(spans, ["fiscal_year", "programme"], stage),
            _spans(spans, ["fiscal_year"], stage),
        ]
    by_month = own[["firm", "fiscal_year", "month", "is_awarded", "applicant_share"]].assign(
        days=(own["decided_day"] - own["submitted_day"]).dt.days
    )
    found.append(_spans(by_month, ["fiscal_year", "month"], "month"))
    whole = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    return whole.astype({"fiscal_year": "int64"}).sort_values(
        ["fiscal_year", "programme", "stage"], ignore_index=True
    )


def _spans(spans: pd.DataFrame, names: list[str], stage: str) -> pd.DataFrame:
    """Listed cases and firms, median and 90th percentile of each group; "month" names the stage after the month."""
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
    """case → the applicant's share (0 to 1) of the time between the moments of first submission and of the decision."""
    held = holdings.merge(cases[["case", "submitted_at", "decided_at"]].dropna(), on="case")
    held["seconds"] = np.minimum(held["end"], held["decided_at"]) - np.maximum(
        held["begin"], held["submitted_at"]
    )
    held = held.loc[held["seconds"] > 0]
    whole = held.groupby("case")["seconds"].sum()
    theirs = held.loc[held["side"].astype(str) == "applicant"].groupby("case")["seconds"].sum()
    return theirs.reindex(whole.index, fill_value=0) / whole


def flow(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """What corporations' cases met on the way, by year and programme: rounds of correction, changes filed; and enquiries, by year. With their firms."""
    filed = (
        looked_up(cases["case"], frames.changes.groupby("case").size()).fillna(0).astype("int64")
    )
    own = ~cases["is_person"]
    found = []
    for measure, values, some in (
        ("corrections", cases["corrections"], own),
        ("changes", filed, own & cases["is_awarded"]),
    ):
        rows = cases.loc[some, ["fiscal_year", "programme", "firm"]].assign(value=values)
        for names in (["fiscal_year", "programme"], ["fiscal_year"]):
            hit = rows.loc[rows["value"] > 0].groupby(names, observed=True)["firm"].nunique()
            part = pd.DataFrame(
                {"value": rows.groupby(names, observed=True)["value"].sum(), "firms": hit}
            )
            part = part.fillna(0).astype("int64").reset_index().assign(measure=measure)
            part["programme"] = part["programme"].astype(str) if "programme" in part else ALL
            found.append(part)
    asked = frames.consultations
    year = asked["asked_on"].dt.year - (asked["asked_on"].dt.month < 4)
    enquiries = _counted(asked.assign(fiscal_year=year), ["fiscal_year"], "person")
    found.append(enquiries.assign(programme=ALL, measure="enquiries"))
    whole = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    return whole.astype({"fiscal_year": "int64"}).sort_values(
        ["fiscal_year", "programme", "measure"], ignore_index=True
    )


def outcomes(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """What came of the awards to corporations, by year of call, programme and area: the mean of the reports, with their number (an award has one, its
    latest), and what disclosure control asks: the firms behind them, the sum, and of amounts its two largest parts.

    Measures: productivity_growth and sales in means of reports (a fraction, yen), hours_saved (a month), telework_rate and in_use (fractions).
    """
    won = cases.loc[
        cases["is_awarded"] & ~cases["is_person"],
        ["case", "firm", "fiscal_year", "programme", "area", "paid"],
    ]
    reports = frames.filings.sort_values("period").merge(won, on="case")
    effect = reports.loc[reports["kind"] == "effect"].groupby("case").last().reset_index()
    use = reports.loc[reports["kind"] == "use"].groupby("case").last().reset_index()
    value = {
        "productivity_growth": (
            effect,
            productivity(effect, "") / productivity(effect, "base_") - 1,
        ),
        "sales": (effect, effect["sales"]),
        "hours_saved": (effect, effect["hours_saved"]),
        "telework_rate": (effect, effect["teleworkers"] / effect["employees"]),
        "in_use": (use, use["in_use"].astype(str).map({"yes": 1.0, "partly": 1.0, "no": 0.0})),
    }
    found = [
        averaged(rows.assign(value=values.astype("float64"), measure=measure))
        for measure, (rows, values) in value.items()
    ]
    return pd.concat(found, ignore_index=True).sort_values(
        ["fiscal_year", "measure", "programme", "area"], ignore_index=True
    )


AMOUNTS = ("sales", "hours_saved")  # outcomes of which one firm's part can outweigh all others
# outcome → the digits of its mean that are published (figures that count of an amount of yen, places of the others)
FIGURES, PLACES_OF = (
    3,
    {"hours_saved": 0, "telework_rate": 2, "in_use": 2, "productivity_growth": 3},
)


def averaged(rows: pd.DataFrame) -> pd.DataFrame:
    """One measure by programme and area with their margins: firms, reports, value (the mean, rounded), rounded (the step it was rounded to), total, first,
    second, and the yen paid to those who reported. Growth has no total: it may be negative, and adds up to nothing."""
    some = rows.loc[np.isfinite(rows["value"].fillna(np.nan))]
    some = some.assign(programme=some["programme"].astype(str), area=some["area"].astype(str))
    parts = [
        some.assign(**keep)
        for keep in ({}, {"area": ALL}, {"programme": ALL}, {"programme": ALL, "area": ALL})
    ]
    rows = pd.concat(parts, ignore_index=True)
    amount = rows["value"].clip(lower=0).where(rows["measure"] != "productivity_growth", 0.0)
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
    """The step to which each value is rounded: so many places, or (where none is stated) so many figures that count."""
    size = np.floor(np.log10(values.abs().where(values != 0, 1.0).astype(float)))
    return 10.0 ** (-places.astype(float)).fillna(size - FIGURES + 1)


def productivity(rows: pd.DataFrame, prefix: str) -> pd.Series:
    """労働生産性: (operating profit + personnel + depreciation) ÷ employees, yen a person; missing where it is not positive."""
    parts = [
        rows[f"{prefix}{name}"].astype("float64")
        for name in ("profit", "personnel", "depreciation", "employees")
    ]
    found = (parts[0] + parts[1] + parts[2]) / parts[3].where(parts[3] > 0)
    return found.where(found > 0)


def innovation(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """Open innovation by year and municipality: challenges, pilots, adoptions, contracts and use are public; proposals and matches only in total."""
    challenges, pilots = _each_town(frames.challenges), _each_town(frames.pilots)
    rollouts = frames.rollouts.assign(municipality=frames.rollouts["municipality"].astype(str))
    contracted = rollouts.loc[rollouts["contracted_on"].notna()]
    counted = {
        "challenges": challenges,
        "pilots": pilots,
        "adopted": pilots.loc[pilots["verdict"].astype(str) == "adopt"],
        "contracts": contracted,
        "in_use": rollouts.loc[rollouts["state"] == "in_use"],
    }
    found = []
    for measure, rows in counted.items():
        for part in (rows, rows.drop_duplicates("id").assign(municipality=ALL)):
            group = part.groupby(["fiscal_year", "municipality"], observed=True)
            found.append(
                group.size().rename("value").reset_index().assign(measure=measure, firms=-1)
            )
    for measure, rows in (
        ("proposals", cases.loc[cases["kind"].astype(str) == "proposal"]),
        ("matches", frames.matches),
        ("agreed", frames.matches.loc[frames.matches["state"] == "agreed"]),
    ):
        found.append(
            _counted(rows.assign(municipality=ALL), ["fiscal_year", "municipality"]).assign(
                measure=measure
            )
        )
    value = (
        contracted.assign(municipality=ALL)
        .groupby(["fiscal_year", "municipality"])["contract"]
        .sum()
    )
    found.append(value.rename("value").reset_index().assign(measure="contract_yen", firms=-1))
    whole = pd.concat(found, ignore_index=True).astype(
        {"fiscal_year": "int64", "value": "int64", "firms": "int64"}
    )
    return whole.sort_values(["fiscal_year", "municipality", "measure"], ignore_index=True)


def courses(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """Courses by year: applications, seats given and not given up, seats completed; with the firms behind each."""
    seats = frames.enrolments.assign(state=frames.enrolments["state"].astype(str))
    counted = {
        "applications": cases.loc[cases["kind"].astype(str) == "seats"],
        "seats": seats.loc[seats["state"] != "dropped"],
        "completed": seats.loc[seats["state"] == "completed"],
    }
    found = [
        _counted(rows, ["fiscal_year"]).assign(measure=measure) for measure, rows in counted.items()
    ]
    whole = pd.concat(found, ignore_index=True).astype(
        {"fiscal_year": "int64", "value": "int64", "firms": "int64"}
    )
    return whole[["fiscal_year", "measure", "value", "firms"]].sort_values(
        ["fiscal_year", "measure"], ignore_index=True
    )


def _counted(rows: pd.DataFrame, names: list[str], who: str = "firm") -> pd.DataFrame:
    """Rows of each group, and the firms (or whoever is in `who`) behind them."""
    group = rows.groupby(names)
    return pd.DataFrame({"value": group.size(), "firms": group[who].nunique()}).reset_index()


def _each_town(rows: pd.DataFrame) -> pd.DataFrame:
    """A row for each municipality of an array column written as {a,b}."""
    towns = rows["municipalities"].astype(str).str.strip("{}").str.split(",")
    return rows.assign(municipality=towns).explode("municipality", ignore_index=True)


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
