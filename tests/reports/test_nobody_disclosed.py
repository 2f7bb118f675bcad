"""Nobody is disclosed by a release as a whole: all tables, units and lists attacked together, with
everything public and whole numbers.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
import pandas as pd
import pytest

from reports.statistics.models import Row
from reports.statistics.pipeline import activity, proprietors, reported, tables
from reports.statistics.pipeline.dimensions import facts
from reports.statistics.releasing.snapshot import frozen
from tests.reports.made_up import AREAS, CALLS, YEAR, MadeUp, world
from tests.reports.whole_attack import (
    ATTRIBUTES,
    CORPORATE,
    Expression,
    WholeAttack,
    in_units,
    plus,
    times,
)

THRESHOLD, SHARE, EVERYBODY = 3, 0.1, 10
Secret = tuple[
    str, Expression, float, float
]  # what, which sum, how small and how large it must be able to be


@lru_cache(maxsize=1)
def released(seed: int, n: int) -> tuple[MadeUp, dict[str, list[Row]]]:
    made = world(seed, n)
    found = {
        name: frozen(table)
        for name, table in tables.tables(made.frames, tables.Parameters(YEAR)).items()
    }
    heads = {name: [column for column, _kind in table["columns"]] for name, table in found.items()}
    return made, {
        name: [dict(zip(heads[name], row, strict=True)) for row in table["rows"]]
        for name, table in found.items()
    }


def listed(cases: pd.DataFrame) -> list[Row]:
    """The list of awards to corporations, as it is published with names."""
    won = cases.loc[cases["is_awarded"] & ~cases["is_person"]]
    return [
        {str(k): v for k, v in row.items()}
        for row in won.rename(columns={"awarded": "awarded_yen", "paid": "paid_yen"}).to_dict(
            "records"
        )
    ]


def attack(made: MadeUp, found: dict[str, list[Row]], *, is_blind: bool = False) -> WholeAttack:
    return WholeAttack(found, listed(made.cases), CALLS, AREAS, YEAR, is_blind=is_blind)


def behind(rows: pd.DataFrame, amount: pd.Series) -> np.ndarray:
    """What each firm has of an amount, the largest first."""
    sums = amount[rows.index].groupby(rows["firm"]).sum()
    return np.sort(sums[sums > 0].to_numpy(float))[::-1]


def of_count(what: str, of: Expression, rows: pd.DataFrame, amount: pd.Series) -> Iterator[Secret]:
    firms = behind(rows, amount)
    if 0 < len(firms) < THRESHOLD:
        yield what, of, 0.0, max(firms.sum(), float(THRESHOLD))


def of_yen(what: str, of: Expression, rows: pd.DataFrame, amount: pd.Series) -> Iterator[Secret]:
    firms = behind(rows, amount)
    if len(firms) and (len(firms) < THRESHOLD or firms[2:].sum() < SHARE * firms[0]):
        yield what, of, firms.sum() * 0.8, firms.sum() * 1.2


def of_corporations(made: MadeUp, by: WholeAttack) -> Iterator[Secret]:
    """Refusals, and what was asked in vain: of every place, call and class."""
    truth = facts(made.frames)
    own = truth.loc[~truth["is_person"] & (truth["kind"] == "subsidy")]
    own = own.assign(
        refused=(~own["is_accepted"]).astype(int),
        others=(own["is_accepted"] & ~own["is_awarded"]).astype(int),
        won=own["is_awarded"].astype(int),
        asked=own["requested"] - own["awarded"],
        all="all",
    ).astype({name: str for name in ("programme", "area", "municipality", "call", *ATTRIBUTES)})
    for dimension in ("all", "area", "municipality", "call", *ATTRIBUTES):
        for programme in (
            ("all",) if dimension in ATTRIBUTES or dimension == "call" else ("all", *by.money)
        ):
            for key, rows in own.loc[own["programme"].eq(programme) | (programme == "all")].groupby(
                dimension
            ):
                for layer in (*CORPORATE, *(("won",) if dimension in ATTRIBUTES else ())):
                    what = f"{layer} {programme} {dimension} {key}"
                    yield from of_count(
                        what, by.place(layer, programme, dimension, str(key)), rows, own[layer]
                    )
                if dimension not in ATTRIBUTES:
                    yield from of_yen(
                        f"asked {programme} {dimension} {key}",
                        by.place("asked", programme, dimension, str(key)),
                        rows,
                        own["asked"],
                    )


def of_persons(made: MadeUp, by: WholeAttack) -> Iterator[Secret]:
    """Sole proprietors' awards, money, what they still wait for, and refusals; of every programme,
    of each unit of the book, and of all.
    """
    own = made.cases.loc[made.cases["is_person"]]
    won = own.loc[own["is_awarded"]]
    one, due = pd.Series(1, index=own.index), own["awarded"] - own["paid"]
    for programme, unit in [
        ("all", ""),
        ("all", "yen"),
        ("all", "slots"),
        *((p, "") for p in by.money),
    ]:
        rows = won.loc[won["programme"].eq(programme) | (programme == "all")]
        rows = rows.loc[[unit in ("", *in_units(kept_in)) for kept_in in rows["unit"]]]
        name = f"sole proprietors of {programme} {unit}"
        count, awarded, paid = (
            by.own(layer, programme, unit) for layer in ("people", "awarded", "paid")
        )
        yield from of_count(f"awards, {name}", count, rows, one)
        yield from of_yen(f"awarded, {name}", awarded, rows, own["awarded"])
        yield from of_yen(f"paid, {name}", paid, rows, own["paid"])
        yield from of_yen(f"due, {name}", plus(awarded, times(-1, paid)), rows, due)
    yield from of_count(
        "sole proprietors refused", {("rest", "own", ""): 1.0}, own.loc[~own["is_awarded"]], one
    )


def said(made: MadeUp) -> pd.DataFrame:
    """What corporations reported, a row per report and measure: firm, programme, area, measure,
    value.
    """
    filed = made.frames.filings.astype({"kind": str, "in_use": str}).merge(
        made.cases.loc[~made.cases["is_person"]], on="case", suffixes=("", "_then")
    )
    filed = filed.assign(
        in_use=(filed["in_use"] == "yes").astype(float),
        telework_rate=filed["teleworkers"] / filed["employees"],
    )
    found = [
        filed.loc[filed["kind"] == "use"].assign(measure="in_use", value=lambda t: t["in_use"])
    ]
    effect = filed.loc[filed["kind"] == "effect"]
    found += [
        effect.assign(measure=name, value=effect[name])
        for name in ("sales", "hours_saved", "telework_rate")
    ]
    return pd.concat(found, ignore_index=True)[
        ["firm", "programme", "area", "measure", "value"]
    ].astype({"value": float})


def of_reports(made: MadeUp, by: WholeAttack) -> Iterator[Secret]:
    """How many reported, sales and hours of few or of one above all, and what all of a small group
    said.
    """
    rows = said(made)
    one = pd.Series(1, index=rows.index)
    for measure, programme, area in product(
        rows["measure"].unique(), ("all", *by.money), ("all", *AREAS)
    ):
        some = rows.loc[
            (rows["measure"] == measure) & (rows["programme"].eq(programme) | (programme == "all"))
        ]
        some = some.loc[some["area"].eq(area) | (area == "all")]
        place = (measure, programme, area)
        reports, amount = (by.report(layer, *place) for layer in ("reports", "sum"))
        yield from of_count(f"reports {place}", reports, some, one)
        if measure in ("sales", "hours_saved"):
            yield from of_yen(f"sum {place}", amount, some, rows["value"])
        elif measure == "in_use" and 0 < len(some) < EVERYBODY and some["value"].min() == 1:
            yield f"everybody {place}", plus(reports, times(-1, amount)), 0.0, 1.0


def of_flow(made: MadeUp) -> Iterator[Secret]:
    truth = facts(made.frames)
    table = activity.flow(made.frames, truth.loc[truth["kind"] == "subsidy"])
    for row in table.loc[
        (table["programme"] != "all") & table["firms"].between(1, THRESHOLD - 1)
    ].to_dict("records"):
        yield (
            f"{row['measure']} {row['programme']}",
            {("value", row["measure"], row["programme"]): 1.0},
            0.0,
            max(row["value"], THRESHOLD),
        )


def narrowed(made: MadeUp, found: dict[str, list[Row]]) -> Sequence[tuple[object, ...]]:
    """Secrets that a release brings closer than they must be and than they were before it."""
    by, before = attack(made, found), attack(made, found, is_blind=True)
    secrets = [
        *of_corporations(made, by),
        *of_persons(made, by),
        *of_reports(made, by),
        *of_flow(made),
    ]
    assert len(secrets) > 10
    told = []
    for what, of, low, high in secrets:
        (least, most), slack = by.range(of), 1e-4 * max(high, 1.0)
        if least <= low + slack and most >= high - slack:
            continue
        anyway = before.range(of)
        if (least > low + slack and least > anyway[0] + slack) or (
            most < high - slack and most < anyway[1] - slack
        ):
            told.append((what, low, high, (least, most), anyway))
    return told


@pytest.mark.parametrize(("seed", "n"), [(1, 45), (2, 90), (3, 160)])
def test_all_tables_units_and_lists_together_narrow_no_secret(seed: int, n: int) -> None:
    made, found = released(seed, n)
    assert (
        sum(row["suppressed"] for rows in found.values() for row in rows if "suppressed" in row) > 0
    )
    assert narrowed(made, found) == []


def test_hours_of_three_named_firms_are_not_reckoned_from_means_and_public_payments() -> None:
    """Whole hours that agree with the rounded mean and with the yen for an hour, beside what each
    firm was paid: each may be a fifth less or more.
    """
    rng = np.random.default_rng(5)
    for _trial in range(20):
        hours, paid = rng.integers(20, 90, 3), rng.integers(200, 2000, 3) * 1000
        reports = pd.DataFrame(
            {
                "case": range(3),
                "firm": range(3),
                "fiscal_year": YEAR,
                "programme": "a",
                "area": "011011",
                "measure": "hours_saved",
                "value": hours.astype(float),
                "paid": paid,
            }
        )
        rows = reported.averaged(reports).assign(hidden=False)
        told = {row["measure"]: row for row in tables.per_hour(rows).to_dict("records")}
        mean, cost = told["hours_saved"]["value"], told["cost_per_hour"]["value"]
        step = told["hours_saved"]["rounded"]
        grid = np.array(list(product(range(1, 271, 3), range(1, 271, 3))))
        last = 3 * mean - grid.sum(axis=1)  # within three half steps
        fits = grid[
            (last > 0)
            & (
                abs(paid.sum() / (3 * mean) - cost)
                <= cost * 0.01 + paid.sum() / (3 * mean) * step / mean
            )
        ]
        for n in range(2):
            assert fits[:, n].min() <= hours[n] * 0.8
            assert fits[:, n].max() >= hours[n] * 1.2


def test_a_firm_with_two_reports_hides_no_outcome_of_others() -> None:
    """Ninety firms, two of which have two awards: what many reported is shown."""
    n = 92
    firm = np.array([*range(90), 0, 1])
    rng = np.random.default_rng(3)
    reports = pd.DataFrame(
        {
            "case": range(n),
            "firm": firm,
            "fiscal_year": YEAR,
            "programme": np.where(np.arange(n) % 2, "a", "b"),
            "area": rng.choice(list(AREAS)[:3], n),
            "measure": "hours_saved",
            "value": rng.integers(20, 60, n).astype(float),
            "paid": 500_000,
            "is_awarded": True,
            "is_person": False,
        }
    )
    rows = tables.outcomes(reported.averaged(reports), reports, tables.Parameters(YEAR))
    assert not rows["suppressed"].any()
    assert rows.loc[(rows["programme"] == "all") & (rows["area"] == "all"), "reports"].tolist() == [
        92,
        92,
    ]


def test_where_one_sole_proprietor_was_refused_it_is_not_the_difference_of_two_tables() -> None:
    """Applications of sole proprietors less their awards is one refusal: one of the two tables is
    hidden.
    """
    cases = pd.DataFrame(
        {
            "fiscal_year": YEAR,
            "programme": "a",
            "firm": range(5),
            "quantity": "awards",
            "amount": 1,
        }
    )
    more = [("a", "awarded", 100_000), ("a", "paid", 100_000), ("", "applied", 1)]
    parts = pd.concat(
        [cases, *(cases.assign(programme=p, quantity=q, amount=v) for p, q, v in more)]
    )
    refused = [(YEAR, "", "rest", 9, 1), (YEAR, "", "applied", 9, 1)]
    parts = pd.concat(
        [
            parts,
            pd.DataFrame(
                refused, columns=["fiscal_year", "programme", "quantity", "firm", "amount"]
            ),
        ]
    )
    book = pd.DataFrame(columns=["fiscal_year", "programme", "unit"])
    _rows, hidden = proprietors.persons(parts, book, {}, THRESHOLD, SHARE)
    assert hidden == {"applicants"}
