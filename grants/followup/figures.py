"""The sums of what follows: repayment on a disposal, refund of input tax, productivity recomputed.

Pure, yen and fractions.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from django.utils.translation import gettext as _

from portal import money
from portal.types import Given

PARTS = ("profit", "personnel", "depreciation", "employees")
# whoever files otherwise (免税, 簡易課税, 特定収入割合 above 5 %) deducts nothing, and nothing comes back
METHODS: tuple[money.InputTaxMethod, ...] = ("full", "individual", "proportional")
TAX_RATES = (10, 8)
TAX_USES: tuple[Literal["taxable", "common", "exempt"], ...] = ("taxable", "common", "exempt")


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
    cost: int,
    acquired_on: date,
    life_years: int,
    share: Share,
    *,
    on: date,
    proceeds: int,
    begun_counts: bool,
) -> list[Line]:
    """The repayment for an asset given up on a day, line by line; the last line is the repayment (yen)."""
    months = money.months_used(acquired_on, on, begun_counts=begun_counts)
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


def purchases(answers: Given) -> list[money.Purchase]:
    """What was bought with consumption tax, by rate and use, as the report says it."""
    return [
        money.Purchase(percent, use, int(answers[f"{use}_{percent}"]))
        for percent in TAX_RATES
        for use in TAX_USES
        if answers.get(f"{use}_{percent}")
    ]


def tax(subsidy: int, answers: Given) -> list[Line]:
    """The input tax that comes back to the city, line by line; the last line is that sum (yen).

    `answers`: basis, total (eligible cost with tax, yen), "use_rate" (yen with tax), ratio (課税売上割合,
    percent with at most two decimals). Empty for whoever deducts nothing.
    """
    method = next((known for known in METHODS if known == answers.get("basis")), None)
    if method is None or not answers.get("total"):
        return []
    ratio = Fraction(str(answers.get("ratio") or 100)) / 100
    total, parts = int(answers["total"]), purchases(answers)
    lines = [Line(_("補助金の確定額"), "", subsidy)]
    for part in parts:
        found = int(money.input_tax(subsidy, total, part, method, ratio))
        lines.append(Line(_part(part), _how(part, total, method, answers.get("ratio")), found))
    back = money.input_tax_refund(subsidy, total, parts, method, ratio)
    return [*lines, Line(_("返還していただく額"), _("合計してから1円未満を切捨て"), back)]


def _part(part: money.Purchase) -> str:
    words = {
        "taxable": _("%(n)s％：課税売上げのための仕入れ"),
        "common": _("%(n)s％：共通の仕入れ"),
        "exempt": _("%(n)s％：非課税売上げのための仕入れ"),
    }
    return words[part.use] % {"n": part.percent}


def _how(part: money.Purchase, total: int, method: money.InputTaxMethod, ratio: object) -> str:
    """The computation of a part in words, as a person would check it."""
    share = money.deducted_share(method, part.use, Fraction(-1))  # -1: where the ratio stands
    factor = (
        _(" × 課税売上割合%(ratio)s％") % {"ratio": ratio} if share < 0 else "" if share else " × 0"
    )
    return _("確定額 × %(part)s円 ÷ %(total)s円 × %(n)s ÷ %(whole)s") % {
        "part": f"{part.amount:,}",
        "total": f"{total:,}",
        "n": part.percent,
        "whole": 100 + part.percent,
    } + str(factor)


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
