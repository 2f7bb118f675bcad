from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import money

YEN = st.integers(0, 10**10)
RATE = st.fractions(F(1, 10), F(1), max_denominator=10)


@pytest.mark.parametrize(
    ("eligible", "rate", "cap", "floor", "amount"),
    [
        (899_999, F(2, 3), 10**9, 0, 599_000),
        (149_999, F(2, 3), 10**9, 100_000, 0),
        (150_000, F(2, 3), 10**9, 100_000, 100_000),
        (5_400_000, F(1, 2), 5_000_000, 0, 2_700_000),
        (20_000_000, F(1, 2), 5_000_000, 0, 5_000_000),
    ],
)
def test_aid_follows_the_published_vectors(
    eligible: int, rate: F, cap: int, floor: int, amount: int
) -> None:
    assert money.aid({"a": eligible}, money.Terms(rate, cap, floor)).amount == amount


@pytest.mark.parametrize(
    ("other", "capped", "share", "total"),
    [(600_000, 900_000, F(1, 2), 1_200_000), (700_001, 900_000, F(3, 10), 1_000_001)],
)
def test_group_cap_is_a_share_of_the_total(other: int, capped: int, share: F, total: int) -> None:
    assert money.capped_total(other, capped, share) == total


def test_tax_is_taken_out_by_floor() -> None:
    assert (
        money.tax_exclusive(1_100_000),
        money.tax_exclusive(108, 8),
        money.tax_exclusive(109),
    ) == (
        1_000_000,
        100,
        99,
    )


def test_aid_below_the_floor_is_nothing_and_the_trace_says_so() -> None:
    found = money.aid({"a": 149_999}, money.Terms(F(2, 3), 400_000, 100_000))
    assert [(step.rule, step.after) for step in found.trace] == [("rounding", 99_000), ("floor", 0)]


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        money.floor_to(-1, 1000)


@given(
    st.dictionaries(st.sampled_from("abc"), YEN),
    RATE,
    YEN,
    st.sampled_from((1, 10, 100, 1000)),
    st.integers(0, 10**6),
)
def test_aid_is_never_above_cap_rate_or_request_nor_negative(
    costs: dict[str, int], rate: F, cap: int, unit: int, request: int
) -> None:
    found = money.aid(costs, money.Terms(rate, cap, 0, unit), request)
    limits: list[int | F] = [cap, request, sum(costs.values()) * rate]
    assert 0 <= found.amount <= min(limits)
    assert found.amount % unit == 0


@given(YEN, YEN, st.fractions(F(1, 10), F(9, 10), max_denominator=10))
def test_the_capped_group_never_exceeds_its_share(other: int, capped: int, share: F) -> None:
    total = money.capped_total(other, capped, share)
    assert other <= total <= other + capped
    assert total - other <= total * share


@given(st.integers(0, 10**7), st.integers(1, 12))
def test_pro_rata_grows_with_the_months(cap: int, months: int) -> None:
    assert 0 <= money.pro_rata(cap, months) <= money.pro_rata(cap, 12) == cap
