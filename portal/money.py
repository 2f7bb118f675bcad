"""Money of a subsidy as pure functions.

Whole yen as int; rates as Fraction; one rounding, at the end.

Sources: the formulas and vectors of the field notes (municipal 交付要綱 of Sapporo's schemes; rounding
千円未満切捨て).
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeVar

Item = TypeVar("Item", bound=Hashable)  # what an item of costs is known by


def floor_to(amount: int | Fraction, unit: int) -> int:
    """Yen rounded down to a multiple of `unit` yen (1, 10, 100, 1000).

    Raises ValueError for a negative amount.
    """
    if amount < 0:
        raise ValueError("an amount of aid is never negative")
    return int(amount // unit) * unit


def tax_exclusive(amount: int, percent: int = 10) -> int:
    """The amount without consumption tax, yen, when the voucher states no figure of its own (108
    for reduced rate).
    """
    return amount * 100 // (100 + percent)


def capped_total(other: int, capped: int, share: Fraction) -> int:
    """Eligible total, yen, when `capped` may be at most `share` (0 < share < 1) of the total
    itself.

    The fixed point of cap = share x total is other x share / (1 - share).
    """
    return other + min(capped, int(other * share / (1 - share)))


@dataclass(frozen=True)
class GroupCap:
    """Categories that together may be at most `share` of the eligible total."""

    categories: tuple[str, ...]
    share: Fraction


@dataclass(frozen=True)
class Terms:
    """What a call states about the amount.

    Yen; `rate` a fraction; `unit` the rounding unit in yen.
    """

    rate: Fraction
    cap: int
    floor: int = 0
    unit: int = 1000
    group_caps: tuple[GroupCap, ...] = ()


@dataclass(frozen=True)
class Line:
    """One step of the computation: a rule's name, the amount before and after it, yen."""

    rule: str
    before: int
    after: int


@dataclass(frozen=True)
class Aid:
    """The result: eligible cost and aid in yen, with every step that changed the figure."""

    eligible: int
    amount: int
    trace: tuple[Line, ...]


def eligible_total(by_category: Mapping[str, int], caps: Sequence[GroupCap]) -> int:
    """Eligible cost, yen, after the caps of category groups. An item is in one group at most."""
    total = sum(by_category.values())
    for cap in caps:
        inside = sum(by_category.get(name, 0) for name in cap.categories)
        total = capped_total(total - inside, inside, cap.share)
    return total


def aid(by_category: Mapping[str, int], terms: Terms, requested: int | None = None) -> Aid:
    """The aid for costs by category (yen, without tax): rate, then cap, request and rounding; below
    the floor, nothing.
    """
    steps: list[Line] = []

    def step(rule: str, before: int, after: int) -> int:
        if before != after:
            steps.append(Line(rule, before, after))
        return after

    planned = sum(by_category.values())
    eligible = step("group_cap", planned, eligible_total(by_category, terms.group_caps))
    raw = eligible * terms.rate
    amount = step("cap", int(raw), min(int(raw), terms.cap))
    if requested is not None:
        amount = step("requested", amount, min(amount, requested))
    amount = step("rounding", amount, floor_to(min(raw, Fraction(amount)), terms.unit))
    amount = step("floor", amount, amount if amount >= terms.floor else 0)
    return Aid(eligible, amount, tuple(steps))


def pro_rata(cap: int, months: int) -> int:
    """The yearly cap, yen, for a support year entered with `months` (1-12) of it left."""
    return cap * months // 12


# -- fixing the amount, and money back -----------------------------------------------------------
def fixed(actual_eligible: int, terms: Terms, awarded: int, *, floor_at_fixing: bool) -> Aid:
    """額の確定: the aid for what was really spent (yen), never above the award; the trace says what cut
    it.
    """
    raw = actual_eligible * terms.rate
    steps: list[Line] = []
    amount = int(raw)
    for rule, after in (
        ("cap", min(amount, terms.cap)),
        ("award", min(amount, terms.cap, awarded)),
    ):
        if after != amount:
            steps.append(Line(rule, amount, after))
        amount = after
    rounded = floor_to(min(raw, Fraction(amount)), terms.unit)
    if rounded != amount:
        steps.append(Line("rounding", amount, rounded))
    amount = rounded
    if floor_at_fixing and amount < terms.floor:
        steps.append(Line("floor", amount, 0))
        amount = 0
    return Aid(actual_eligible, amount, tuple(steps))


def residual_value(cost: int, months: int, life_years: int) -> int:
    """残存簿価, yen, straight-line by months: cost − floor(cost × months used ÷ months of life); 0
    after the end. Raises ValueError for what has no life.
    """
    if life_years <= 0:
        raise ValueError("an asset has a life of at least a year")
    used = cost * min(months, life_years * 12) // (life_years * 12)
    return cost - used


def months_used(acquired_on: date, disposed_on: date, *, begun_counts: bool) -> int:
    """Months between two days (>= 0); a begun month counts unless `begun_counts` is False."""
    whole = (disposed_on.year - acquired_on.year) * 12 + disposed_on.month - acquired_on.month
    over = disposed_on.day - acquired_on.day
    return max(
        whole + (1 if over > 0 and begun_counts else -1 if over < 0 and not begun_counts else 0), 0
    )


def disposal_repayment(
    residual: int, proceeds: int, fixed_amount: int, eligible: int, cost: int
) -> int:
    """財産処分の納付, yen: the greater of residual value and proceeds × fixed ÷ eligible, at most that
    asset's share.
    """
    share = Fraction(fixed_amount, eligible)
    return int(min(max(residual, proceeds) * share, cost * share))


InputTaxMethod = Literal["full", "individual", "proportional"]


@dataclass(frozen=True)
class Purchase:
    """Purchases of a subsidised project, yen with consumption tax: at which rate (10 or 8), and for
    which sales: "taxable", "common" to both, or "exempt".
    """

    percent: int
    use: Literal["taxable", "common", "exempt"]
    amount: int


def deducted_share(method: InputTaxMethod, use: str, ratio: Fraction) -> Fraction:
    """How much of the tax on a purchase the firm deducts (消費税法30条): all of it (全額控除), by what each
    purchase is for (個別対応方式), or by the share of taxable sales alone (一括比例配分方式).
    """
    if method == "full":
        return Fraction(1)
    if method == "proportional":
        return ratio
    return {"taxable": Fraction(1), "common": ratio, "exempt": Fraction(0)}[use]


def input_tax(
    subsidy: int,
    total: int,
    purchase: Purchase,
    method: InputTaxMethod,
    ratio: Fraction = Fraction(1),
) -> Fraction:
    """消費税仕入控除税額 in one part of the purchases, yen not yet rounded: subsidy × part ÷ total eligible
    cost × tax ÷ (100 + tax) × the share that was deducted. Raises ValueError without a total.
    """
    if total <= 0:
        raise ValueError("there is no share of nothing")
    of_subsidy = Fraction(subsidy * purchase.amount, total)
    tax = Fraction(purchase.percent, 100 + purchase.percent)
    return of_subsidy * tax * deducted_share(method, purchase.use, ratio)


def input_tax_refund(
    subsidy: int,
    total: int,
    purchases: Sequence[Purchase],
    method: InputTaxMethod,
    ratio: Fraction = Fraction(1),
) -> int:
    """What of the subsidy comes back as input tax, yen: the parts summed first, floored once."""
    return int(sum(input_tax(subsidy, total, p, method, ratio) for p in purchases))


def is_minor_change(
    before: Mapping[Item, int], after: Mapping[Item, int], *, most: Fraction = Fraction(1, 5)
) -> bool:
    """軽微な変更: yen moved between items that the plan has, at most `most` of the smaller of the items
    moved between, and no more yen in all.
    """
    if set(after) - {item for item, yen in before.items() if yen > 0}:
        return False
    moved = {item: after.get(item, 0) - yen for item, yen in before.items()}
    touched = [before[item] for item, change in moved.items() if change]
    up = sum(change for change in moved.values() if change > 0)
    down = -sum(change for change in moved.values() if change < 0)
    return not touched or (up <= down and down <= min(touched) * most)


def labour_productivity(profit: int, personnel: int, depreciation: int, employees: int) -> Fraction:
    """労働生産性, yen a person: (営業利益 + 人件費 + 減価償却費) ÷ 従業員数. Raises ValueError without employees."""
    if employees <= 0:
        raise ValueError("labour productivity needs at least one employee")
    return Fraction(profit + personnel + depreciation, employees)
