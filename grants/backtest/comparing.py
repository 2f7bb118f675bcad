"""A revision beside the rules of that time, and both beside what was decided: pure.

What an officer decided otherwise than the rules reckon stays so, unless the revision changes what is
reckoned of that very case: a revision that changes nothing brings exactly what was decided.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from grants.backtest.reckoning import (
    Decided,
    Entry,
    Filed,
    Money,
    Reckoned,
    Standing,
    reckon,
    standings,
)
from grants.programmes.parameters import Programme

# granted; beyond the money; below the pass mark; a condition is not met; no aid comes of the costs;
# refused by an officer, whatever is reckoned; equal scores across the line; not known
Result = Literal["in", "beyond", "below", "barred", "nothing", "judged", "tied", "unknown"]
# of what was decided: the same; no more, or now, granted; more or less of it; not known; not decided yet
Change = Literal["same", "out", "in", "more", "less", "unknown", "open"]
BY_STANDING: dict[Standing, Result] = {
    "inside": "in",
    "beyond": "beyond",
    "below": "below",
    "tied": "tied",
    "untold": "unknown",
}
UNTOLD: tuple[Result, ...] = ("tied", "unknown")
PASSES = 10  # over a frame, to tell whom an officer refused from whom the line did; two or three do


@dataclass(frozen=True)
class Rules:
    """What held for the applications of a call: `of` each by its filing, and `by` which they were compared."""

    of: Mapping[int, Programme]
    by: Programme
    money: Mapping[str, Money]
    seed: str = ""


@dataclass(frozen=True)
class Side:
    """What one set of rules makes of a case. `barred_by`: the conditions that keep it out; `unsaid_of`: those
    that nobody can tell.
    """

    result: Result
    told: Reckoned
    barred_by: tuple[str, ...] = ()
    unsaid_of: tuple[str, ...] = ()

    @property
    def amount(self) -> int | None:
        return None if self.told.aid is None else self.told.aid.amount


@dataclass(frozen=True)
class Outcome:
    """A case under the revision. `amount`: yen that it would be granted, of what is known; `most`: the same
    where all that is not known went its way; `is_otherwise`: what was decided is another thing than the
    rules of that time reckon.
    """

    case: Filed
    then: Side
    now: Side
    change: Change
    amount: int
    most: int
    is_otherwise: bool

    @property
    def is_in(self) -> bool:
        return self.amount > 0


def compare(cases: Sequence[Filed], then: Rules, now: Rules) -> list[Outcome]:
    """The cases of one call, in the order in which they are given."""
    before = {case.pk: reckon(case, then.of[case.pk]) for case in cases}
    after = {case.pk: reckon(case, now.of[case.pk]) for case in cases}
    judged = _judged(cases, before, then)
    old = _sides(cases, before, before, then, judged)
    new = _sides(cases, before, after, now, judged)
    return [_outcome(case, old[case.pk], new[case.pk]) for case in cases]


def _condoned(case: Filed, before: Reckoned) -> Collection[str]:
    """Conditions that were not met or not told when the office let the case go on all the same."""
    return () if case.decided == "out" else {*before.unmet, *before.unsaid}


def _judged(cases: Sequence[Filed], before: Mapping[int, Reckoned], then: Rules) -> set[int]:
    """Whom an officer refused although conditions, pass mark and money would not have: each that is found
    leaves its money to those behind it.
    """
    found: set[int] = set()
    for _pass in range(PASSES):
        sides = _sides(cases, before, before, then, found)
        more = {
            case.pk for case in cases if case.decided == "out" and sides[case.pk].result == "in"
        }
        if not more:
            break
        found |= more
    return found


def _sides(
    cases: Sequence[Filed],
    before: Mapping[int, Reckoned],
    told: Mapping[int, Reckoned],
    rules: Rules,
    judged: Collection[int],
) -> dict[int, Side]:
    barred, unsaid = {}, {}
    for case in cases:
        condoned = _condoned(case, before[case.pk])
        barred[case.pk] = tuple(name for name in told[case.pk].unmet if name not in condoned)
        unsaid[case.pk] = tuple(name for name in told[case.pk].unsaid if name not in condoned)
    entries = [
        Entry(case, told[case.pk].asked, is_sure=not unsaid[case.pk])
        for case in cases
        if case.pk not in judged and not barred[case.pk] and told[case.pk].asked
    ]
    at = standings(entries, rules.by, rules.money, rules.seed)

    def result(pk: int) -> Result:
        if pk in judged:
            return "judged"
        if barred[pk]:
            return "barred"
        if told[pk].missing:
            return "unknown"
        aid = told[pk].aid
        if aid is None or not aid.amount:
            return "nothing"
        return "unknown" if unsaid[pk] else BY_STANDING[at.get(pk, "untold")]

    return {
        case.pk: Side(result(case.pk), told[case.pk], barred[case.pk], unsaid[case.pk])
        for case in cases
    }


def _outcome(case: Filed, then: Side, now: Side) -> Outcome:
    granted = _granted(case, then, now)
    cut = (then.amount or 0) - case.awarded if case.decided == "in" else 0
    yen = case.awarded if now.amount is None else max(0, now.amount - cut)
    amount, most = (yen if granted else 0), (0 if granted is False else yen)
    return Outcome(
        case=case,
        then=then,
        now=now,
        change=_change(case.decided, case.awarded, granted, yen),
        amount=amount,
        most=most,
        is_otherwise=_otherwise(case, then),
    )


def _granted(case: Filed, then: Side, now: Side) -> bool | None:
    """None: nobody can tell. Where the revision makes nothing else of the case, what was decided stays."""
    if now.result == "unknown" and now.told.missing and not then.told.missing:
        return None
    is_alike = now.result == then.result and now.unsaid_of == then.unsaid_of
    if is_alike and case.decided != "open":
        return case.decided == "in"
    return None if now.result in UNTOLD else now.result == "in"


def _change(decided: Decided, awarded: int, granted: bool | None, yen: int) -> Change:
    if decided == "open":
        return "open"
    if granted is None:
        return "unknown"
    if decided != "in":
        return "in" if granted else "same"
    if not granted or not yen:
        return "out"
    if yen == awarded:
        return "same"
    return "more" if yen > awarded else "less"


def _otherwise(case: Filed, then: Side) -> bool:
    """Where the reckoning says nothing certain, somebody had to decide: that is no difference."""
    if case.decided == "open" or then.result in UNTOLD:
        return False
    if then.result == "judged" or (then.result == "in") != (case.decided == "in"):
        return True
    let_go = bool(then.told.unmet or then.told.unsaid)
    return case.decided == "in" and (case.awarded != then.amount or let_go)
