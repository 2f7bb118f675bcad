"""What earlier releases told of a year, and who stood behind it: whoever has two releases subtracts.

Pure pandas and numpy. A sum that moved by few since any earlier release is a secret as a sum of few
is; what was told then is known, and stays known as far as nothing moved.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from reports.statistics.pipeline import disclosure
from reports.statistics.pipeline.disclosure import (
    Cell,
    Expression,
    Known,
    Secret,
    Unknown,
    counted,
    valued,
)
from reports.statistics.pipeline.names import KEYS, MOVED

AMOUNTS = ("asked", "total", "awarded", "paid", "held", "spent", "back")  # not counted: yen, hours
Key = tuple[str, ...]
Named = tuple[str, Key]  # a table, and a row of it


def keys(table: pd.DataFrame, name: str) -> list[Key]:
    """What names each row."""
    return list(zip(*(table[column].astype(str) for column in KEYS[name]), strict=True))


def dark(table: pd.DataFrame, name: str) -> frozenset[Key]:
    """The rows that a table keeps to itself. One that it lacks is told by that: it is nothing."""
    hidden = table["refused"] == MOVED if name == "effects" else table["suppressed"].astype(bool)
    return frozenset(keys(table.loc[hidden], name))


@dataclass(frozen=True)
class Earlier:
    """A release that anybody can still read.

    `dark`: table → rows that it hides; `behind`: who stands behind its figures (`behind.parts`).
    """

    fiscal_year: int
    dark: Mapping[str, frozenset[Key]]
    behind: Mapping[str, pd.DataFrame]

    def tells(self, name: str, key: Key) -> bool:
        return key not in self.dark.get(name, ())


@dataclass(frozen=True)
class Then:
    """One earlier release of a block: the cells that it showed, and what was behind each unknown.

    `parts`: rows (name, firm, amount).
    """

    shown: Sequence[bool]
    parts: pd.DataFrame


@dataclass(frozen=True)
class Past:
    """What a block is made of now, and what it was made of when it was told before, oldest first."""

    now: pd.DataFrame
    earlier: Sequence[Then] = ()


NOTHING = pd.DataFrame({"name": [], "firm": [], "amount": []})
NONE = Past(NOTHING)


@dataclass(frozen=True)
class Before:
    """The releases that anybody can still read, and who stands behind the figures of this one."""

    told: Sequence[Earlier] = ()
    now: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def past(
        self,
        rows: Sequence[Named],
        year: int,
        of: Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame],
    ) -> Past:
        """The past of a year's block of these rows; `of`: what is behind its unknowns."""
        there = [release for release in self.told if release.fiscal_year >= year]
        if not there:
            return NONE
        return Past(
            of(self.now),
            [Then([r.tells(*row) for row in rows], of(r.behind)) for r in there],
        )


FIRST = Before()


@dataclass(frozen=True)
class Moves:
    """Of each sum: how many firms moved, how much in all, and the two largest of them."""

    firms: np.ndarray
    gross: np.ndarray
    first: np.ndarray
    second: np.ndarray

    @classmethod
    def of(cls, each: csr_array) -> "Moves":
        """`each`: sums × firms."""
        found = np.zeros((4, each.shape[0]))
        for n in np.flatnonzero(np.diff(each.indptr)):
            own = np.sort(np.abs(each.data[each.indptr[n] : each.indptr[n + 1]]))[::-1]
            own = own[own > disclosure.PRICED]
            found[:, n] = len(own), own.sum(), own[:1].sum(), own[1:2].sum()
        return cls(*found)

    def tells(self, n: int, is_amount: bool, threshold: int, share: float) -> bool:
        """Would the sum tell of one of those who moved?"""
        return disclosure.few(self.firms[n], threshold) or (
            is_amount and disclosure.dominated(self.gross[n], self.first[n], self.second[n], share)
        )


def hide(
    truth: Mapping[Unknown, float],
    public: Sequence[Known],
    cells: Sequence[Cell],
    secrets: Sequence[Secret],
    hidden: Iterable[int],
    since: Past,
    threshold: int,
    share: float,
    more: Sequence[Expression] = (),
) -> np.ndarray:
    """`disclosure.hide` for whoever has the earlier releases too.

    `more`: sums that no cell claims and that must not be told either.
    """
    if not since.earlier:
        return disclosure.hide(truth, public, cells, secrets, hidden)
    return Remembered(truth, public, cells, since, threshold, share, more).hide(secrets, hidden)


class Remembered:
    """A block and its earlier tellings as one system.

    The unknown of a time is that of the next one where nobody moved in it.
    """

    def __init__(
        self,
        truth: Mapping[Unknown, float],
        public: Sequence[Known],
        cells: Sequence[Cell],
        since: Past,
        threshold: int,
        share: float,
        more: Sequence[Expression],
    ) -> None:
        self.truth, self.public, self.cells = dict(truth), list(public), list(cells)
        self.since, self.threshold, self.share = since, threshold, share
        self.place = {name: n for n, name in enumerate(truth)}
        claimed = (claim.of for cell in cells for claim in cell.claims)
        self.sums = list({frozenset(of.items()): of for of in (*claimed, *more) if of}.values())
        self.amounts = [_is_amount(of) for of in self.sums]
        self.aims = self._aims()
        self.times = self._matrices(since)
        self.called = self._called()

    def _aims(self) -> csr_array:
        """Sums × unknowns."""
        rows = [n for n, of in enumerate(self.sums) for _name in of]
        columns = [self.place[name] for of in self.sums for name in of]
        factors = [factor for of in self.sums for factor in of.values()]
        return csr_array(coo_array((factors, (rows, columns)), (len(self.sums), len(self.place))))

    def _matrices(self, since: Past) -> list[csr_array]:
        """Unknowns × firms, of each time, now last."""
        tables = [*(then.parts for then in since.earlier), since.now]
        every = pd.concat(tables, ignore_index=True)
        who, firms = pd.factorize(every["firm"])
        at = every["name"].map(self.place).to_numpy(dtype=float)
        amounts, known = every["amount"].to_numpy(dtype=float), ~np.isnan(at)
        shape, ends = (len(self.place), max(len(firms), 1)), np.cumsum([0, *map(len, tables)])
        found = []
        for start, end in pairwise(ends):
            some = np.flatnonzero(known[start:end]) + start
            of = (at[some].astype(int), who[some])
            found.append(csr_array(coo_array((amounts[some], of), shape)))
        return found

    def _called(self) -> list[dict[Unknown, Unknown]]:
        """What each unknown is called at each time; its truth then."""
        called, now = [{name: name for name in self.place}], _sums(self.times[-1])
        for n in reversed(range(len(self.times) - 1)):
            apart = abs(self.times[n + 1] - self.times[n]).max(axis=1).toarray().ravel()
            moved, then = apart > disclosure.PRICED, _sums(self.times[n])
            called.insert(0, dict(called[0]))
            for name, k in self.place.items():
                if moved[k]:
                    called[0][name] = (*name, n)
                    self.truth[*name, n] = self.truth[name] + float(then[k] - now[k])
        return called

    def then(self, of: Expression, time: int) -> Expression:
        """The same sum at that time."""
        called = self.called[time]
        return {called[name]: factor for name, factor in of.items()}

    def hide(self, secrets: Sequence[Secret], hidden: Iterable[int]) -> np.ndarray:
        public, cells = self._told()
        kept, dark = self._kept()
        shut = {*map(int, hidden), *dark}
        return disclosure.hide(self.truth, public, cells, [*secrets, *kept], shut)

    def _told(self) -> tuple[list[Known], list[Cell]]:
        """What anybody knows: rules of each time, what was shown, and what did not shrink.

        A cell that was shown and did not move is known: nothing is won by hiding it.
        """
        public, cells = list(self.public), list(self.cells)
        rules = [claim for claim in public if {claim.low, claim.high} <= {0.0, np.inf, -np.inf}]
        for n, then in enumerate(self.since.earlier):
            found = [Known(self.then(claim.of, n), claim.low, claim.high) for claim in rules]
            found += [
                Known({self.called[n + 1][name]: 1.0, before: -1.0})
                for name, before in self.called[n].items()
                if before != self.called[n + 1][name]
            ]
            public += [claim for claim in found if claim.holds(self.truth)]
            for k in np.flatnonzero(then.shown):
                claims = self.cells[k].claims
                public += [self._about(self.then(claim.of, n), claim) for claim in claims]
                if all(self.called[n][name] == name for claim in claims for name in claim.of):
                    cells[k] = Cell((), cells[k].weight, cells[k].is_empty)
        return public, cells

    def _about(self, of: Expression, claim: Known) -> Known:
        """What was told of it then: to the yen, or as far as it is rounded."""
        value, slack = valued(of, self.truth), (claim.high - claim.low) / 2
        return Known(of, value - slack, value + slack)

    def _kept(self) -> tuple[list[Secret], set[int]]:
        """What must not be told: sums of few at each time, and what few moved between two times.

        And the cells that would tell it beside what they showed.
        """
        last = len(self.times) - 1
        secrets = [
            self._secret(self.then(self.sums[k], n), gross)
            for n in range(last)
            for k, gross in self._telling(self.times[n]).items()
            if self.then(self.sums[k], n) != self.sums[k]
        ]
        dark: set[int] = set()
        for first, then in combinations(range(last + 1), 2):
            moved = self._telling(self.times[then] - self.times[first])
            secrets += [
                self._secret(self._between(self.sums[k], first, then), gross)
                for k, gross in moved.items()
            ]
            if then == last:
                told = {frozenset(self.sums[k].items()) for k in moved}
                dark |= {
                    n
                    for n in np.flatnonzero(self.since.earlier[first].shown).tolist()
                    if any(frozenset(claim.of.items()) in told for claim in self.cells[n].claims)
                }
        return secrets, dark

    def _between(self, of: Expression, first: int, then: int) -> Expression:
        """What a sum is more at one time than at an earlier one: unmoved parts fall out."""
        before, after = self.called[first], self.called[then]
        found: dict[Unknown, float] = {}
        for name, factor in of.items():
            if before[name] != after[name]:
                found |= {after[name]: factor, before[name]: -factor}
        return found

    def _telling(self, each: csr_array) -> dict[int, float]:
        """The sums that would tell of one of few, if `each` is what firms have of each unknown.

        With how much moves in them, whichever way.
        """
        moves = Moves.of(csr_array(self.aims @ each))
        return {
            int(k): float(moves.gross[k])
            for k in np.flatnonzero(moves.firms)
            if moves.tells(int(k), self.amounts[k], self.threshold, self.share)
        }

    def _secret(self, of: Expression, gross: float) -> Secret:
        value = valued(of, self.truth)
        if _is_amount(of):
            return Secret(of, value - disclosure.MARGIN * gross, value + disclosure.MARGIN * gross)
        if value < 0:
            return Secret(of, min(value, -float(self.threshold)), 0.0)
        return counted(of, value, self.threshold)


def _sums(each: csr_array) -> np.ndarray:
    return np.asarray(each.sum(axis=1)).ravel()


def _is_amount(of: Expression) -> bool:
    return next(iter(of))[0] in AMOUNTS
