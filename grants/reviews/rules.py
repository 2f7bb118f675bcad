"""Scores, ranking and lottery as pure functions.

Totals are fractions; nothing is rounded before it is shown.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import assert_never

from grants.programmes.parameters import Criterion, Tie
from grants.programmes.selecting import Selection, is_scored


def total(criteria: Sequence[Criterion], points: Mapping[str, int]) -> Fraction:
    """One reviewer's total out of 100: each criterion's share of its maximum, weighted.

    KeyError when one is missing.
    """
    weights = sum(criterion.weight for criterion in criteria)
    share = sum((Fraction(points[c.key], c.maximum) * c.weight for c in criteria), Fraction(0))
    return share * 100 / weights


def average(totals: Sequence[Fraction]) -> Fraction | None:
    """The mean of the reviewers' totals, None where nobody scored."""
    return sum(totals, Fraction(0)) / len(totals) if totals else None


@dataclass(frozen=True)
class Entrant:
    """One application as the ranking sees it.

    `amount` in yen; `score` out of 100 where there is one.
    """

    pk: int
    receipt: str
    amount: int
    arrived_at: datetime
    score: Fraction | None = None


@dataclass(frozen=True)
class Place:
    """A row of the ranking.

    `fits`: so does the money with all above; `inside`: it fits and has passed; `tied`: shares its
    rank across the line.
    """

    entrant: Entrant
    rank: int
    cumulative: int
    inside: bool
    passed: bool
    fits: bool = True
    tied: bool = False


def lottery_key(seed: str, receipt: str) -> str:
    """SHA-256(seed + receipt number): the order anyone can repeat once the seed is published."""
    return hashlib.sha256(f"{seed}{receipt}".encode()).hexdigest()


def order(
    entrants: Iterable[Entrant], selection: Selection, *, tie: Tie = "panel", seed: str = ""
) -> list[Entrant]:
    """The entrants in the order of the selection method: score, arrival, or lot."""
    match selection:
        case "first_come":
            return sorted(entrants, key=lambda e: (e.arrived_at, e.receipt))
        case "lottery":
            return sorted(entrants, key=lambda e: (lottery_key(seed, e.receipt), e.receipt))
        case "competitive":
            return _by_score(entrants, tie)
        case _:
            assert_never(selection)


def _by_score(entrants: Iterable[Entrant], tie: Tie) -> list[Entrant]:
    """The highest score first. Where a panel decides on equal ones, they stand as they came."""
    match tie:
        case "lower_amount":
            return sorted(entrants, key=lambda e: (-(e.score or 0), e.amount, e.receipt))
        case "panel" | "earlier_arrival":
            return sorted(entrants, key=lambda e: (-(e.score or 0), e.arrived_at, e.receipt))
        case _:
            assert_never(tie)


def ranking(
    entrants: Iterable[Entrant],
    selection: Selection,
    *,
    budget: int | None,
    slots: int | None = None,
    pass_mark: int | None = None,
    tie: Tie = "panel",
    seed: str = "",
) -> list[Place]:
    """The ranking with the budget line drawn: `budget` yen and `slots` places left for all rows
    together.

    Equal scores share a rank. Where a tie crosses the line and the panel decides it, its rows are
    marked tied.
    """
    places: list[Place] = []
    cumulative, closed = 0, False
    scored = is_scored(selection)
    ordered = order(entrants, selection, tie=tie, seed=seed)
    for n, entrant in enumerate(ordered, 1):
        passed = pass_mark is None or not scored or (entrant.score or 0) >= pass_mark
        cumulative += entrant.amount
        fits = (budget is None or cumulative <= budget) and (slots is None or n <= slots)
        closed = closed or not fits
        same = scored and places and places[-1].entrant.score == entrant.score
        rank = places[-1].rank if same and places else n
        places.append(Place(entrant, rank, cumulative, passed and not closed, passed, not closed))
    if not scored or tie != "panel":
        return places
    return [_with_tie(place, places) for place in places]


def _with_tie(place: Place, places: Sequence[Place]) -> Place:
    same = [other.inside for other in places if other.rank == place.rank and other.passed]
    tied = place.passed and True in same and False in same
    return replace(place, tied=tied)
