"""Money of a subsidy as pure functions. Whole yen as int; rates as Fraction; one rounding, at the end.

Sources: the formulas and vectors of the field notes (municipal 交付要綱 of Sapporo's schemes; rounding 千円未満切捨て).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


def floor_to(amount: int | Fraction, unit: int) -> int:
    """Yen rounded down to a multiple of `unit` yen (1, 10, 100, 1000). Raises ValueError for a negative amount."""
    if amount < 0:
        raise ValueError("an amount of aid is never negative")
    return int(amount // unit) * unit


def tax_exclusive(amount: int, percent: int = 10) -> int:
    """The amount without consumption tax, yen, when the voucher states no figure of its own (108 for reduced rate)."""
    return amount * 100 // (100 + percent)


def capped_total(other: int, capped: int, share: Fraction) -> int:
    """Eligible total, yen, when `capped` may be at most `share` (0 < share < 1) of the total itself.

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
    """What a call states about the amount. Yen; `rate` a fraction; `unit` the rounding unit in yen."""

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
    """The aid for costs by category (yen, without tax): rate, then cap, request and rounding; below the floor, nothing."""
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
