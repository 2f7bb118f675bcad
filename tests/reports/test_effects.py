"""Effects against reference results, and refused where they may not be claimed."""

import numpy as np
import pandas as pd
import pytest

from reports.statistics.pipeline.effects import difference, discontinuity


def applicants(n: int = 400, effect: float = 0.05, seed: int = 11) -> pd.DataFrame:
    """Scores from 0 to 100 around a line at 60, awarded from it on; the outcome rises with the
    score and jumps at the line.
    """
    rng = np.random.default_rng(seed)
    distance = np.round(rng.uniform(-40, 40, n), 4)
    change = 0.002 * distance + np.where(distance >= 0, effect, 0) + rng.normal(0, 0.03, n)
    return pd.DataFrame(
        {
            "distance": distance,
            "change": np.round(change, 6),
            "is_awarded": distance >= 0,
            "call": rng.integers(0, 12, n),
            "firm": range(n),
        }
    )


def test_the_step_at_the_line_is_that_of_rdrobust() -> None:
    """Reference: rdrobust 2.1.1 on the same rows (c=0, h=10, p=1, kernel="triangular"), its
    conventional estimate.
    """
    found = discontinuity(applicants(), "productivity")
    assert found.estimate == pytest.approx(0.06275010561330509, abs=1e-12)
    assert (found.treated, found.compared, found.clusters, found.verdict) == (47, 53, 12, "more")


def test_a_difference_in_differences_is_the_difference_of_means_with_clustered_errors() -> None:
    """Reference: the sandwich of Cameron & Miller (2015), eq. 11, with its finite-sample factor,
    written out.
    """
    rows = applicants()
    found = difference(rows, "employees")
    won, lost = rows.loc[rows["is_awarded"], "change"], rows.loc[~rows["is_awarded"], "change"]
    assert found.estimate == pytest.approx(won.mean() - lost.mean(), abs=1e-12)
    x = np.column_stack([np.ones(len(rows)), rows["is_awarded"].astype(float)])
    beta = np.linalg.solve(x.T @ x, x.T @ rows["change"])
    rest, n, groups = rows["change"].to_numpy() - x @ beta, len(rows), rows["call"].nunique()
    meat = sum(
        np.outer(s := x[own].T @ rest[own], s)
        for own in (np.flatnonzero(rows["call"] == g) for g in range(groups))
    )
    bread = np.linalg.inv(x.T @ x)
    error = np.sqrt((bread @ meat @ bread)[1, 1] * groups / (groups - 1) * (n - 1) / (n - 2))
    t_11 = 2.2009851600829  # 97.5 % of Student's t with 11 degrees of freedom (any table)
    assert found.high is not None
    assert found.estimate is not None
    assert found.high - found.estimate == pytest.approx(t_11 * error, rel=1e-9)


def test_no_effect_is_not_claimed_and_errors_are_by_firm_where_calls_are_few() -> None:
    rows = applicants(effect=0).assign(call=1)
    found = discontinuity(rows, "productivity")
    assert (found.verdict, found.clusters) == ("none", found.treated + found.compared)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (applicants(60), "few"),
        (applicants().assign(is_awarded=lambda t: t["distance"] >= -3), "line"),
        (applicants().iloc[:0], "few"),
    ],
)
def test_what_cannot_be_compared_is_refused(rows: pd.DataFrame, why: str) -> None:
    found = discontinuity(rows, "sales")
    assert (found.refused, found.estimate, found.verdict) == (why, None, "refused")


def test_the_range_holds_the_truth_nineteen_times_in_twenty() -> None:
    hits = 0
    for seed in range(60):
        found = difference(
            applicants(200, seed=seed).assign(change=lambda t: t["change"] - 0.002 * t["distance"]),
            "sales",
        )
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= 0.05 <= found.high
    assert hits >= 52
