"""What a case would come to under the rules of a programme, from what was filed: pure, and by the very
functions that applications are reckoned and ranked with.

What nobody was asked is unknown, never guessed. Yen, or seats where a programme gives some.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Literal, TypeAlias

from grants.programmes import eligibility
from grants.programmes.eligibility import Facts, Finding
from grants.programmes.parameters import Frame, Programme
from grants.programmes.selecting import compared_with, is_drawn, is_scored
from grants.reviews import rules
from portal.money import Aid, aid

# what the office decided: granted, refused, on the waiting list, nothing yet
Decided = Literal["in", "out", "waits", "open"]
# where an application stands: within the money, beyond it, below the pass mark, sharing its rank across the
# line, or where nobody can tell
Standing = Literal["inside", "beyond", "below", "tied", "untold"]
Missing = Literal["frame", "year"]
Totals: TypeAlias = Mapping[str, int]  # by category of costs


@dataclass(frozen=True)
class Filed:
    """A case as it was filed. `costs` as applied for, `accepted` what of them the office let stand; `year`
    and `months` of support, None where nobody was asked; `points` of each reviewer by criterion, under
    the `maxima` of its call; `intake`: which period it came in; `awarded`: 0 where nothing was.
    """

    pk: int
    receipt: str
    arrived_at: datetime
    frame: str
    facts: Facts
    costs: Totals
    accepted: Totals
    decided: Decided
    awarded: int = 0
    intake: int = 0
    year: int | None = None
    months: int | None = None
    points: tuple[Mapping[str, int], ...] = ()
    maxima: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Reckoned:
    """`unmet`: the conditions that what the firm said does not meet; `unsaid`: those that its answers do not
    tell; `missing`: why no sum can be told; `asked`: by the costs as applied for; `aid`: by those that
    were accepted; `gone`: categories of its costs that the programme does not have.
    """

    unmet: Mapping[str, Finding]
    unsaid: Mapping[str, Finding]
    missing: Missing | None = None
    asked: int = 0
    aid: Aid | None = None
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Money:
    """What a frame of a call has for all its applications; None where it has no such limit."""

    amount: int | None = None
    slots: int | None = None

    def without(self, amounts: Sequence[int]) -> "Money":
        """What is left once these are granted."""
        return Money(
            None if self.amount is None else self.amount - sum(amounts),
            None if self.slots is None else self.slots - len(amounts),
        )


@dataclass(frozen=True)
class Entry:
    """One application as it is compared; `is_sure`: nothing is unknown of whether it may take part."""

    case: Filed
    asked: int
    is_sure: bool = True


def frame_of(stated: Programme, key: str) -> Frame | None:
    return next((frame for frame in stated.frames if frame.key == key), None)


def reckon(case: Filed, stated: Programme) -> Reckoned:
    """Conditions and aid of a case under a programme."""
    found = [row for row in eligibility.findings(stated, case.facts) if row.tone != "good"]
    told = Reckoned(
        unmet={row.rule: row for row in found if not row.is_open},
        unsaid={row.rule: row for row in found if row.is_open},
    )
    frame = frame_of(stated, case.frame)
    if frame is None:
        return replace(told, missing="frame")
    if frame.yearly and (case.year is None or case.months is None):
        return replace(told, missing="year")
    known = {category.key for category in stated.categories}
    terms = stated.terms(case.frame, year=case.year or 1, months=case.months or 12)

    def of(costs: Totals) -> Aid:
        return aid({key: yen for key, yen in costs.items() if key in known}, terms)

    gone = tuple(key for key, yen in case.costs.items() if yen and key not in known)
    return replace(told, asked=of(case.costs).amount, aid=of(case.accepted), gone=gone)


def score(case: Filed, stated: Programme) -> Fraction | None:
    """The average of the reviewers' totals; None where somebody did not score a criterion of the programme,
    or out of another maximum, and of a programme that has none.
    """
    if not stated.criteria:
        return None
    maxima = case.maxima or {}
    if any(maxima.get(c.key) != c.maximum for c in stated.criteria):
        return None
    if any(c.key not in points for points in case.points for c in stated.criteria):
        return None
    return rules.average([rules.total(stated.criteria, points) for points in case.points])


def standings(
    entries: Sequence[Entry], by: Programme, money: Mapping[str, Money], seed: str
) -> dict[int, Standing]:
    """Primary key → where it stands in the ranking of its frame. Whose place hangs on an entry that is not
    sure is not told, nor whose score is not known, nor anybody's where no lot was drawn.
    """
    found: dict[int, Standing] = {entry.case.pk: "untold" for entry in entries}
    if is_drawn(by.selection) and not seed:
        return found
    scores = {entry.case.pk: score(entry.case, by) for entry in entries}
    frames: dict[str, list[Entry]] = {}
    for entry in entries:
        if not is_scored(by.selection) or scores[entry.case.pk] is not None:
            frames.setdefault(entry.case.frame, []).append(entry)
    for key, among in frames.items():
        has = money.get(key, Money())
        every = _placed(among, scores, by, has, seed)
        sure = _placed([entry for entry in among if entry.is_sure], scores, by, has, seed)
        found |= {pk: at if sure.get(pk, at) == at else "untold" for pk, at in every.items()}
    return found


def _placed(
    among: Sequence[Entry],
    scores: Mapping[int, Fraction | None],
    by: Programme,
    money: Money,
    seed: str,
) -> dict[int, Standing]:
    """Of one frame: each intake for itself where the programme compares so, with what the earlier left."""
    found: dict[int, Standing] = {}
    apart = compared_with(by.selection) == "intake"
    for intake in sorted({entry.case.intake for entry in among}) if apart else [None]:
        places = rules.ranking(
            [
                rules.Entrant(
                    entry.case.pk,
                    entry.case.receipt,
                    entry.asked,
                    entry.case.arrived_at,
                    scores[entry.case.pk],
                )
                for entry in among
                if intake is None or entry.case.intake == intake
            ],
            by.selection,
            budget=money.amount,
            slots=money.slots,
            pass_mark=by.pass_mark,
            tie=by.tie,
            seed=seed,
        )
        found |= {place.entrant.pk: _standing(place) for place in places}
        money = money.without([place.entrant.amount for place in places if place.inside])
    return found


def _standing(place: rules.Place) -> Standing:
    if not place.passed:
        return "below"
    if place.tied:
        return "tied"
    return "inside" if place.inside else "beyond"
