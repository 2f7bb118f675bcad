"""A made-up year told several times: between two releases some were awarded, paid, paid back,
withdrew or handed in; and an attacker who has every release at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from reports.statistics.models import Row
from reports.statistics.pipeline import behind, earlier, tables
from reports.statistics.pipeline.earlier import Before, Earlier
from reports.statistics.pipeline.frames import Frames
from reports.statistics.pipeline.names import KEYS
from reports.statistics.releasing.snapshot import frozen
from tests.reports.made_up import AREAS, CALLS, YEAR, MadeUp
from tests.reports.whole_attack import (
    MOST,
    WHOLE,
    Expression,
    Name,
    WholeAttack,
    plus,
    times,
)

ASKED = tables.Parameters(YEAR)


@dataclass(frozen=True)
class Standing:
    """How far the cases of a made-up year are: which arrived, are awarded, paid, and paid back."""

    arrived: frozenset[int]
    awarded: frozenset[int]
    paid: frozenset[int]
    back: frozenset[int] = frozenset()


def whole(made: MadeUp) -> Standing:
    won = made.frames.awards["case"].astype(int)
    return Standing(
        frozenset(made.frames.applications["case"].astype(int)),
        frozenset(won),
        frozenset(made.frames.payments["case"].astype(int)),
    )


def walk(
    made: MadeUp, rng: np.random.Generator, moves: Sequence[int], share: float = 0.5
) -> list[Standing]:
    """A standing to begin with, and one after each so many random moves."""
    end = whole(made)
    alone = set(made.cases.loc[made.cases["is_person"], "case"])
    money = set(made.cases["case"])  # places on courses stand still
    arrived = {case for case in sorted(end.arrived) if case not in money or rng.random() < 0.8}
    awarded = {case for case in sorted(end.awarded & arrived) if rng.random() < share}
    paid = {case for case in sorted(end.paid & awarded) if rng.random() < share}
    back: set[int] = set()
    found = []
    for n in (0, *moves):
        for _move in range(n):
            kinds = [
                (sorted(end.arrived - arrived), arrived.add),
                (sorted((end.awarded & arrived) - awarded), awarded.add),
                (sorted((end.awarded & arrived) - awarded), awarded.add),
                (sorted((end.paid & awarded) - paid), paid.add),
                (sorted(awarded - paid), awarded.discard),
                (sorted((paid & alone) - back), back.add),
            ]
            some = [kind for kind in kinds if kind[0]]
            cases, act = some[rng.integers(0, len(some))]
            act(cases[rng.integers(0, len(cases))])
        found.append(Standing(*map(frozenset, (arrived, awarded, paid, back))))
    return found


def stood(made: MadeUp, at: Standing) -> MadeUp:
    """The year as it stood then. What comes back is the half of what was paid."""
    end, seats = made.frames, set(CALLS_OF_SEATS)

    def only(table: pd.DataFrame, cases: frozenset[int]) -> pd.DataFrame:
        return table.loc[table["case"].isin(cases)].reset_index(drop=True)

    applications = only(end.applications, at.arrived)
    waiting = (
        applications["state"].astype(str).eq("awarded")
        & ~applications["case"].isin(at.awarded)
        & ~applications["call"].astype(str).isin(seats)
    )
    state = applications["state"].astype(str).mask(waiting, "rejected")
    applications = applications.assign(state=state.astype("category"))
    known = applications.set_index("case")["call"].astype(str)
    given = frozenset(known.index[known.isin(seats)].astype(int))
    kind = end.entries["kind"].astype(str)
    booked = pd.concat(
        [
            only(end.entries.loc[kind == "commitment"], at.awarded | given),
            only(end.entries.loc[kind == "disbursement"], at.paid),
            only(end.entries.loc[kind == "disbursement"], at.back).assign(
                kind="return", amount=lambda t: t["amount"] // 2
            ),
        ],
        ignore_index=True,
    )
    entries = booked.assign(kind=booked["kind"].astype(str).astype("category"))
    sums = entries.assign(kind=entries["kind"].astype(str)).groupby(["line", "kind"])["amount"]
    total = sums.sum().to_dict()
    lines = end.lines.copy()
    for n, line in enumerate(lines["id"]):
        held, out, back = (
            int(total.get((line, name), 0)) for name in ("commitment", "disbursement", "return")
        )
        lines.loc[n, ["committed", "disbursed"]] = [held, out - back]
    fixed = end.awards["case"].isin(at.paid)
    awards = end.awards.assign(
        fixed=end.awards["fixed"].mask(~fixed), fixed_on=end.awards["fixed_on"].mask(~fixed)
    )
    decided = only(end.steps.loc[end.steps["step"].astype(str) == "awarded"], at.awarded)
    others = only(end.steps.loc[end.steps["step"].astype(str) != "awarded"], at.arrived)
    frames: Frames = replace(
        end,
        applications=applications,
        awards=only(awards, at.awarded),
        payments=only(end.payments, at.paid),
        changes=only(end.changes, at.awarded),
        steps=pd.concat([others, decided], ignore_index=True),
        filings=only(end.filings, at.awarded),
        lines=lines,
        entries=entries,
    )
    cases = made.cases.loc[made.cases["case"].isin(at.arrived)].reset_index(drop=True)
    won, money = cases["case"].isin(at.awarded), cases["case"].isin(at.paid)
    cases = cases.assign(
        is_awarded=cases["is_awarded"] & won,
        awarded=cases["awarded"].where(won, 0),
        paid=cases["paid"].where(money, 0),
        back=(cases["paid"] // 2).where(cases["case"].isin(at.back), 0),
    )
    return MadeUp(frames, cases.assign(asked=cases["requested"] - cases["awarded"]))


CALLS_OF_SEATS = [code for code, (_p, unit, _f, _c) in CALLS.items() if unit == "seats"]
Tables = dict[str, pd.DataFrame]


def release(made: MadeUp, told: Sequence[Earlier]) -> tuple[Tables, Earlier]:
    """The tables of a release beside the earlier ones, and what it is to the next."""
    now = behind.parts(made.frames, *tables.of_years(made.frames, ASKED))
    kept = {name: behind.unpacked(behind.packed(table)) for name, table in now.items()}
    found = tables.tables(made.frames, ASKED, Before(told, now))
    dark = {name: earlier.dark(found[name], name) for name in KEYS}
    return found, Earlier(YEAR, dark, kept)


def rows_of(found: Tables) -> dict[str, list[Row]]:
    made = {name: frozen(table) for name, table in found.items()}
    heads = {name: [column for column, _kind in table["columns"]] for name, table in made.items()}
    return {
        name: [dict(zip(heads[name], row, strict=True)) for row in table["rows"]]
        for name, table in made.items()
    }


# -- whoever has all of them -----------------------------------------------------------------------
class OneTime(WholeAttack):
    """What comes back to the book is no more in what was spent."""

    def _sole_proprietors(self, programme: str) -> None:
        floor, cap = self._limits(programme)
        awards, awarded, paid, spent = (
            self.own(layer, programme) for layer in ("people", "awarded", "paid", "spent")
        )
        self.at_most(plus(awarded, times(-cap, awards)))
        self.at_most(plus(times(floor, awards), times(-1, awarded)))
        self.at_most(plus(paid, times(-1, awarded)))
        self.at_most(plus(spent, times(-1, paid)))
        if "slots" in {u for p, u, _f, _c in self.calls.values() if p == programme}:
            self.equal(plus(self.own("slots", programme), times(-1, awards)), 0.0)
        self.equal(plus(self.own("held", programme), times(-1, awarded)), 0.0)


@dataclass(frozen=True)
class Telling:
    """A release, and the truth behind it."""

    made: MadeUp
    found: Tables

    def atoms(self) -> pd.DataFrame:
        """Who has what of each unknown: name, firm, amount. Of what nobody publishes row by row."""
        cases = self.made.cases.astype(
            {n: str for n in ("programme", "area", "call", "form") if n in self.made.cases}
        )
        own, firms = cases.loc[cases["is_person"]], cases.loc[~cases["is_person"]]
        won = own["is_awarded"].astype(int)
        amounts = {
            "people": won,
            "awarded": own["awarded"],
            "paid": own["paid"],
            "spent": own["paid"] - own["back"],
        }
        found = [
            pd.DataFrame(
                {
                    "name": [(layer, "own", p) for p in own["programme"]],
                    "firm": own["firm"],
                    "amount": amount,
                }
            )
            for layer, amount in amounts.items()
        ]
        rest = pd.DataFrame({"firm": own["firm"], "amount": 1 - won})
        found.append(rest.assign(name=[("rest", "own", "")] * len(rest)))
        waits = firms["is_accepted"] & ~firms["is_awarded"]
        layers = {
            "refused": (~firms["is_accepted"]).astype(int),
            "others": waits.astype(int),
            "asked": firms["requested"] - firms["awarded"],
        }
        found += [
            pd.DataFrame(
                {
                    "name": [
                        (layer, "area", *at)
                        for at in zip(firms["programme"], firms["area"], strict=True)
                    ],
                    "firm": firms["firm"],
                    "amount": amount,
                }
            )
            for layer, amount in layers.items()
        ]
        rows = pd.concat(found, ignore_index=True)
        return rows.loc[rows["amount"] != 0].groupby(["name", "firm"])["amount"].sum()


APART = ("reports", "sum", "value")  # outcomes and the way there: no sum joins them with the rest
ALIKE = {"held": "awarded", "slots": "people"}  # what moves with what


class SeveralAttack:
    """All releases in one system; unknowns in which nobody moved are one. `until`: how many of them
    tell their tables, of the others the lists alone are known.
    """

    def __init__(self, tellings: Sequence[Telling], until: int) -> None:
        self.known: list[tuple[Expression, float, float]] = []
        self.each = [
            OneTime(rows_of(t.found), listed(t.made.cases), CALLS, AREAS, YEAR, is_blind=n >= until)
            for n, t in enumerate(tellings)
        ]
        self.atoms = [telling.atoms() for telling in tellings]
        self.moved = [
            set(both.index[both["a"] != both["b"]].get_level_values("name"))
            for one, other in pairwise(self.atoms)
            for both in [pd.DataFrame({"a": one, "b": other}).fillna(0)]
        ]
        for n, attack in enumerate(self.each):
            self.known += [
                (self.at(of, n), low, high)
                for of, low, high in attack.known
                if not any(name[0] in APART for name in of)
            ]
        self._assemble()

    def at(self, of: Expression, n: int) -> Expression:
        return {self._called(name, n): factor for name, factor in of.items()}

    def _called(self, name: Name, n: int) -> Name:
        """As it is called from the last time on when somebody moved in it."""
        atom = (ALIKE.get(str(name[0]), name[0]), *name[1:])
        if atom[0] not in (
            "people",
            "awarded",
            "paid",
            "spent",
            "rest",
            "refused",
            "others",
            "asked",
        ):
            return (*name, n)
        if atom[0] in ("refused", "others", "asked") and atom[1] != "area":
            return (*name, n)
        while n < len(self.moved) and atom not in self.moved[n]:
            n += 1
        return (*name, n)

    def _assemble(self) -> None:
        self.index: dict[Name, int] = {}
        for of, _low, _high in self.known:
            for name in of:
                self.index.setdefault(name, len(self.index))
        rows = [n for n, (of, _l, _h) in enumerate(self.known) for _name in of]
        columns = [self.index[name] for of, _l, _h in self.known for name in of]
        values = np.array([factor for of, _l, _h in self.known for factor in of.values()])
        whole = np.array([name[0] in WHOLE for name in self.index])
        self.unit = np.where(whole, 1.0, 1e4)
        matrix = csr_array(
            (values * self.unit[columns], (rows, columns)),
            shape=(len(self.known), len(self.index)),
        )
        size = np.maximum(abs(matrix).max(axis=1).toarray().ravel(), 1e-9)
        low, high = (np.array([bounds[k] for bounds in self.known]) / size for k in (1, 2))
        self.rules = LinearConstraint(csr_array(matrix / size[:, None]), low, high)
        self.most = np.where(whole, MOST["count"], MOST["yen"] / self.unit)

    def range(self, of: Expression) -> tuple[float, float]:
        aim = np.zeros(len(self.index))
        for name, factor in of.items():
            aim[self.index[name]] += factor * self.unit[self.index[name]]
        size = max(abs(aim).max(), 1e-9)
        found = []
        for sign in (1.0, -1.0):
            answer = milp(sign * aim / size, constraints=self.rules, bounds=Bounds(0, self.most))
            assert answer.status == 0, answer.message
            found.append(sign * answer.fun * size)
        return found[0], found[1]


def listed(cases: pd.DataFrame) -> list[Row]:
    """The list of awards to corporations, as it is published with names."""
    won = cases.loc[cases["is_awarded"] & ~cases["is_person"]]
    return [
        {str(k): v for k, v in row.items()}
        for row in won.rename(columns={"awarded": "awarded_yen", "paid": "paid_yen"}).to_dict(
            "records"
        )
    ]


def told_apart(
    tellings: Sequence[Telling], threshold: int = 3, share: float = 0.1
) -> Iterator[tuple[object, ...]]:
    """Sums that few moved between two releases, and that the last release brings closer than they
    must be and than they were before it.
    """
    last = len(tellings) - 1
    by, before = SeveralAttack(tellings, last + 1), SeveralAttack(tellings, last)
    money = by.each[0].money
    sums: dict[str, tuple[str, list[Name]]] = {
        f"{layer} of {p}": (layer, [(layer, "own", q) for q in (money if p == "all" else [p])])
        for layer in ("people", "awarded", "paid", "spent")
        for p in ("all", *money)
    }
    sums |= {
        f"{layer} of {p} in {a}": (
            layer,
            [
                (layer, "area", q, b)
                for q in (money if p == "all" else [p])
                for b in (AREAS if a == "all" else [a])
            ],
        )
        for layer in ("refused", "others", "asked")
        for p in ("all", *money)
        for a in ("all", *AREAS)
    }
    seen = 0
    for first, then in combinations(range(last + 1), 2):
        one, other = (_apart(tellings, n, first, then) for n in (first, then))
        moves = pd.DataFrame({"a": one, "b": other}).fillna(0)
        moves = (moves["b"] - moves["a"]).loc[lambda t: t != 0]
        for what, (layer, names) in sums.items():
            own = moves.loc[moves.index.get_level_values("name").isin(names)]
            firms = own.groupby("firm").sum().loc[lambda t: t != 0]
            ranked = np.sort(firms.abs().to_numpy(float))[::-1]
            is_amount = layer not in WHOLE
            if not len(ranked) or not (
                len(ranked) < threshold or (is_amount and ranked[2:].sum() < share * ranked[0])
            ):
                continue
            seen += 1
            of = plus(
                by.at(dict.fromkeys(names, 1.0), then),
                times(-1, by.at(dict.fromkeys(names, 1.0), first)),
            )
            truth = sum(
                sign
                * float(
                    by.atoms[n].loc[by.atoms[n].index.get_level_values("name").isin(names)].sum()
                )
                for sign, n in ((1, then), (-1, first))
            )
            reach, value = ranked.sum() * 0.2, float(firms.sum())
            low, high = (
                (truth - reach, truth + reach)
                if is_amount
                else (
                    truth - value + min(value, 0 if value >= 0 else -threshold),
                    truth - value + max(value, threshold if value >= 0 else 0),
                )
            )
            (least, most), slack = by.range(of), 1e-4 * max(abs(high), abs(low), 1.0)
            if least <= low + slack and most >= high - slack:
                continue
            anyway = before.range(of)
            if (least > low + slack and least > anyway[0] + slack) or (
                most < high - slack and most < anyway[1] - slack
            ):
                yield what, first, then, (low, truth, high), (least, most), anyway
    assert seen


def _apart(tellings: Sequence[Telling], n: int, first: int, then: int) -> pd.Series:
    """Who has what, without what both lists told: whoever is in one of them moved for all to see."""
    cases = {k: tellings[k].made.cases for k in (first, then)}
    named = {
        case
        for rows in cases.values()
        for case in rows.loc[rows["is_awarded"] & ~rows["is_person"], "case"]
    }
    both = set(cases[first]["case"]) & set(cases[then]["case"])
    own = cases[n]
    shown = own["case"].isin(named) & ~own["is_person"]
    rows = own.loc[~(shown & own["case"].isin(both))]
    rows = rows.assign(is_accepted=rows["is_accepted"])
    made = replace(tellings[n].made, cases=rows)
    found = Telling(made, {}).atoms()
    return found
