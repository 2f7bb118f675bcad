"""Who stands behind the figures of a release: kept with it and never published, so that the next one
knows who moved since. Pure pandas.
"""

import io
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from reports.statistics.pipeline import activity, earlier, effects, measures, reported, unlisted
from reports.statistics.pipeline.frames import Frames
from reports.statistics.pipeline.names import ALL, ATTRIBUTES, KEYS, PLACES

Parts = Mapping[str, pd.DataFrame]
OF_CASE = ("case", "firm", "fiscal_year", "programme", *PLACES, *ATTRIBUTES)
SAID = ("is_accepted", "is_awarded", "requested", "awarded")


def parts(frames: Frames, arrived: pd.DataFrame, cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """persons (`unlisted.parts`); cases, days and reports of corporations; happened (`activity`);
    effects. `arrived`: every application, `cases`: those for money.
    """
    own = cases.loc[~cases["is_person"]]
    changes = effects.changes(frames, cases)
    return {
        "persons": unlisted.parts(frames, cases),
        "cases": own[[*OF_CASE, *SAID]],
        "days": measures.spans(frames, cases),
        "reports": reported.reports(frames, cases),
        "happened": activity.behind(frames, arrived, cases),
        "effects": pd.concat(
            [
                changes[["case", "firm", "is_awarded"]].assign(outcome=name, change=changes[name])
                for name in effects.OUTCOMES
            ],
            ignore_index=True,
        ).dropna(subset=["change"]),
    }


def packed(table: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    plain = {
        name: str for name, kind in table.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)
    }
    table.astype(plain).to_parquet(out, index=False, compression="zstd")
    return out.getvalue()


def unpacked(data: bytes) -> pd.DataFrame:
    return pd.read_parquet(io.BytesIO(data))


# -- what is behind the unknowns of a guard: rows (name, firm, amount) -----------------------------
def of_persons(kept: Parts, year: int) -> pd.DataFrame:
    rows = kept["persons"]
    rows = rows.loc[rows["fiscal_year"] == year]
    return _named([rows["quantity"], rows["programme"]], rows["firm"], rows["amount"])


def of_reports(kept: Parts, year: int, measure: str) -> pd.DataFrame:
    rows = kept["reports"]
    rows = rows.loc[(rows["fiscal_year"] == year) & (rows["measure"].astype(str) == measure)]
    places = [rows["programme"].astype(str), rows["area"].astype(str)]
    amounts = {"reports": pd.Series(1.0, rows.index), "total": reported.amounts(rows)}
    return pd.concat(
        [
            _named([pd.Series(name, rows.index), *places], rows["firm"], amount)
            for name, amount in amounts.items()
        ],
        ignore_index=True,
    )


def of_counts(kept: Parts, year: int, measure: str) -> pd.DataFrame:
    rows = kept["happened"]
    rows = rows.loc[(rows["fiscal_year"] == year) & (rows["measure"].astype(str) == measure)]
    return _named(
        [pd.Series("n", rows.index), rows["programme"].astype(str)], rows["firm"], rows["amount"]
    )


def of_applications(kept: Parts, year: int, now: Parts) -> pd.DataFrame:
    """Applications of corporations at one time.

    Who is in the list of awards, then or `now`, moved for everybody to see: what it asked for is
    what anybody may not reckon, not that it waits no more.
    """
    rows, last = (
        table.loc[table["fiscal_year"] == year] for table in (kept["cases"], now["cases"])
    )
    awarded = last.set_index("case")["awarded"]
    is_listed = rows["is_awarded"] | rows["case"].isin(last.loc[last["is_awarded"], "case"])
    asked = rows["requested"] - rows["case"].map(awarded).fillna(0).astype("int64")
    waits = rows["is_accepted"] & ~rows["is_awarded"]
    layers = {
        "refused": (~rows["is_accepted"]).astype("int64"),
        "others": waits.astype("int64"),
        "won": rows["is_awarded"].astype("int64"),
        "asked": asked.clip(lower=0),
    }
    found = []
    for dimension in ("area", "call", *ATTRIBUTES):
        own = dimension in ATTRIBUTES
        classes = [rows["programme"].astype(str)] if dimension == "area" else []
        classes.append(rows[dimension].astype(str))
        for layer in ("refused", "others", "won" if own else "asked"):
            amount = layers[layer] if own or layer == "asked" else layers[layer].mask(is_listed, 0)
            some = amount != 0
            found.append(
                _named(
                    [
                        pd.Series(layer, rows.index)[some],
                        pd.Series(dimension, rows.index)[some],
                        *(values[some] for values in classes),
                    ],
                    rows.loc[some, "firm"],
                    amount[some],
                )
            )
    return pd.concat(found, ignore_index=True)


def _named(names: list[pd.Series], firm: pd.Series, amount: pd.Series) -> pd.DataFrame:
    called = np.empty(len(firm), dtype=object)
    called[:] = list(zip(*names, strict=True))
    return pd.DataFrame(
        {
            "name": called,
            "firm": firm.to_numpy(dtype="int64"),
            "amount": amount.to_numpy(dtype=float),
        }
    )


# -- tables without sums: who is in one of two times and not in the other moved ---------------------
def stirred(name: str, now: Parts, then: Parts, threshold: int) -> frozenset[earlier.Key]:
    """The rows of a table in which some moved between two times, but few."""
    of = {"days": _of_days, "effects": _of_effects}.get(name, _of_happened(name))
    both = pd.concat([of(now), of(then)], ignore_index=True)
    moved = both.loc[~both.duplicated(keep=False)]
    names = list(KEYS[name])
    firms = moved.groupby(names, observed=True)["firm"].nunique()
    return frozenset(earlier.keys(firms.loc[firms < threshold].reset_index(), name))


def _of_happened(name: str) -> Callable[[Parts], pd.DataFrame]:
    prefix = "course_" if name == "courses" else ""

    def of(kept: Parts) -> pd.DataFrame:
        rows = kept["happened"].assign(municipality=ALL)
        return rows.assign(measure=rows["measure"].str.removeprefix(prefix))[
            [*KEYS[name], "firm", "amount"]
        ]

    return of


def _of_days(kept: Parts) -> pd.DataFrame:
    rows = kept["days"]
    stages = {stage: stage for stage in measures.STAGES}
    found = []
    for stage, days in {**stages, "month": "decision"}.items():
        some = rows.loc[rows[days] >= 0]
        each = some[["fiscal_year", "case", "firm"]].assign(
            days=some[days],
            share=some["applicant_share"] if stage == "decision" else 0.0,
            stage="month:" + some["month"].astype(str) if stage == "month" else stage,
        )
        found.append(each.assign(programme=ALL))
        if stage != "month":
            found.append(each.assign(programme=some["programme"].astype(str)))
    return pd.concat(found, ignore_index=True).fillna({"share": -1.0})


def _of_effects(kept: Parts) -> pd.DataFrame:
    rows = kept["effects"]
    return pd.concat(
        [rows.assign(method=method) for method in ("discontinuity", "difference")],
        ignore_index=True,
    )
