"""How a sum of aid came about, a line a step, as its paper prints it: from the costs to the yen; always
Japanese.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from portal.money import Aid, Terms

# the steps of `portal.money` after the rate → what brings each about; cap and rounding are always told
BY_RULE: Mapping[str, Callable[[Terms], str]] = {
    "cap": lambda terms: f"上限額{terms.cap:,}円まで",
    "requested": lambda _terms: "申請額まで",
    "award": lambda _terms: "交付決定額まで",
    "rounding": lambda terms: f"{terms.unit:,}円未満の端数の切捨て",
    "floor": lambda terms: f"下限額{terms.floor:,}円に届かないため",
}
TOLD = ("cap", "rounding")


def steps(spent: int, cuts: Sequence[tuple[str, int]], result: Aid, terms: Terms) -> list[str]:
    """Costs of `spent` yen, less each of the `cuts` (what, yen), by the formula that gave `result`."""
    over = spent - sum(yen for _what, yen in cuts) - result.eligible
    rate = terms.rate
    return [
        f"経費の合計　{spent:,}円",
        *[f"{what}　▲{yen:,}円" for what, yen in cuts],
        *([f"経費区分の上限を超える額　▲{over:,}円"] if over else []),
        f"補助対象経費　{result.eligible:,}円",
        f"補助率{rate.denominator}分の{rate.numerator}を掛けた額　{int(result.eligible * rate):,}円",
        *_after(int(result.eligible * rate), result, terms),
    ]


def _after(amount: int, result: Aid, terms: Terms) -> Iterator[str]:
    """From what the rate gives to the aid."""
    changed = {line.rule: line.after for line in result.trace}
    for rule, said in BY_RULE.items():
        amount = changed.get(rule, amount)
        if rule in changed or rule in TOLD:
            yield f"{said(terms)}　{amount:,}円"
