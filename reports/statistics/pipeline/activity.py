"""What cases met on the way, and how far open innovation and courses came.

Counts with the firms behind them.
"""

import pandas as pd

from grants.seats.states import EnrolmentState
from reports.statistics.pipeline.columns import looked_up
from reports.statistics.pipeline.frames import Frames
from reports.statistics.pipeline.names import ALL
from startups.matching.states import MatchState
from startups.rollouts.states import RolloutState


def flow(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """What corporations' cases met on the way, by year and programme.

    Rounds of correction, changes filed; and enquiries, by year.

    With their firms.
    """
    found = []
    for measure, rows in _met(frames, cases).items():
        for names in (["fiscal_year", "programme"], ["fiscal_year"]):
            hit = rows.loc[rows["value"] > 0].groupby(names, observed=True)["firm"].nunique()
            part = pd.DataFrame(
                {"value": rows.groupby(names, observed=True)["value"].sum(), "firms": hit}
            )
            part = part.fillna(0).astype("int64").reset_index().assign(measure=measure)
            part["programme"] = part["programme"].astype(str) if "programme" in part else ALL
            found.append(part)
    enquiries = _counted(_enquiries(frames), ["fiscal_year"], "person")
    found.append(enquiries.assign(programme=ALL, measure="enquiries"))
    whole = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    return whole.astype({"fiscal_year": "int64"}).sort_values(
        ["fiscal_year", "programme", "measure"], ignore_index=True
    )


def _met(frames: Frames, cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """measure → rows (fiscal_year, programme, firm, value) of corporations' cases."""
    filed = (
        looked_up(cases["case"], frames.changes.groupby("case").size()).fillna(0).astype("int64")
    )
    own = ~cases["is_person"]
    return {
        measure: cases.loc[some, ["fiscal_year", "programme", "firm"]].assign(value=values)
        for measure, values, some in (
            ("corrections", cases["corrections"], own),
            ("changes", filed, own & cases["is_awarded"]),
        )
    }


def _enquiries(frames: Frames) -> pd.DataFrame:
    asked = frames.consultations
    return asked.assign(fiscal_year=asked["asked_on"].dt.year - (asked["asked_on"].dt.month < 4))


def behind(frames: Frames, arrived: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Who stands behind these counts: fiscal_year, measure, programme, firm (of an enquiry the
    person), amount.
    """
    found = [
        rows.loc[rows["value"] > 0].assign(measure=measure)
        for measure, rows in _met(frames, cases).items()
    ]
    others = {
        "enquiries": _enquiries(frames).rename(columns={"person": "firm"}),
        **_towards(frames, arrived),
        **{f"course_{name}": rows for name, rows in _of_courses(frames, arrived).items()},
    }
    found += [
        rows[["fiscal_year", "firm"]].assign(value=1, measure=measure, programme=ALL)
        for measure, rows in others.items()
    ]
    names = ["fiscal_year", "measure", "programme", "firm"]
    whole = pd.concat([rows[[*names, "value"]] for rows in found], ignore_index=True)
    whole = whole.astype({"programme": str, "fiscal_year": "int64", "value": "int64"})
    return whole.groupby(names, as_index=False)["value"].sum().rename(columns={"value": "amount"})


def innovation(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """Open innovation by year and municipality.

    Challenges, pilots, adoptions, contracts and use are public; proposals and matches only in
    total.
    """
    challenges, pilots = _each_town(frames.challenges), _each_town(frames.pilots)
    rollouts = frames.rollouts.assign(municipality=frames.rollouts["municipality"].astype(str))
    contracted = rollouts.loc[rollouts["contracted_on"].notna()]
    counted = {
        "challenges": challenges,
        "pilots": pilots,
        "adopted": pilots.loc[pilots["verdict"].astype(str) == "adopt"],
        "contracts": contracted,
        "in_use": rollouts.loc[rollouts["state"] == RolloutState.IN_USE],
    }
    found = []
    for measure, rows in counted.items():
        for part in (rows, rows.drop_duplicates("id").assign(municipality=ALL)):
            group = part.groupby(["fiscal_year", "municipality"], observed=True)
            found.append(
                group.size().rename("value").reset_index().assign(measure=measure, firms=-1)
            )
    for measure, rows in _towards(frames, cases).items():
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


def _towards(frames: Frames, cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What nobody publishes row by row on the road to a pilot."""
    return {
        "proposals": cases.loc[cases["kind"].astype(str) == "proposal"],
        "matches": frames.matches,
        "agreed": frames.matches.loc[frames.matches["state"] == MatchState.AGREED],
    }


def courses(frames: Frames, cases: pd.DataFrame) -> pd.DataFrame:
    """Courses by year: applications, seats given and not given up, seats completed.

    With the firms behind each.
    """
    found = [
        _counted(rows, ["fiscal_year"]).assign(measure=measure)
        for measure, rows in _of_courses(frames, cases).items()
    ]
    whole = pd.concat(found, ignore_index=True).astype(
        {"fiscal_year": "int64", "value": "int64", "firms": "int64"}
    )
    return whole[["fiscal_year", "measure", "value", "firms"]].sort_values(
        ["fiscal_year", "measure"], ignore_index=True
    )


def _of_courses(frames: Frames, cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    seats = frames.enrolments.assign(state=frames.enrolments["state"].astype(str))
    return {
        "applications": cases.loc[cases["kind"].astype(str) == "seats"],
        "seats": seats.loc[seats["state"] != EnrolmentState.DROPPED],
        "completed": seats.loc[seats["state"] == EnrolmentState.COMPLETED],
    }


def _counted(rows: pd.DataFrame, names: list[str], who: str = "firm") -> pd.DataFrame:
    """Rows of each group, and the firms (or whoever is in `who`) behind them."""
    group = rows.groupby(names)
    return pd.DataFrame({"value": group.size(), "firms": group[who].nunique()}).reset_index()


def _each_town(rows: pd.DataFrame) -> pd.DataFrame:
    """A row for each municipality of an array column written as {a,b}."""
    towns = rows["municipalities"].astype(str).str.strip("{}").str.split(",")
    return rows.assign(municipality=towns).explode("municipality", ignore_index=True)
