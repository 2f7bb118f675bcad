"""Step three, disclosure control.

Which rows of linked tables must stay hidden so that no secret is given back.

Pure numpy and HiGHS.

What nobody publishes is a set of unknowns. Everything that is published, and everything that is
public anyway (lists of awards, caps, totals that two tables share), is a claim about sums of them.
A secret is a sum whose range must stay wide for whoever knows all claims. Rows with a secret are
hidden, then others with them, until one linear programme over all claims shows that each secret is
as wide as asked, or as what is public anyway allows (Hundepool et al., Statistical Disclosure
Control, 2012, ch. 4).
"""

from bisect import bisect
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array

THRESHOLD, SHARE, MARGIN = 3, 0.10, 0.20
# weights from which a cell is a margin, or the whole: none goes before all cheaper ones that would do
LEVELS = (10**8, 10**10)
SLACK, PRICED = 1e-6, 1e-9
Unknown = tuple[Hashable, ...]  # its first part names the quantity, and with it the unit
Expression = Mapping[Unknown, float]


class Contradiction(Exception):
    """Claims that the truth itself does not meet, or that the solver could not answer.

    Never an answer about a secret.
    """


@dataclass(frozen=True)
class Known:
    """Something anybody knows: the sum of these unknowns lies between two values."""

    of: Expression
    low: float = 0.0
    high: float = np.inf

    def holds(self, truth: Mapping[Unknown, float]) -> bool:
        """Is it true?"""
        value = valued(self.of, truth)
        slack = SLACK * max(abs(value), 1.0)
        return self.low - slack <= value <= self.high + slack


@dataclass(frozen=True)
class Cell:
    """A row of a table, shown whole or hidden whole: what it claims, and how dear it is to hide.

    `is_empty`: nothing is in it, so it hides little.
    """

    claims: tuple[Known, ...]
    weight: float
    is_empty: bool = False

    @property
    def price(self) -> tuple[int, bool, float]:
        return bisect(LEVELS, self.weight), self.is_empty, self.weight


@dataclass(frozen=True)
class Secret:
    """A sum that must be able to be as small as `low` and as large as `high`, for all that is known."""

    of: Expression
    low: float
    high: float


def valued(of: Expression, truth: Mapping[Unknown, float]) -> float:
    """The sum as it is."""
    return sum(factor * truth[name] for name, factor in of.items())


def exactly(of: Expression, truth: Mapping[Unknown, float]) -> Known:
    """The claim of a table that publishes this very sum."""
    value = valued(of, truth)
    return Known(of, value, value)


def few(firms: float, threshold: int = THRESHOLD) -> bool:
    return 0 < firms < threshold


def dominated(total: float, first: float, second: float, share: float = SHARE) -> bool:
    """p% rule: could the second largest reckon the largest within `share`?"""
    return total > 0 and total - first - second < share * first


def counted(of: Expression, value: float, threshold: int = THRESHOLD) -> Secret:
    """A count of few: it must be able to be nothing and the threshold itself."""
    return Secret(of, 0.0, max(value, float(threshold)))


def spread(of: Expression, value: float) -> Secret:
    """An amount of few, or of one above all: a fifth less and a fifth more must be possible."""
    return Secret(of, value * (1 - MARGIN), value * (1 + MARGIN))


def hide(
    truth: Mapping[Unknown, float],
    public: Sequence[Known],
    cells: Sequence[Cell],
    secrets: Sequence[Secret],
    hidden: Iterable[int] = (),
) -> np.ndarray:
    """For every cell whether it is hidden.

    `hidden`, and what goes with them, the cheapest first, margins last (`LEVELS`).

    What is once wide enough stays so, since hiding more only widens. Raises Contradiction.
    """
    shut = np.zeros(len(cells), dtype=bool)
    shut[list(hidden)] = True
    if not secrets:
        return shut
    for claim in (*public, *(claim for cell in cells for claim in cell.claims)):
        if not claim.holds(truth):
            raise Contradiction(
                f"{len(claim.of)} unknowns from {next(iter(claim.of), None)}: not within [{claim.low}, {claim.high}]"
            )
    system = System(truth, public, cells, secrets)
    system.relax(np.flatnonzero(shut))
    for n in range(len(secrets)):
        while (found := system.narrowing(n)) is not None:
            cheapest = min(found, key=lambda cell: (*cells[cell].price, cell))
            shut[cheapest] = True
            system.relax([cheapest])
    return shut


class System:
    """What visible rows and public facts say about the unknowns.

    One linear programme, solved again and again from where it stood.
    """

    def __init__(
        self,
        truth: Mapping[Unknown, float],
        public: Sequence[Known],
        cells: Sequence[Cell],
        secrets: Sequence[Secret],
    ) -> None:
        self.place = {name: n for n, name in enumerate(truth)}
        self.unit, most = _units(truth)
        values = np.array(list(truth.values())) / self.unit
        claims = [*public, *(claim for cell in cells for claim in cell.claims)]
        self.owner = np.array(
            [-1] * len(public) + [n for n, cell in enumerate(cells) for _claim in cell.claims]
        )
        self.rows_of: dict[int, list[int]] = {}
        for row, cell in enumerate(self.owner):
            self.rows_of.setdefault(int(cell), []).append(row)
        self.aims = self._matrix([secret.of for secret in secrets]).tocsr()
        self.low = np.array([secret.low for secret in secrets])
        self.high = np.array([secret.high for secret in secrets])
        self.least = (
            self.aims @ values
        )  # the truth is possible; each answer widens what is known to be
        self.most = self.least.copy()
        self.visible = np.ones(len(cells), dtype=bool)
        self.solver = _model(
            self._matrix([claim.of for claim in claims]),
            claims,
            np.where(values < 0, -most, 0.0),
            most,
        )
        self.bare: System | None = None  # what is public anyway, without any cell
        self._given = (truth, public, secrets)

    def _matrix(self, of: Sequence[Expression]) -> csr_array:
        rows = [n for n, one in enumerate(of) for _name in one]
        columns = [self.place[name] for one in of for name in one]
        factors = (
            np.array([factor for one in of for factor in one.values()]) if columns else np.zeros(0)
        )
        return csr_array(
            (factors * self.unit[columns], (rows, columns)), shape=(len(of), len(self.place))
        )

    def relax(self, cells: Iterable[int]) -> None:
        """Nobody reads these cells any more."""
        for cell in cells:
            self.visible[cell] = False
            for row in self.rows_of.get(int(cell), []):
                self.solver.changeRowBounds(row, -np.inf, np.inf)

    def narrowing(self, n: int) -> set[int] | None:
        """The visible cells that keep a secret narrower than it must be.

        None where it is as wide as it must or can be.
        """
        for sign in (1.0, -1.0):
            if self._reaches(n, sign):
                continue
            prices = self._solve(n, sign)
            if self._reaches(n, sign) or self._as_wide_as_public(n, sign):
                continue
            found = {int(cell) for cell in self.owner[np.abs(prices) > PRICED] if cell >= 0}
            if found:
                return found
        return None

    def _reaches(self, n: int, sign: float) -> bool:
        slack = SLACK * max(abs(self.high[n]), 1.0)
        return bool(
            self.least[n] <= self.low[n] + slack
            if sign > 0
            else self.most[n] >= self.high[n] - slack
        )

    def _as_wide_as_public(self, n: int, sign: float) -> bool:
        """What the public knows without any cell can be widened by hiding none."""
        if self.bare is None:
            self.bare = System(self._given[0], self._given[1], (), self._given[2])
        bare, slack = self.bare, SLACK * max(abs(self.high[n]), 1.0)
        if bare._reaches(n, sign):
            return False
        bare._solve(n, sign)
        return bool(
            self.least[n] <= bare.least[n] + slack
            if sign > 0
            else self.most[n] >= bare.most[n] - slack
        )

    def range(self, n: int) -> tuple[float, float]:
        """The least and the greatest value that a secret can have."""
        for sign in (1.0, -1.0):
            self._solve(n, sign)
        return float(self.least[n]), float(self.most[n])

    def _solve(self, n: int, sign: float) -> np.ndarray:
        """Drive one secret down (1) or up (−1); what all of them then are is remembered.

        Returns the prices of the claims. Raises Contradiction.
        """
        cost = np.zeros(len(self.place))
        cost[self.aims[[n]].indices] = sign * self.aims[[n]].data
        cost /= np.abs(cost).max(initial=1e-12)
        self.solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        self.solver.run()
        status = self.solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise Contradiction(f"the solver answers {self.solver.modelStatusToString(status)}")
        answer = self.solver.getSolution()
        values = self.aims @ np.array(answer.col_value)
        self.least, self.most = np.minimum(self.least, values), np.maximum(self.most, values)
        return np.array(answer.row_dual)


def _units(truth: Mapping[Unknown, float]) -> tuple[np.ndarray, np.ndarray]:
    """For every unknown its unit, so that all sums are of a size that a solver is exact with, and
    the most that an attacker would think of (in units).
    """
    totals: dict[Hashable, float] = {}
    for name, value in truth.items():
        totals[name[0]] = totals.get(name[0], 0.0) + abs(value)
    unit = {kind: max(total / 1e6, 1.0) for kind, total in totals.items()}
    most = {kind: (2 * total + 10) / unit[kind] for kind, total in totals.items()}
    return np.array([unit[name[0]] for name in truth]), np.array([most[name[0]] for name in truth])


def _model(
    matrix: csr_array, claims: Sequence[Known], least: np.ndarray, most: np.ndarray
) -> highspy.Highs:
    """The programme as HiGHS holds it; every row brought to factors of at most one."""
    largest = abs(matrix).max(axis=1).toarray().ravel() if matrix.shape[0] else np.zeros(0)
    largest = np.where(largest > 0, largest, 1.0)
    scaled = csc_array(matrix / largest[:, None]) if matrix.shape[0] else csc_array(matrix)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.zeros(matrix.shape[1]), least, most
    lp.row_lower_ = np.array([claim.low for claim in claims]) / largest
    lp.row_upper_ = np.array([claim.high for claim in claims]) / largest
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
        scaled.indptr,
        scaled.indices,
        scaled.data,
    )
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # a library without types
    solver.silent()
    for option, value in (
        ("output_flag", False),
        ("presolve", "off"),
        ("simplex_strategy", 4),
        ("threads", 1),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    return solver
