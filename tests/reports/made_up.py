"""A made-up year as the pipeline reads it: corporations that come back, sole proprietors, calls in
yen, slots and seats, two reports of some firms.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd

from reports.statistics.pipeline import frames
from reports.statistics.pipeline.columns import typed
from reports.statistics.pipeline.frames import Frames, imported, innovation, money
from reports.statistics.pipeline.frames import cases as cases_read

YEAR = 2026
AREAS = {f"0110{n}": "011002" for n in range(11, 17)} | {"012033": "012033", "012106": "012106"}
# call → programme, unit of its line, floor and cap of an award (yen); beside slots stands a line in yen
CALLS = {
    "a-1": ("a", "yen", 100_000, 1_500_000),
    "a-2": ("a", "yen", 100_000, 1_500_000),
    "b-1": ("b", "yen", 50_000, 600_000),
    "c-1": ("c", "slots", 50_000, 300_000),
    "d-1": ("d", "slots", 50_000, 300_000),
    "t-1": ("t", "seats", 0, 5),
}
BESIDE = 100  # the line in yen of the call n has this number more
MONTHS = ("2026-05", "2026-06", "2026-07")


@dataclass(frozen=True)
class MadeUp:
    """The frames, and the truth as a plain table: a row per application for money (firm, is_person,
    programme, area, …, asked, awarded, paid).
    """

    frames: Frames
    cases: pd.DataFrame


def world(seed: int, n: int, *, persons: float = 0.15) -> MadeUp:
    """`n` applications. `persons`: the share of firms that are sole proprietors."""
    rng = np.random.default_rng(seed)
    firms = _firms(rng, max(n * 2 // 3, 3), persons)
    cases = _cases(rng, firms, n)
    return MadeUp(_frames(rng, cases), cases.loc[cases["kind"] == "subsidy"].reset_index(drop=True))


def _firms(rng: np.random.Generator, count: int, persons: float) -> pd.DataFrame:
    area = rng.choice(list(AREAS), count, p=np.array([8, 5, 4, 3, 2, 1, 1, 1]) / 25)
    return pd.DataFrame(
        {
            "firm": range(count),
            "is_person": rng.random(count) < persons,
            "area": area,
            "municipality": [AREAS[a] for a in area],
            "industry": rng.choice(list("EGI"), count, p=[0.7, 0.25, 0.05]),
            "employees": rng.choice([3, 15, 40, 80], count),
            "established_on": pd.to_datetime(
                rng.choice(["1990-04-01", "2012-04-01", "2020-04-01"], count)
            ),
        }
    )


def _cases(rng: np.random.Generator, firms: pd.DataFrame, n: int) -> pd.DataFrame:
    cases = firms.iloc[rng.integers(0, len(firms), n)].reset_index(drop=True)
    call = rng.choice(list(CALLS), n, p=[0.3, 0.2, 0.2, 0.12, 0.08, 0.1])
    programme, unit, floor, cap = (np.array([CALLS[c][k] for c in call]) for k in range(4))
    seats = unit == "seats"
    full = rng.random(n) < 0.3
    requested = np.where(
        full, cap, floor + (cap - floor) * rng.random(n) ** 2 // 1000 * 1000
    ).astype(int)
    requested = np.where(seats, rng.integers(1, 6, n), requested)
    accepted = rng.random(n) < 0.85
    awarded = accepted & (rng.random(n) < 0.7)
    cut = np.where(rng.random(n) < 0.2, (requested - floor) // 2000 * 1000, 0)
    month = rng.choice(MONTHS, n)
    arrived = pd.to_datetime(month) + pd.to_timedelta(rng.integers(0, 25, n), "D")
    amount = np.where(awarded, np.where(seats, requested, requested - cut), 0)
    paid = np.where(awarded & (rng.random(n) < 0.6) & ~seats, amount, 0)
    return cases.assign(
        id=range(n),
        case=np.arange(n) + 1000,
        call=call,
        programme=programme,
        unit=unit,
        kind=np.where(seats, "seats", "subsidy"),
        requested=requested,
        is_accepted=accepted,
        is_awarded=awarded,
        awarded=amount,
        paid=paid,
        month=month,
        arrived_on=arrived,
        fiscal_year=YEAR,
        asked=np.where(seats, 0, requested - amount),
    )


def _frames(rng: np.random.Generator, cases: pd.DataFrame) -> Frames:
    won = cases.loc[cases["is_awarded"] & (cases["kind"] == "subsidy")]
    calls = list(CALLS)
    lines = [
        {"id": n + beside, "call": n, "programme": p, "fiscal_year": YEAR, "frame": "f", "unit": u}
        for n, (p, unit, _f, _c) in enumerate(CALLS.values())
        for u, beside in [(unit, 0), *([("yen", BESIDE)] if unit == "slots" else [])]
    ]
    entries = _entries(cases, calls)
    sums = entries.groupby(["line", "kind"])["amount"].sum()
    for line in lines:
        committed, disbursed = (
            int(sums.get((line["id"], kind), 0)) for kind in ("commitment", "disbursement")
        )
        line |= {
            "appropriated": committed * 2 + 10,
            "committed": committed,
            "disbursed": disbursed,
            "carried": 0,
        }
    decided = cases["arrived_on"] + pd.to_timedelta(rng.integers(10, 40, len(cases)), "D")
    given: dict[str, object] = {
        "applications": pd.DataFrame(
            {
                **cases[
                    [
                        "id",
                        "case",
                        "firm",
                        "call",
                        "programme",
                        "kind",
                        "fiscal_year",
                        "area",
                        "municipality",
                        "industry",
                        "employees",
                        "established_on",
                        "arrived_on",
                        "requested",
                    ]
                ],
                "form": np.where(cases["is_person"], "sole_proprietor", "corporation"),
                "round": 1,
                "funder": "011002",
                "frame": "f",
                "state": np.where(
                    cases["is_awarded"],
                    "awarded",
                    np.where(cases["is_accepted"], "rejected", "inadmissible"),
                ),
            }
        ),
        "awards": pd.DataFrame(
            {
                "id": won["id"],
                "application": won["id"],
                "case": won["case"],
                "call": won["call"].map(calls.index),
                "frame": "f",
                "state": "active",
                "awarded": won["awarded"],
                "fixed": won["paid"].where(won["paid"] > 0),
                "awarded_on": decided[won.index],
                "fixed_on": decided[won.index].where(won["paid"] > 0),
                "ends_on": decided[won.index],
            }
        ),
        "payments": won.loc[won["paid"] > 0, ["id", "case", "paid"]]
        .rename(columns={"id": "award", "paid": "amount"})
        .assign(paid_on=pd.Timestamp("2027-03-01")),
        "changes": won.loc[rng.random(len(won)) < 0.3, ["case"]].assign(
            kind="content", filed_on=pd.Timestamp("2026-12-01")
        ),
        "steps": _steps(rng, cases, decided),
        "filings": _filings(rng, won),
        "lines": pd.DataFrame(lines),
        "entries": entries,
        "caps": pd.DataFrame(
            [(call, p, YEAR, floor, cap) for call, (p, _unit, floor, cap) in CALLS.items()],
            columns=["call", "programme", "fiscal_year", "floor", "cap"],
        ),
        "enrolments": cases.loc[
            (cases["kind"] == "seats") & cases["is_awarded"], ["fiscal_year", "firm"]
        ]
        .assign(state="enrolled")
        .loc[lambda t: t.index.repeat(cases.loc[t.index, "awarded"])],
        "areas": pd.DataFrame({"area": list(AREAS), "municipality": list(AREAS.values())}),
    }
    empty = _empty()
    return Frames(**(empty | {name: _typed(table, empty[name]) for name, table in given.items()}))


def _empty() -> dict[str, pd.DataFrame]:
    """Every frame without a row, with the columns and types that are read; no database is asked."""
    plain = {
        "criteria": ["call", "criterion", "weight", "maximum"],
        "caps": ["call", "programme", "fiscal_year", "floor", "cap"],
        "areas": ["area", "municipality"],
        "came_back_late": ["case", "amount"],
    }
    with ExitStack() as asked:
        for module in (cases_read, imported, innovation, money):
            asked.enter_context(patch.object(module, "frame", _without_rows))
        return {
            name: pd.DataFrame(columns=plain[name]) if name in plain else getattr(frames, name)()
            for name in Frames.__dataclass_fields__
        }


def _without_rows(_rows: Any, **columns: object) -> pd.DataFrame:
    return typed(
        b"",
        {name: given[1] if isinstance(given, tuple) else given for name, given in columns.items()},
    )


def _typed(table: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """With the columns and types that the pipeline reads."""
    lacking = {
        name: pd.Series([None] * len(table), index=table.index, dtype=object)
        for name in like
        if name not in table
    }
    whole = table.assign(**lacking)[list(like)].reset_index(drop=True)
    for name in like:
        kind = like[name].dtype
        whole[name] = whole[name].astype(
            "category" if isinstance(kind, pd.CategoricalDtype) else kind
        )
    return whole


def _entries(cases: pd.DataFrame, calls: list[str]) -> pd.DataFrame:
    won = cases.loc[cases["is_awarded"]]
    counted, seats = won["unit"] == "slots", won["unit"] == "seats"
    own = won["call"].map(calls.index)
    yen = own.where(~counted, own + BESIDE)
    parts = [
        (own[counted], own[counted] * 0 + 1, "commitment"),
        (yen, won["awarded"], "commitment"),
        (yen, won["paid"].where(~seats, 0), "disbursement"),
    ]
    rows = [
        pd.DataFrame({"line": at, "case": won["case"], "kind": kind, "amount": amount})
        for at, amount, kind in parts
    ]
    return pd.concat(rows).loc[lambda t: t["amount"] > 0].reset_index(drop=True)


def _steps(rng: np.random.Generator, cases: pd.DataFrame, decided: pd.Series) -> pd.DataFrame:
    def step(name: str, some: pd.Series, on: pd.Series, **more: object) -> pd.DataFrame:
        days = on[some]
        at = days.astype("datetime64[s]").astype("int64").astype(float)
        return pd.DataFrame(
            {
                "case": cases.loc[some, "case"],
                "step": name,
                "at": at,
                "first": days,
                "last": days,
                "times": 1,
                "advised": 0,
            }
            | more
        )

    everybody = pd.Series(True, index=cases.index)
    rounds = pd.Series(rng.random(len(cases)) < 0.25, index=cases.index)
    found = [
        step(
            "submitted",
            everybody,
            cases["arrived_on"],
            advised=(rng.random(len(cases)) < 0.15).astype(int),
        ),
        step("accepted", cases["is_accepted"], cases["arrived_on"] + pd.Timedelta(days=4)),
        step("awarded", cases["is_awarded"], decided),
        step("rejected", cases["is_accepted"] & ~cases["is_awarded"], decided),
        step("returned", rounds, cases["arrived_on"], times=rng.integers(1, 3, int(rounds.sum()))),
    ]
    return pd.concat(found)


def _filings(rng: np.random.Generator, won: pd.DataFrame) -> pd.DataFrame:
    """Most of the awarded report on use and effect; a firm with two awards reports twice."""
    found = []
    for kind in ("use", "effect"):
        some = won.loc[rng.random(len(won)) < 0.8]
        n = len(some)
        found.append(
            pd.DataFrame(
                {
                    "award": some["id"],
                    "case": some["case"],
                    "kind": kind,
                    "period": 1,
                    "in_use": rng.choice(["yes", "no"], n, p=[0.85, 0.15]),
                    "sales": np.exp(rng.normal(17, 1.5, n)).round(),
                    "profit": rng.integers(10**6, 10**7, n),
                    "personnel": rng.integers(10**6, 10**7, n),
                    "depreciation": 0,
                    "base_profit": rng.integers(10**6, 10**7, n),
                    "base_personnel": rng.integers(10**6, 10**7, n),
                    "base_depreciation": 0,
                    "employees": rng.integers(4, 60, n),
                    "base_employees": rng.integers(4, 60, n),
                    "hours_saved": rng.integers(5, 200, n),
                    "teleworkers": rng.integers(0, 4, n),
                }
            )
        )
    return pd.concat(found)
