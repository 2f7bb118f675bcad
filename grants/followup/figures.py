"""The sums of what follows: repayment on a disposal, refund of input tax, productivity recomputed.

Pure, yen and fractions.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from portal import money
from portal.types import Given

PARTS = ("profit", "personnel", "depreciation", "employees")
# 免税, 簡易課税, 特定収入割合 above 5 %: nothing is deducted, nothing comes back
NO_REFUND = ("exempt", "simple", "special")


@dataclass(frozen=True)
class Line:
    """One line of a published sum: what, how it was found, yen."""

    what: str
    how: str
    yen: int


@dataclass(frozen=True)
class Share:
    """What the award paid of the eligible cost, both in yen."""

    fixed: int
    eligible: int


def disposal(
    cost: int, acquired_on: date, life_years: int, share: Share, *, on: date, proceeds: int
) -> list[Line]:
    """The repayment for an asset given up on a day, line by line; the last line is the repayment (yen)."""
    months = money.months_used(acquired_on, on)
    residual = money.residual_value(cost, months, life_years)
    greater = max(residual, proceeds)
    back = money.disposal_repayment(residual, proceeds, share.fixed, share.eligible, cost)
    used = _("耐用年数%(years)s年（%(all)sか月）のうち%(used)sか月を使用") % {
        "years": life_years,
        "all": life_years * 12,
        "used": min(months, life_years * 12),
    }
    part = _("補助の割合：確定額%(fixed)s円 ÷ 対象経費%(eligible)s円") % {
        "fixed": f"{share.fixed:,}",
        "eligible": f"{share.eligible:,}",
    }
    return [
        Line(_("取得した額"), "", cost),
        Line(_("残存簿価"), used, residual),
        Line(_("処分による収入"), "", proceeds),
        Line(_("大きいほうの額"), "", greater),
        Line(_("納付していただく額"), part, back),
    ]


def tax_refund(subsidy: int, answers: Given) -> int:
    """Yen of the subsidy that came back to the firm as deducted input tax,
    and so comes back to the city.

    `answers`: basis, taxable (percent of the project's purchases that were taxable), ratio (課税売上割合,
    percent).
    """
    if answers.get("basis") in NO_REFUND:
        return 0
    taxable, ratio = (Fraction(int(answers.get(name) or 0), 100) for name in ("taxable", "ratio"))
    return money.input_tax_refund(
        subsidy,
        taxable=taxable,
        ratio=Fraction(1) if answers.get("basis") == "only_taxable" else ratio,
    )


def productivity(answers: Given, prefix: str = "") -> int | None:
    """労働生産性 in whole yen a person from profit, personnel,
    depreciation and employees; None where one is missing.
    """
    found = [answers.get(prefix + name) for name in PARTS]
    if any(value is None for value in found) or not found[3]:
        return None
    profit, personnel, depreciation, employees = (
        int(value) for value in found if value is not None
    )
    return int(money.labour_productivity(profit, personnel, depreciation, employees) // 1)


def disagreements(stated: Given, filed: Given) -> list[tuple[str, int, int]]:
    """(part, as reported, as filed) of every figure that the
    filed accounts do not bear out, productivity last.
    """
    found = [
        (name, int(stated[name]), int(filed[name]))
        for name in PARTS
        if int(stated[name]) != int(filed[name])
    ]
    said, real = int(stated["productivity"]), productivity(filed)
    return (
        [*found, ("productivity", said, real)]
        if real is not None and abs(said - real) > 1
        else found
    )


def growth(before: int | None, now: int | None) -> Fraction | None:
    """Growth of productivity as a fraction of the base; None where there is no positive base."""
    return None if not before or before < 0 or now is None else Fraction(now - before, before)
