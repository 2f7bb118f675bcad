"""What is hidden stays hidden: made-up years attacked from the published rows, and the attack shown
to work where protection is taken away.
"""

import math
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from reports.statistics.pipeline import disclosure, effects, tables
from reports.statistics.pipeline.names import AGES, SIZES
from reports.statistics.pipeline.reported import averaged
from reports.statistics.releasing.snapshot import frozen
from tests.reports.attack import Attack, narrowed

AREAS = {f"0110{n}": "011002" for n in range(11, 17)} | {"012033": "012033", "012106": "012106"}
YEAR = 2026
# as anyone reads them, by the names of the columns
Rows = list[dict[str, Any]]


def made_up(seed: int, n: int) -> pd.DataFrame:
    """The fact table of `n` applications over three programmes and eight areas, unevenly spread."""
    rng = np.random.default_rng(seed)
    codes = list(AREAS)
    area = rng.choice(codes, n, p=np.array([8, 5, 4, 3, 2, 1, 1, 1]) / 25)
    accepted = rng.random(n) < 0.85
    awarded = accepted & (rng.random(n) < 0.6)
    requested = rng.integers(100, 5000, n) * 1000
    cut = np.where(rng.random(n) < 0.3, rng.integers(1, 90, n) * 1000, 0)
    return pd.DataFrame(
        {
            "id": range(n),
            "case": range(n),
            "firm": rng.integers(0, max(n * 3 // 4, 1), n),
            "fiscal_year": YEAR,
            "programme": rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]),
            "call": rng.choice(["-1", "-2"], n, p=[0.7, 0.3]),
            "area": area,
            "municipality": [AREAS[a] for a in area],
            "industry": rng.choice(list("EGI"), n, p=[0.7, 0.25, 0.05]),
            "size": rng.choice(list(SIZES)[:4], n),
            "age": rng.choice(list(AGES), n),
            "history": rng.choice(["first", "repeat"], n, p=[0.9, 0.1]),
            "adviser": rng.choice(["no", "yes"], n, p=[0.9, 0.1]),
            "month": rng.choice(["2026-04", "2026-05", "2026-06"], n),
            "is_person": False,
            "is_accepted": accepted,
            "is_awarded": awarded,
            "award": np.where(awarded, range(n), np.nan),
            "requested": requested,
            "awarded": np.where(awarded, requested - np.minimum(cut, requested), 0),
        }
    ).assign(call=lambda t: t["programme"] + t["call"])


def truth(cases: pd.DataFrame) -> pd.DataFrame:
    return cases.assign(
        refused=(~cases["is_accepted"]).astype(int),
        others=(cases["is_accepted"] & ~cases["is_awarded"]).astype(int),
        won=cases["is_awarded"].astype(int),
        asked=cases["requested"] - cases["awarded"],
    )


def published(cases: pd.DataFrame) -> tuple[Rows, Rows]:
    """The rows of the table of applications, and the list of awards, as anyone reads them."""
    frames = SimpleNamespace(
        areas=pd.DataFrame({"area": list(AREAS), "municipality": list(AREAS.values())}),
        caps=pd.DataFrame(columns=["call", "programme", "fiscal_year", "floor", "cap"]),
    )
    table = frozen(tables.applications_by(cases, frames, tables.Parameters(YEAR)))  # type: ignore[arg-type]
    head = [name for name, _kind in table["columns"]]
    awards = cases.loc[cases["is_awarded"]].rename(columns={"awarded": "awarded_yen"})
    return [dict(zip(head, row, strict=True)) for row in table["rows"]], awards.to_dict("records")


@pytest.mark.parametrize(("seed", "n"), [(1, 12), (2, 40), (3, 40), (4, 90), (5, 250)])
def test_an_attacker_with_every_row_and_the_awards_narrows_no_hidden_cell(
    seed: int, n: int
) -> None:
    cases = made_up(seed, n)
    rows, awards = published(cases)
    assert any(row["suppressed"] for row in rows)
    assert narrowed(Attack(rows, awards, AREAS, YEAR), truth(cases)) == []


def test_the_attack_succeeds_once_companions_are_shown() -> None:
    """The same attack on a table where only the small cells themselves are hidden: the margins give
    them back.
    """
    cases = made_up(2, 40)
    rows, awards = published(cases)
    plain = cases.assign(
        applications=1,
        accepted=cases["is_accepted"].astype(int),
        awards=cases["is_awarded"].astype(int),
    )
    few = truth(cases)
    for row in rows:
        here = few if row["programme"] == "all" else few.loc[few["programme"] == row["programme"]]
        here = here if row["dimension"] == "all" else here.loc[here[row["dimension"]] == row["key"]]
        layers = (
            "refused",
            "others",
            "won" if row["dimension"] not in ("all", "area", "municipality", "call") else "asked",
        )
        small = any(0 < here.loc[here[layer] > 0, "firm"].nunique() < 3 for layer in layers)
        if row["suppressed"] and not small:
            sums = plain.loc[here.index, ["applications", "accepted", "awards", "requested"]].sum()
            row |= {
                "suppressed": False,
                "applications": int(sums.iloc[0]),
                "accepted": int(sums.iloc[1]),
                "awards": int(sums.iloc[2]),
                "requested_yen": int(sums.iloc[3]),
            }
    assert narrowed(Attack(rows, awards, AREAS, YEAR), few) != []


def small(
    values: dict[str, float],
) -> tuple[dict[disclosure.Unknown, float], list[disclosure.Cell], list[disclosure.Secret]]:
    """Parts of one total, each a row; those of one or two are secrets."""
    truth: dict[disclosure.Unknown, float] = {("n", name): value for name, value in values.items()}
    rows = [dict.fromkeys(truth, 1.0), *({name: 1.0} for name in truth)]
    cells = [
        disclosure.Cell((disclosure.exactly(of, truth),), disclosure.valued(of, truth))
        for of in rows
    ]
    return (
        truth,
        cells,
        [disclosure.counted({name: 1.0}, value) for name, value in truth.items() if 0 < value < 3],
    )


def test_a_lone_small_cell_takes_the_cheapest_companion_with_it() -> None:
    truth, cells, secrets = small({"a": 1, "b": 4, "c": 5})
    assert disclosure.hide(truth, (), cells, secrets, [1]).tolist() == [False, True, True, False]


def test_claims_that_the_truth_does_not_meet_are_an_error_and_no_answer() -> None:
    """Firms counted once in each part and once in the total do not add up: nothing may be concluded
    from such a system.
    """
    truth, cells, secrets = small({"a": 1, "b": 4, "c": 5})
    cells[0] = disclosure.Cell((disclosure.Known(cells[0].claims[0].of, 9.0, 9.0),), 10.0)
    with pytest.raises(disclosure.Contradiction):
        disclosure.hide(truth, (), cells, secrets, [1])


def test_a_solver_that_fails_is_an_error_and_no_answer() -> None:
    truth, cells, secrets = small({"a": 1, "b": 4, "c": 5})
    never = disclosure.Known({("n", "a"): 1.0}, 7.0, 8.0)
    with pytest.raises(disclosure.Contradiction, match="Infeasible"):
        disclosure.System(truth, [never], cells, secrets).range(0)


def test_what_is_public_anyway_hides_nothing_more() -> None:
    """Of two listed awards no more than two can have reported: nobody needs to be able to think of
    three.
    """
    truth, cells, secrets = small({"a": 2, "b": 40, "c": 50})
    cap = disclosure.Known({("n", "a"): 1.0}, 0.0, 2.0)
    assert disclosure.hide(truth, [cap], cells, secrets, [1]).tolist() == [False, True, True, False]


def test_a_dominated_sum_is_hidden_though_many_firms_stand_behind_it() -> None:
    assert disclosure.dominated(1_050, 1_000, 30)
    assert not disclosure.dominated(2_000, 1_000, 30)


def reported(seed: int, n: int) -> pd.DataFrame:
    """`n` accepted reports on effects, sales very unevenly spread: (case, firm, fiscal_year,
    programme, area, sales, …).
    """
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "case": range(n),
            "firm": range(n),
            "fiscal_year": YEAR,
            "programme": rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]),
            "area": rng.choice(list(AREAS), n),
            "sales": np.exp(rng.normal(17, 1.6, n)).round(),
        }
    )


def outcome_rows(reports: pd.DataFrame) -> Rows:
    """The public rows of the outcomes of these reports."""
    rows = reports.assign(value=reports["sales"], measure="sales", paid=0)
    made = tables.outcomes(
        averaged(rows),
        reports.assign(is_awarded=True, is_person=False),
        tables.Parameters(YEAR),
    )
    table = frozen(made)
    return [
        dict(zip([name for name, _kind in table["columns"]], row, strict=True))
        for row in table["rows"]
    ]


def half_step(mean: float) -> float:
    """Half of what a mean of three figures may be off."""
    return 10.0 ** (math.floor(math.log10(max(mean, 1.0))) - 2) / 2


def sums_narrowed(rows: Rows, reports: pd.DataFrame) -> list[tuple[str, str]]:
    """Cells of few firms, or that one dominates, whose sum an attacker brings within a fifth,
    knowing that a mean times its number is a sum.
    """
    places = {
        (row["programme"], row["area"])
        for row in rows
        if "all" not in (row["programme"], row["area"])
    }
    index = {place: n for n, place in enumerate(sorted(places))}
    scale = float(reports["sales"].sum())

    def cells(programme: str, area: str) -> np.ndarray:
        return np.array([float(programme in ("all", p) and area in ("all", a)) for p, a in index])

    shown = [row for row in rows if not row["suppressed"]]
    known = np.array([cells(row["programme"], row["area"]) for row in shown]).reshape(
        len(shown), len(index)
    )
    right = np.array([row["value"] * row["reports"] / scale for row in shown])
    slack = (
        np.array([half_step(row["value"]) * row["reports"] / scale for row in shown]) + 1e-12
    )  # means are rounded
    both, ends = np.vstack([known, -known]), np.concatenate([right + slack, slack - right])
    found = []
    for row in rows:
        here = reports.loc[
            reports["programme"].isin(
                [row["programme"]] if row["programme"] != "all" else list("abc")
            )
        ]
        here = here.loc[here["area"].isin([row["area"]] if row["area"] != "all" else list(AREAS))]
        parts = sorted(here["sales"], reverse=True)
        if len(parts) >= 3 and sum(parts[2:]) >= 0.1 * parts[0]:
            continue
        aim, truth = cells(row["programme"], row["area"]), sum(parts) / scale
        spans = [
            linprog(
                sign * aim,
                A_ub=both if len(shown) else None,
                b_ub=ends if len(shown) else None,
                bounds=(0, None),
                method="highs",
            )
            for sign in (1, -1)
        ]
        least = spans[0].fun if spans[0].status == 0 else 0.0
        most = -spans[1].fun if spans[1].status == 0 else np.inf
        if least > truth * 0.8 + 1e-7 or most < truth * 1.2 - 1e-7:
            found.append((row["programme"], row["area"]))
    return found


@pytest.mark.parametrize(("seed", "n"), [(1, 8), (2, 25), (3, 60), (4, 120)])
def test_sums_behind_the_means_of_outcomes_are_not_narrowed(seed: int, n: int) -> None:
    reports = reported(seed, n)
    rows = outcome_rows(reports)
    assert any(row["suppressed"] for row in rows)
    assert sums_narrowed(rows, reports) == []


def test_the_attack_on_means_succeeds_where_a_dominated_cell_is_shown() -> None:
    reports = pd.DataFrame(
        {
            "case": range(6),
            "firm": range(6),
            "fiscal_year": YEAR,
            "programme": list("aaabbb"),
            "area": "011011",
            "sales": [9e9, 1e6, 1e6, 2e7, 2e7, 2e7],
        }
    )
    rows = outcome_rows(reports)
    assert {row["programme"] for row in rows if row["suppressed"]} >= {
        "a",
        "all",
    }  # 9 billion outweigh all others
    for row in rows:
        if row["programme"] == "a":
            row |= {"suppressed": False, "reports": 3, "value": 9_002e6 / 3}
    assert sums_narrowed(rows, reports) != []


@pytest.mark.parametrize("suppressed", [True, False])
def test_the_total_of_corporations_is_hidden_in_every_table_or_in_none(suppressed: bool) -> None:
    by_form = pd.DataFrame(
        {
            "fiscal_year": YEAR,
            "form": ["corporation", "sole_proprietor"],
            "applications": [40, 9],
            "firms": [38, 9],
        }
    )
    whole = pd.DataFrame(
        {
            "fiscal_year": [YEAR],
            "programme": ["all"],
            "dimension": ["all"],
            "suppressed": [suppressed],
        }
    )
    nobody = tables.Persons(pd.DataFrame(), pd.DataFrame(), {})
    found = tables.applicants(by_form, whole, nobody, tables.Parameters(YEAR))
    assert found["suppressed"].tolist() == [suppressed, False]
    assert found["applications"].isna().tolist() == [suppressed, False]


def test_few_cases_behind_an_effect_are_not_counted_out() -> None:
    found = tables.compared(
        [
            effects.Effect("difference", "sales", 2, 0, refused="few"),
            effects.Effect("difference", "sales", 11, 3, refused="few"),
        ],
        tables.Parameters(YEAR),
    )
    assert found[["treated", "compared"]].astype(object).where(
        found[["treated", "compared"]].notna(), None
    ).to_numpy().tolist() == [[None, 0], [11, 3]]


def of_all(names: Iterable[disclosure.Unknown]) -> dict[disclosure.Unknown, float]:
    """The sum of these unknowns."""
    return dict.fromkeys(names, 1.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_small_cell_of_any_cross_table_can_be_narrowed(grid: list[list[int]]) -> None:
    """Rows × columns with all margins; every count is one firm each, so 1 and 2 are sensitive.

    Attacked by another solver's programmes.
    """
    rows, columns = len(grid), len(grid[0])
    values = [
        sum(map(sum, grid)),
        *(sum(row) for row in grid),
        *(sum(row[k] for row in grid) for k in range(columns)),
        *(v for row in grid for v in row),
    ]
    truth: dict[disclosure.Unknown, float] = {
        ("n", r, k): float(v) for r, row in enumerate(grid) for k, v in enumerate(row)
    }
    sums = [
        of_all(truth),
        *(of_all(("n", r, k) for k in range(columns)) for r in range(rows)),
        *(of_all(("n", r, k) for r in range(rows)) for k in range(columns)),
        *(of_all([name]) for name in truth),
    ]
    weight = [10**10, *[10**8] * (rows + columns), *values[1 + rows + columns :]]
    cells = [
        disclosure.Cell((disclosure.exactly(of, truth),), w)
        for of, w in zip(sums, weight, strict=True)
    ]
    few = [n for n, v in enumerate(values) if 0 < v < 3]
    secrets = [disclosure.counted(sums[n], values[n]) for n in few]
    hidden = disclosure.hide(truth, (), cells, secrets, few)
    assert hidden[few].all()
    for n in few:
        aim = np.array([float(name in sums[n]) for name in truth])
        shown = [k for k in range(len(cells)) if not hidden[k]]
        known = np.array([[float(name in sums[k]) for name in truth] for k in shown]).reshape(
            len(shown), len(truth)
        )
        right = [values[k] for k in shown]
        least, most = (
            linprog(sign * aim, A_eq=known, b_eq=right, bounds=(0, 99), method="highs")
            for sign in (1, -1)
        )
        assert least.status == most.status == 0
        assert least.fun <= 1e-6
        assert -most.fun >= 3 - 1e-6
