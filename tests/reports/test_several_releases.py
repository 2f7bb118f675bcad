"""Whoever has several releases of a year subtracts them: neither who moved little between two of them
nor what was hidden in one is told by another.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from reports.statistics.pipeline import proprietors
from reports.statistics.pipeline.earlier import Earlier, Past, Then
from tests.reports.made_up import world
from tests.reports.several import Telling, release, stood, told_apart, walk

WALKS = [(2, 150, (5, 5)), (5, 120, (2, 9))]


@lru_cache(maxsize=4)
def tellings(seed: int, n: int, moves: tuple[int, ...], *, forgetful: bool) -> list[Telling]:
    made, found = world(seed, n, persons=0.5), []
    told: list[Earlier] = []
    for at in walk(made, np.random.default_rng(seed), moves):
        then = stood(made, at)
        shown, known = release(then, () if forgetful else told)
        told.append(known)
        found.append(Telling(then, shown))
    return found


@pytest.mark.parametrize(("seed", "n", "moves"), WALKS)
def test_no_two_releases_tell_by_subtraction_who_moved_between_them(
    seed: int, n: int, moves: tuple[int, ...]
) -> None:
    """After random awards, payments, returns, withdrawals and new applications: every pair."""
    every = tellings(seed, n, moves, forgetful=False)
    for last in range(2, len(every) + 1):
        assert list(told_apart(every[:last])) == []


def test_the_same_attacker_succeeds_where_a_release_forgets_the_earlier_ones() -> None:
    assert any(told_apart(tellings(*WALKS[0], forgetful=True)))


# -- one year of a book with one programme, in yen ------------------------------------------------
def parts(awards: dict[int, tuple[int, int]]) -> pd.DataFrame:
    """Firm → yen awarded and paid, of sole proprietors."""
    rows = [
        ("a", quantity, firm, amount)
        for firm, (awarded, paid) in awards.items()
        for quantity, amount in (
            ("awards", 1),
            ("awarded", awarded),
            ("paid", paid),
            ("held", awarded),
            ("spent", paid),
            ("due", awarded - paid),
            ("open", awarded - paid),
        )
        if amount
    ]
    rows += [("", "applied", firm, 1) for firm in awards]
    found = pd.DataFrame(rows, columns=["programme", "quantity", "firm", "amount"])
    return found.assign(fiscal_year=2026)


BOOK = pd.DataFrame(
    [(2026, "a", "yen"), (2026, "all", "yen")], columns=["fiscal_year", "programme", "unit"]
)
FOUR = {1: (400_000, 400_000), 2: (500_000, 500_000), 3: (300_000, 300_000), 4: (450_000, 450_000)}


def hidden(
    now: dict[int, tuple[int, int]], *before: dict[int, tuple[int, int]]
) -> list[list[bool]]:
    """What each of these releases hides, told one after the other: the book, then the three beside."""
    told: list[Then] = []
    found: list[list[bool]] = []
    for awards in (*before, now):
        own = parts(awards)
        named = own.assign(name=list(zip(own["quantity"], own["programme"], strict=True)))
        rows, beside = proprietors.persons(own, BOOK, {}, 3, 0.1, Past(named, tuple(told)))
        shut = [*map(bool, rows), *(name in beside for name in proprietors.BESIDE)]
        told.append(Then([not one for one in shut], named))
        found.append(shut)
    return found


def test_the_third_release_after_one_award_does_not_tell_it() -> None:
    """Four sole proprietors stand in two releases; a fifth is awarded 454,000 yen before the third.
    What is committed, less what was, would be that sum to the yen.
    """
    first, second, third = hidden({**FOUR, 5: (454_000, 0)}, FOUR, FOUR)
    assert first == second == [False] * 5
    assert third == [True, True, True, True, False]


@pytest.mark.parametrize(
    "now",
    [
        {**FOUR, 4: (430_000, 430_000)},
        {**FOUR, 4: (450_000, 450_000), 5: (454_000, 454_000)},
        {k: v for k, v in FOUR.items() if k != 4},
        {**FOUR, 5: (300_000, 300_000), 6: (9_000, 9_000), 7: (8_000, 8_000)},
    ],
    ids=["given up in part", "paid", "withdrawn", "one above all"],
)
def test_nor_is_what_one_was_paid_gave_up_or_withdrew(now: dict[int, tuple[int, int]]) -> None:
    assert hidden(now, FOUR)[-1][:3] == [True, True, True]


def test_what_three_moved_is_told_again() -> None:
    more = {**FOUR, 5: (454_000, 0), 6: (400_000, 0), 7: (350_000, 0)}
    alone = {**FOUR, 5: (454_000, 0)}
    assert hidden(more, FOUR)[-1] == hidden(more)[-1]
    assert hidden(more, FOUR, alone)[-1] == hidden(more)[-1]


def test_nothing_is_hidden_where_nobody_moved() -> None:
    assert hidden(FOUR, FOUR, FOUR) == [[False] * 5] * 3
