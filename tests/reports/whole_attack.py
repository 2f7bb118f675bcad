"""An attacker who has everything of a release at once: every table and unit, means and ratios, the
list of awards with names, the book, caps and floors, and who knows that counts are whole numbers.

Integer programmes of its own over one year; nothing of the product's code.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Row = Mapping[str, Any]
Name = tuple[Hashable, ...]
Expression = dict[Name, float]
PLACES, ATTRIBUTES = (
    ("all", "area", "municipality"),
    ("industry", "size", "age", "history", "adviser", "month"),
)
CORPORATE = ("refused", "others")
WHOLE = (*CORPORATE, "won", "people", "slots", "seats", "rest", "value", "reports")
MEASURES = ("sales", "hours_saved", "telework_rate", "in_use", "productivity_growth")
MOST = {"yen": 10**10, "count": 10**4}


def in_units(unit: str) -> tuple[str, ...]:
    """In what the lines of a call are kept: beside places stand the yen that they cost."""
    return ("slots", "yen") if unit == "slots" else (unit,)


def plus(*parts: Expression) -> Expression:
    found: Expression = {}
    for part in parts:
        for name, factor in part.items():
            found[name] = found.get(name, 0.0) + factor
    return found


def times(factor: float, part: Expression) -> Expression:
    return {name: factor * one for name, one in part.items()}


class WholeAttack:
    """What is known of a year.

    `listed`: the list of awards (programme, area, call, awarded_yen, paid_yen); `calls`: call →
    (programme, unit, floor, cap); `is_blind`: nothing but the list and the rules of the calls,
    which is what everybody knew before.
    """

    def __init__(
        self,
        tables: Mapping[str, Iterable[Row]],
        listed: Iterable[Row],
        calls: Mapping[str, tuple[str, str, int, int]],
        areas: Mapping[str, str],
        year: int,
        *,
        is_blind: bool = False,
    ) -> None:
        self.tables = {
            name: [row for row in rows if row.get("fiscal_year") == year]
            for name, rows in tables.items()
        }
        self.listed, self.calls, self.areas = list(listed), calls, areas
        self.money = sorted({p for p, unit, _floor, _cap in calls.values() if unit != "seats"})
        self.known: list[tuple[Expression, float, float]] = []
        self._rules()
        if not is_blind:
            for name in (
                "applications_by",
                "people",
                "applicants",
                "ledger",
                "courses",
                "flow",
                "outcomes",
                "days",
            ):
                for row in self.tables[name]:
                    if not row["suppressed"]:
                        getattr(self, f"_{name}")(row)
        self._assemble()

    def equal(self, of: Expression, value: float) -> None:
        self.known.append((of, value, value))

    def at_most(self, of: Expression, value: float = 0.0) -> None:
        self.known.append((of, -np.inf, value))

    # -- sums of unknowns --------------------------------------------------------------------------
    def place(self, layer: str, programme: str, dimension: str, key: str) -> Expression:
        if dimension in ATTRIBUTES or dimension == "call":
            return {(layer, dimension, key): 1.0}
        programmes = self.money if programme == "all" else [programme]
        there = [
            a
            for a, town in self.areas.items()
            if dimension == "all" or key == (a if dimension == "area" else town)
        ]
        return {(layer, "area", p, a): 1.0 for p in programmes for a in there}

    def own(self, layer: str, programme: str = "all", unit: str = "") -> Expression:
        """Of sole proprietors (seats: of anybody), by programme; `unit`: only of programmes that have
        lines in it. Beside slots stand yen.
        """
        every = {p for p, u, _floor, _cap in self.calls.values() if unit in ("", *in_units(u))}
        every &= {p for p, u, _floor, _cap in self.calls.values() if u != "seats" or unit == u}
        return {(layer, "own", p): 1.0 for p in sorted(every) if programme in ("all", p)}

    def report(self, layer: str, measure: str, programme: str, area: str) -> Expression:
        programmes = self.money if programme == "all" else [programme]
        return {
            (layer, measure, p, a): 1.0
            for p in programmes
            for a in (self.areas if area == "all" else [area])
        }

    def won(self, programme: str = "all", dimension: str = "all", key: str = "all") -> list[Row]:
        return [
            row
            for row in self.listed
            if programme in ("all", row["programme"])
            and (dimension == "all" or row[dimension] == key)
        ]

    # -- what was public before --------------------------------------------------------------------
    def _rules(self) -> None:
        for dimension in ATTRIBUTES:
            self._classes(dimension)
        for programme in self.money:
            self._calls(programme)
            self._sole_proprietors(programme)
        for measure in MEASURES:
            for programme in self.money:
                self._reporters(measure, programme)

    def _classes(self, dimension: str) -> None:
        """Every dimension counts the same applications."""
        keys = [
            row["key"] for row in self.tables["applications_by"] if row["dimension"] == dimension
        ]
        for layer in CORPORATE:
            whole = times(-1, self.place(layer, "all", "all", "all"))
            self.equal(plus({(layer, dimension, k): 1.0 for k in keys}, whole), 0.0)
        self.equal({("won", dimension, k): 1.0 for k in keys}, float(len(self.listed)))

    def _calls(self, programme: str) -> None:
        calls = [(c, floor, cap) for c, (p, _u, floor, cap) in self.calls.items() if p == programme]
        for layer in (*CORPORATE, "asked"):
            parts = [self.place(layer, programme, "call", c) for c, _floor, _cap in calls]
            self.equal(plus(*parts, times(-1, self.place(layer, programme, "all", "all"))), 0.0)
        for c, low, high in calls:
            self._within(programme, "call", c, low, high)
        for area in self.areas:
            self._within(programme, "area", area, *self._limits(programme))

    def _limits(self, programme: str) -> tuple[int, int]:
        of = [(floor, cap) for p, _u, floor, cap in self.calls.values() if p == programme]
        return min(floor for floor, _cap in of), max(cap for _floor, cap in of)

    def _sole_proprietors(self, programme: str) -> None:
        floor, cap = self._limits(programme)
        awards, awarded, paid = (
            self.own(layer, programme) for layer in ("people", "awarded", "paid")
        )
        self.at_most(plus(awarded, times(-cap, awards)))
        self.at_most(plus(times(floor, awards), times(-1, awarded)))
        self.at_most(plus(paid, times(-1, awarded)))
        if "slots" in {u for p, u, _f, _c in self.calls.values() if p == programme}:
            self.equal(plus(self.own("slots", programme), times(-1, awards)), 0.0)
        self.equal(plus(self.own("held", programme), times(-1, awarded)), 0.0)
        self.equal(plus(self.own("spent", programme), times(-1, paid)), 0.0)

    def _reporters(self, measure: str, programme: str) -> None:
        """An award has one report of a kind at most; a share is at most one."""
        for area in self.areas:
            n, amount = (
                self.report(layer, measure, programme, area) for layer in ("reports", "sum")
            )
            self.at_most(n, float(len(self.won(programme, "area", area))))
            if measure in ("in_use", "telework_rate"):
                self.at_most(plus(amount, times(-1, n)))

    def _within(self, programme: str, dimension: str, key: str, floor: float, cap: float) -> None:
        """Whoever asked, asked for something from the floor to the cap; what the listed asked
        beyond their award is at most what the cap leaves them.
        """
        n = plus(*(self.place(layer, programme, dimension, key) for layer in CORPORATE))
        asked = self.place("asked", programme, dimension, key)
        self.at_most(
            plus(asked, times(-cap, n)),
            sum(cap - row["awarded_yen"] for row in self.won(programme, dimension, key)),
        )
        self.at_most(plus(times(floor, n), times(-1, asked)))

    # -- what the release says ---------------------------------------------------------------------
    def _applications_by(self, row: Row) -> None:
        at = (row["programme"], row["dimension"], row["key"])
        refused, others = (self.place(layer, *at) for layer in CORPORATE)
        if row["dimension"] in ATTRIBUTES:
            won = self.place("won", *at)
            self.equal(won, row["awards"])
            self.equal(plus(others, won), row["accepted"])
            self.equal(plus(refused, others, won), row["applications"])
            return
        listed = self.won(*at)
        self.equal(others, row["accepted"] - len(listed))
        self.equal(plus(refused, others), row["applications"] - len(listed))
        self.equal(
            self.place("asked", *at),
            row["requested_yen"] - sum(award["awarded_yen"] for award in listed),
        )

    def _people(self, row: Row) -> None:
        for layer, column in (
            ("people", "awards"),
            ("awarded", "awarded_yen"),
            ("paid", "paid_yen"),
        ):
            self.equal(self.own(layer), row[column])

    def _applicants(self, row: Row) -> None:
        if row["form"] == "corporation":
            whole = plus(*(self.place(layer, "all", "all", "all") for layer in CORPORATE))
            self.equal(whole, row["applications"] - len(self.listed))
        else:
            self.equal(plus(self.own("people"), {("rest", "own", ""): 1.0}), row["applications"])

    def _ledger(self, row: Row) -> None:
        programme, unit = row["programme"], row["unit"]
        units = {code: in_units(call[1]) for code, call in self.calls.items()}
        listed = [award for award in self.won(programme) if unit in units[award["call"]]]
        if unit == "yen":
            self.equal(
                self.own("held", programme, unit),
                row["committed"] - sum(a["awarded_yen"] for a in listed),
            )
            self.equal(
                self.own("spent", programme, unit),
                row["disbursed"] - sum(a["paid_yen"] for a in listed),
            )
        elif unit == "slots":
            self.equal(self.own("slots", programme, unit), row["committed"] - len(listed))
        else:
            self.equal(self.own("seats", programme, unit), row["committed"])

    def _courses(self, row: Row) -> None:
        if row["measure"] == "seats":
            self.equal(self.own("seats", "all", "seats"), row["value"])

    def _flow(self, row: Row) -> None:
        if row["measure"] != "enquiries":
            every = self.money if row["programme"] == "all" else [row["programme"]]
            self.equal({("value", row["measure"], p): 1.0 for p in every}, row["value"])

    def _outcomes(self, row: Row) -> None:
        if row["measure"] == "cost_per_hour":
            return  # paid yen by hours: both are known where it is shown
        n, mean = row["reports"], row["value"]
        self.equal(self.report("reports", row["measure"], row["programme"], row["area"]), n)
        if row["measure"] != "productivity_growth":
            step = step_of(row["measure"], mean)
            amount = self.report("sum", row["measure"], row["programme"], row["area"])
            self.known.append((amount, (mean - step / 2) * n - 1e-6, (mean + step / 2) * n + 1e-6))

    def _days(self, row: Row) -> None:
        """A stage that is shown has three firms behind it."""
        if row["stage"] != "decision":
            return
        listed = len({award["firm"] for award in self.won(row["programme"])})
        decided = plus(*(self.place(layer, row["programme"], "all", "all") for layer in CORPORATE))
        self.at_most(times(-1, decided), float(listed - 3))

    # -- the computing -----------------------------------------------------------------------------
    def _assemble(self) -> None:
        self.index: dict[Name, int] = {}
        for of, _low, _high in self.known:
            for name in of:
                self.index.setdefault(name, len(self.index))
        rows = [n for n, (of, _l, _h) in enumerate(self.known) for _name in of]
        columns = [self.index[name] for of, _l, _h in self.known for name in of]
        values = np.array([factor for of, _l, _h in self.known for factor in of.values()])
        unit = np.array(
            [1.0 if name[0] in WHOLE else 1e4 for name in self.index]
        )  # yen in units of ten thousand
        matrix = csr_array(
            (values * unit[columns], (rows, columns)), shape=(len(self.known), len(self.index))
        )
        size = np.maximum(abs(matrix).max(axis=1).toarray().ravel(), 1e-9)
        low, high = (np.array([bounds[k] for bounds in self.known]) / size for k in (1, 2))
        self.unit = unit
        self.rules = LinearConstraint(csr_array(matrix / size[:, None]), low, high)
        self.whole = np.array([int(name[0] in WHOLE) for name in self.index])
        self.most = np.where(self.whole, MOST["count"], MOST["yen"] / unit)

    def range(self, of: Expression) -> tuple[float, float]:
        """The least and the greatest value that a sum can have, for all that is known; of what
        nothing is known at all, anything.
        """
        known = {name: factor for name, factor in of.items() if name in self.index}
        free = [factor for name, factor in of.items() if name not in self.index]
        found = self._spanned(known) if known else (0.0, 0.0)
        return -np.inf if min(free, default=0) < 0 else found[0], np.inf if max(
            free, default=0
        ) > 0 else found[1]

    def _spanned(self, of: Expression) -> tuple[float, float]:
        aim = np.zeros(len(self.index))
        for name, factor in of.items():
            aim[self.index[name]] = factor * self.unit[self.index[name]]
        size = abs(aim).max()
        found = []
        for sign in (1.0, -1.0):
            answer = milp(
                sign * aim / size,
                constraints=self.rules,
                integrality=self.whole,
                bounds=Bounds(0, self.most),
                options={"mip_rel_gap": 0.0},
            )
            assert answer.status == 0, answer.message
            found.append(sign * answer.fun * size)
        return found[0], found[1]


def step_of(measure: str, mean: float) -> float:
    """To what a mean was rounded, as its digits show."""
    if measure == "sales":
        step = 10.0 ** (np.floor(np.log10(max(mean, 1.0))) - 2)
    else:
        step = 1.0 if measure == "hours_saved" else 0.01
    return step if abs(mean / step - round(mean / step)) < 1e-6 else 1e-6
