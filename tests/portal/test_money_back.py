"""Fixing the amount, interest, residual values and the rest of the second half: published vectors, then properties."""

from datetime import date, timedelta
from fractions import Fraction as F
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import interest, money
from portal.interest import PaidIn, Plan, Span

# 10.95 % a year, 0.03 % a day: the rate of the published vectors
FULL = F(1095, 10000)
surcharge = partial(interest.surcharge, rate=FULL)
surcharge_on = partial(interest.surcharge_on, rate=FULL)
arrears = partial(interest.arrears, rate=FULL)
arrears_on = partial(interest.arrears_on, rate=FULL)

YEN = st.integers(0, 10**9)
DAY = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("principal", "received", "paid", "until", "expected"),
    [
        (3_000_000, date(2025, 4, 10), [], date(2026, 2, 20), 285_300),
        (1_234_000, date(2024, 2, 1), [], date(2024, 3, 31), 22_212),
        (
            3_000_000,
            date(2025, 4, 10),
            [(date(2025, 12, 1), 1_000_000), (date(2026, 2, 20), 2_000_000)],
            date(2026, 2, 20),
            261_000,
        ),
    ],
)
def test_surcharge_follows_the_published_vectors(
    principal: int, received: date, paid: list[tuple[date, int]], until: date, expected: int
) -> None:
    assert surcharge(principal, received, [PaidIn(*row) for row in paid], until) == expected


@pytest.mark.parametrize(
    ("principal", "due", "until", "expected"),
    [
        (2_000_000, date(2026, 2, 20), date(2026, 3, 20), 16_800),
        (1_234_567, date(2026, 3, 1), date(2026, 3, 10), 3_333),
        (1_000, date(2026, 3, 1), date(2026, 3, 1), 0),
    ],
)
def test_arrears_follow_the_published_vectors(
    principal: int, due: date, until: date, expected: int
) -> None:
    assert arrears(principal, due, [], until) == expected


def test_what_came_back_before_the_due_date_bears_no_arrears() -> None:
    paid = [PaidIn(date(2026, 2, 1), 1_500_000)]
    assert (
        arrears(2_000_000, date(2026, 2, 20), paid, date(2026, 3, 20)) == 500_000 * 28 * 3 // 10_000
    )


def test_small_arrears_are_dropped_where_the_ordinance_says_so() -> None:
    assert arrears(10_000, date(2026, 2, 20), [], date(2026, 2, 25), least=100) == 0


def test_a_deferral_keeps_what_had_accrued_and_each_instalment_has_its_own_day() -> None:
    """200,000 yen 28 days late, then deferred to two days: the first of them kept, the second 10 late."""
    due, agreed = date(2026, 2, 20), date(2026, 3, 20)
    first, second = date(2026, 4, 30), date(2026, 5, 29)
    plans = [
        Plan(date.min, (PaidIn(due, 200_000),)),
        Plan(agreed + timedelta(days=1), (PaidIn(first, 120_000), PaidIn(second, 80_000))),
    ]
    accrued = 200_000 * 28 * 3 // 10_000
    assert arrears_on(plans, [], agreed) == accrued
    assert arrears_on(plans, [], first) == accrued
    paid = [PaidIn(first, 120_000)]
    assert arrears_on(plans, paid, second) == accrued
    late = second + timedelta(days=10)
    assert arrears_on(plans, paid, late) == (200_000 * 28 + 80_000 * 10) * 3 // 10_000


ROWS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 100_000)), max_size=4)


@given(
    plans=st.lists(st.tuples(st.integers(0, 300), ROWS, st.integers(0, 50_000)), max_size=3),
    paid=ROWS,
    until=st.integers(0, 400),
)
def test_arrears_are_those_of_each_day_by_itself(
    plans: list[tuple[int, list[tuple[int, int]], int]], paid: list[tuple[int, int]], until: int
) -> None:
    start = date(2026, 1, 1)

    def on(rows: list[tuple[int, int]]) -> list[PaidIn]:
        return [PaidIn(start + timedelta(days=day), yen) for day, yen in rows]

    made = [
        Plan(start + timedelta(days=since), tuple(on(parts)), before)
        for since, parts, before in sorted(plans, key=lambda row: row[0])
    ]
    total = F(0)
    for n in range(until + 1):
        day = start + timedelta(days=n)
        held = [plan for plan in made if plan.since <= day][-1:]
        due = held[0].before + sum(p.amount for p in held[0].parts if p.on < day) if held else 0
        back = sum(row.amount for row in on(paid) if row.on < day)
        total += F(max(due - back, 0)) * FULL / 365
    assert arrears_on(made, on(paid), start + timedelta(days=until)) == int(total)


def test_interest_is_floored_once_over_all_spans() -> None:
    assert interest.interest([Span(1_234_567, 7), Span(234_567, 5)], FULL) == 2_944


def test_other_rates_are_fractions_too() -> None:
    assert interest.interest([Span(1_000_000, 365)], F(146, 1000)) == 146_000


def test_another_rate_gives_other_yen() -> None:
    """By hand, at 7.3 % = 0.02 % a day: 1,000,000 yen over 10 days are 2,000 yen."""
    rate = F(73, 1000)
    day = date(2026, 4, 1)
    assert interest.surcharge(1_000_000, day, [], date(2026, 4, 10), rate=rate) == 2_000
    assert interest.arrears(1_000_000, day, [], date(2026, 4, 11), rate=rate) == 2_000


def test_arrears_are_reckoned_on_whole_units_and_dropped_below_the_least() -> None:
    """By hand: 100,999 yen count as 100,000; 100 days at 0.03 % are 3,000 yen, on all of it 3,029."""
    due, until = date(2026, 4, 1), date(2026, 7, 10)
    assert arrears(100_999, due, [], until) == 3_029
    assert arrears(100_999, due, [], until, unit=1000) == 3_000
    assert arrears(999, due, [], until, unit=1000) == 0
    assert arrears(100_999, due, [], until, unit=1000, least=3_000) == 3_000
    assert arrears(100_999, due, [], until, unit=1000, least=3_001) == 0


def test_the_fixed_amount_never_exceeds_the_award_and_says_what_cut_it() -> None:
    terms = money.Terms(F(1, 2), 5_000_000)
    assert money.fixed(5_400_000, terms, 2_700_000, floor_at_fixing=False).amount == 2_700_000
    over = money.fixed(6_000_000, terms, 2_700_000, floor_at_fixing=False)
    assert (over.amount, [(s.rule, s.before, s.after) for s in over.trace]) == (
        2_700_000,
        [("award", 3_000_000, 2_700_000)],
    )
    less = money.fixed(1_001_000, terms, 2_700_000, floor_at_fixing=False)
    assert (less.amount, [s.rule for s in less.trace]) == (500_000, ["rounding"])


def test_the_floor_holds_at_fixing_only_where_the_programme_says_so() -> None:
    terms = money.Terms(F(2, 3), 400_000, 100_000)
    assert money.fixed(120_000, terms, 400_000, floor_at_fixing=False).amount == 80_000
    assert money.fixed(120_000, terms, 400_000, floor_at_fixing=True).amount == 0


def test_residual_value_and_what_a_disposal_gives_back() -> None:
    assert money.residual_value(600_000, 24, 4) == 300_000
    assert money.residual_value(600_000, 60, 4) == 0
    assert money.disposal_repayment(300_000, 0, 300_000, 600_000, 600_000) == 150_000
    assert money.disposal_repayment(300_000, 900_000, 300_000, 600_000, 600_000) == 300_000


@pytest.mark.parametrize(
    ("acquired", "disposed", "begun", "whole"),
    [
        (date(2026, 1, 15), date(2026, 3, 15), 2, 2),
        (date(2026, 1, 15), date(2026, 3, 16), 3, 2),
        (date(2026, 1, 15), date(2026, 3, 14), 2, 1),
        (date(2026, 1, 15), date(2026, 1, 15), 0, 0),
    ],
)
def test_a_begun_month_counts_by_parameter(
    acquired: date, disposed: date, begun: int, whole: int
) -> None:
    assert money.months_used(acquired, disposed, begun_counts=True) == begun
    assert money.months_used(acquired, disposed, begun_counts=False) == whole


def bought(percent: int, amount: int, use: str = "taxable") -> money.Purchase:
    return money.Purchase(percent, use, amount)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("subsidy", "total", "parts", "method", "ratio", "yen"),
    [
        (1_000_000, 1_000_000, [bought(10, 1_000_000)], "full", F(1), 90_909),
        (108_000, 108_000, [bought(8, 108_000)], "full", F(1), 8_000),
        # 87.6 % is 87.6 %, neither 87 (395,454) nor 88 (400,000)
        (5_000_000, 5_000_000, [bought(10, 5_000_000)], "proportional", F(876, 1000), 398_181),
        (
            5_000_000,
            5_000_000,
            [bought(10, 5_000_000, "common")],
            "individual",
            F(876, 1000),
            398_181,
        ),
        (5_000_000, 5_000_000, [bought(10, 5_000_000)], "individual", F(876, 1000), 454_545),
        (5_000_000, 5_000_000, [bought(10, 5_000_000, "exempt")], "individual", F(876, 1000), 0),
        # both rates: 600,000 × 10/110 + 400,000 × 8/108 = 54,545.45 + 29,629.62, floored once
        (1_000_000, 1_000_000, [bought(10, 600_000), bought(8, 400_000)], "full", F(1), 84_175),
        # wages and what else is no taxable purchase stays out: half of the cost
        (1_000_000, 2_000_000, [bought(10, 1_000_000)], "full", F(1), 45_454),
        (1_000_000, 2_000_000, [bought(10, 1_000_000)], "proportional", F(4, 5), 36_363),
        (
            1_000_000,
            1_000_000,
            [bought(10, 400_000), bought(10, 300_000, "common"), bought(8, 200_000, "exempt")],
            "individual",
            F(9525, 10000),
            int(F(400_000, 11) + F(300_000, 11) * F(9525, 10000)),
        ),
    ],
)
def test_input_tax_comes_back_by_method_rate_and_use(
    subsidy: int,
    total: int,
    parts: list[money.Purchase],
    method: money.InputTaxMethod,
    ratio: F,
    yen: int,
) -> None:
    assert money.input_tax_refund(subsidy, total, parts, method, ratio) == yen


def test_no_share_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        money.input_tax_refund(1, 0, [bought(10, 1)], "full")


@pytest.mark.parametrize(
    ("after", "minor"),
    [
        ({"a": 1_000_000, "b": 500_000}, True),
        ({"a": 900_000, "b": 600_000}, True),  # a fifth of the smaller, to the yen
        ({"a": 899_999, "b": 600_001}, False),
        ({"a": 900_000, "b": 500_000, "c": 100_000}, False),  # nothing new in the plan
        ({"a": 1_000_000, "b": 500_001}, False),  # no more yen in all
        ({"a": 1_000_000, "b": 400_000}, True),
    ],
)
def test_a_minor_change_moves_a_fifth_of_the_smaller_item(
    after: dict[str, int], minor: bool
) -> None:
    assert money.is_minor_change({"a": 1_000_000, "b": 500_000}, after) is minor


def test_labour_productivity_is_recomputed() -> None:
    assert money.labour_productivity(5_000_000, 30_000_000, 1_000_000, 8) == F(4_500_000)
    with pytest.raises(ValueError, match="employee"):
        money.labour_productivity(1, 1, 1, 0)


@given(
    YEN,
    st.fractions(F(1, 10), F(1), max_denominator=10),
    YEN,
    YEN,
    st.sampled_from((1, 10, 100, 1000)),
)
def test_fixing_is_never_above_award_cap_or_rate(
    spent: int, rate: F, cap: int, awarded: int, unit: int
) -> None:
    found = money.fixed(spent, money.Terms(rate, cap, 0, unit), awarded, floor_at_fixing=False)
    limits: list[int | F] = [cap, awarded, spent * rate]
    assert 0 <= found.amount <= min(limits)
    assert [step.before >= step.after for step in found.trace] == [True] * len(found.trace)


@given(st.integers(1, 10**9), DAY, st.integers(0, 2000), st.integers(0, 500))
def test_surcharge_grows_with_days_and_principal(
    principal: int, day: date, days: int, more: int
) -> None:
    until = day + timedelta(days=days)
    base = surcharge(principal, day, [], until)
    assert 0 < principal * (days + 1) * 3 // 10_000 + 1 > base >= 0
    assert surcharge(principal, day, [], until + timedelta(days=more)) >= base
    assert surcharge(principal + more, day, [], until) >= base


@given(
    st.integers(2, 10**9),
    DAY,
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 10**8)), max_size=5),
)
def test_paying_back_early_never_costs_more(
    principal: int, day: date, rows: list[tuple[int, int]]
) -> None:
    until = day + timedelta(days=1000)
    paid = [PaidIn(day + timedelta(days=n), amount) for n, amount in rows]
    assert 0 <= surcharge(principal, day, paid, until) <= surcharge(principal, day, [], until)


@given(YEN, st.integers(0, 400), st.integers(1, 20))
def test_residual_value_falls_with_the_months_and_stays_within_the_cost(
    cost: int, months: int, life: int
) -> None:
    now, later = (
        money.residual_value(cost, months, life),
        money.residual_value(cost, months + 1, life),
    )
    assert 0 <= later <= now <= cost


# -- several instalments -----------------------------------------------------------------------------------------------
FIRST, SECOND = PaidIn(date(2025, 4, 10), 2_000_000), PaidIn(date(2025, 10, 10), 1_000_000)


@pytest.mark.parametrize(
    ("principal", "before", "parts"),
    [
        (500_000, 0, [PaidIn(SECOND.on, 500_000)]),
        (1_500_000, 0, [PaidIn(SECOND.on, 1_000_000), PaidIn(FIRST.on, 500_000)]),
        (3_000_000, 0, [SECOND, FIRST]),
        (500_000, 700_000, [PaidIn(SECOND.on, 300_000), PaidIn(FIRST.on, 200_000)]),
        (500_000, 1_000_000, [PaidIn(FIRST.on, 500_000)]),
        (0, 0, []),
    ],
)
def test_what_comes_back_is_deemed_of_the_last_instalment_first(
    principal: int, before: int, parts: list[PaidIn]
) -> None:
    assert interest.deemed_parts([FIRST, SECOND], principal, before=before) == parts


def test_no_more_than_was_paid_is_ordered_back() -> None:
    with pytest.raises(ValueError, match="more than was paid"):
        interest.deemed_parts([FIRST, SECOND], 2_500_000, before=600_000)


def test_surcharge_runs_for_each_instalment_from_its_own_day() -> None:
    until = date(2026, 2, 20)
    days = {part: (until - part.on).days + 1 for part in (FIRST, SECOND)}
    assert (
        surcharge_on([SECOND, FIRST], [], until)
        == (2_000_000 * days[FIRST] + 1_000_000 * days[SECOND]) * 3 // 10_000
    )
    assert (
        surcharge_on([PaidIn(date(2025, 4, 10), 3_000_000)], [], until) == 285_300
    )  # the published vector
    back = [PaidIn(date(2025, 12, 1), 1_000_000)]
    assert (
        surcharge_on([PaidIn(date(2025, 4, 10), 3_000_000)], back, until) == 261_000
    )  # the published vector
    half = (date(2025, 12, 1) - SECOND.on).days + 1  # the last instalment came back first
    assert (
        surcharge_on([SECOND, FIRST], back, until)
        == (2_000_000 * days[FIRST] + 1_000_000 * half) * 3 // 10_000
    )


@given(
    st.lists(
        st.tuples(st.dates(date(2025, 4, 1), date(2026, 3, 31)), st.integers(1, 10**9)),
        min_size=1,
        max_size=5,
    ),
    st.data(),
)
def test_parts_sum_to_the_principal_and_one_part_is_the_plain_formula(
    rows: list[tuple[date, int]], data: st.DataObject
) -> None:
    paid_out = [PaidIn(day, yen) for day, yen in rows]
    principal = data.draw(st.integers(1, sum(row.amount for row in paid_out)))
    parts = interest.deemed_parts(paid_out, principal)
    assert sum(part.amount for part in parts) == principal
    assert [part.on for part in parts] == sorted((part.on for part in parts), reverse=True)
    until = date(2026, 12, 31)
    alone = surcharge(principal, min(p.on for p in parts), [], until)
    assert 0 < surcharge_on(parts, [], until) <= alone or alone == 0
