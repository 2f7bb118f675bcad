"""Interest on what has to come back, as a programme states it: rates, base, least sum and provision.

What is not stated is as it always was: 10.95 % of the whole sum from the first yen on, after the
manner of 適化法 19条. Awards that were frozen before there were these values read the same.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from grants.programmes.parts import Part, Yen
from portal import fiscal, interest
from portal.interest import PaidIn, Plan, Span


def _percent(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,2}(\.\d{1,2})?", value, re.ASCII):
        raise PydanticCustomError("percent", "per cent a year")
    return Fraction(value) / 100


def percent_said(rate: Fraction) -> str:
    """0.1095 as "10.95"."""
    return f"{Decimal(rate.numerator * 100) / rate.denominator:f}"


# a rate a year, of 365 days also in leap years (昭和45年法律13号 25条)
Yearly = Annotated[
    Fraction, BeforeValidator(_percent), PlainSerializer(percent_said, return_type=str)
]
FULL_RATE = Fraction(1095, 10000)


class Interest(Part):
    """加算金 (surcharge) and 延滞金 (arrears)."""

    surcharge_rate: Yearly = FULL_RATE
    surcharge_cite: str = Field(
        default="補助金等に係る予算の執行の適正化に関する法律第19条第1項の例による", min_length=1
    )
    arrears_rate: Yearly = FULL_RATE
    arrears_cite: str = Field(
        default="補助金等に係る予算の執行の適正化に関する法律第19条第2項の例による", min_length=1
    )
    # on what they are reckoned: the sum ordered back, or also the surcharge until it was due
    arrears_base: Literal["principal", "with_surcharge"] = "principal"
    # what is owed is reckoned on in whole units of so many yen
    arrears_unit: Literal[1, 10, 100, 1000] = 1
    least_arrears: Yen = 0  # below it none are asked

    # 違約金 for use later than promised; none is asked where it is 0
    late_use_rate: Yearly = Fraction(0)
    late_use_cite: str = ""

    @model_validator(mode="after")
    def _cited(self) -> Self:
        if self.late_use_rate and not self.late_use_cite:
            raise ValueError(_("使用が遅れたときの違約金には、根拠の条項が要ります。"))
        return self

    def late_use(self, yen: int, days: int) -> int:
        """Yen for aid of `yen` that was used so many days late."""
        return interest.interest([Span(yen, days)], self.late_use_rate)

    def surcharge(self, parts: Sequence[PaidIn], paid: Sequence[PaidIn], until: date) -> int:
        return interest.surcharge_on(parts, paid, until, rate=self.surcharge_rate)

    def arrears(self, plans: Sequence[Plan], paid: Sequence[PaidIn], until: date) -> int:
        return interest.arrears_on(
            plans,
            paid,
            until,
            rate=self.arrears_rate,
            unit=self.arrears_unit,
            least=self.least_arrears,
        )

    # -- as papers say it --------------------------------------------------------------------------
    def surcharge_said(self, since: str) -> str:
        rate = percent_said(self.surcharge_rate)
        return (
            f"{since}、その日から納付の日までの日数に応じ、年{rate}パーセントの割合を乗じた額"
            f"（{self.surcharge_cite}）"
        )

    def late_use_said(self) -> str:
        rate = percent_said(self.late_use_rate)
        return f"その日数に応じ、受け取った額に年{rate}パーセントの割合を乗じた額（{self.late_use_cite}）"

    def late_use_told(self, promised: date, used: date, yen: int) -> str:
        """As the order says how it comes to its sum."""
        days = (used - promised).days
        return (
            f"期限　{fiscal.era(promised)}　使い始めた日　{fiscal.era(used)}（{days}日の遅れ）\n"
            f"違約金　{yen:,}円：{self.late_use_said()}"
        )

    def conditions(self) -> list[str]:
        """What an award says of it beforehand."""
        return [
            "加算金：受給者に責任のある取消しで返還を命じたときは、"
            + self.surcharge_said("受け取った額について"),
            "延滞金：返還を命じた額を納期限までに納めないときは、"
            + self.arrears_said("納期限の翌日"),
            *(
                [f"違約金：取得したものを期限までに使い始めないときは、{self.late_use_said()}"]
                if self.late_use_rate
                else []
            ),
        ]

    def arrears_said(self, since: str) -> str:
        notes = []
        if self.arrears_base == "with_surcharge":
            notes.append("納期限までの加算金を含む額")
        if self.arrears_unit > 1:
            notes.append(f"{self.arrears_unit:,}円未満の端数を切り捨てた額")
        base = f"（{'。'.join(notes)}）" if notes else ""
        least = (
            f"。{self.least_arrears:,}円未満のときは、かかりません。" if self.least_arrears else ""
        )
        rate = percent_said(self.arrears_rate)
        return (
            f"{since}から納付の日までの日数に応じ、納めない額{base}に年{rate}パーセントの割合を乗じた額"
            f"{least}（{self.arrears_cite}）"
        )
