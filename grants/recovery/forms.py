"""Instalments, and money that came in."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.recovery import collecting, deferring
from grants.recovery.listing import STAGES
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.types import Given, Sent
from portal.ui.forms import Day, Decimals, LongText, Text, Yen
from portal.workflow.shown import ShownForm


class StageFilter(forms.Form):
    stage = forms.ChoiceField(label=_lazy("段階"), choices=STAGES, required=False)


class DemandForm(forms.Form):
    answer_by = Day(label=_lazy("納める日"))
    fee = Yen(
        label=_lazy("督促手数料（円）"),
        required=False,
        help_text=_lazy("条例で定めるときだけ入力してください。"),
    )


class SurplusForm(forms.Form):
    seen = forms.BooleanField(label=_lazy("収納の記録で、入金と額を確かめました"))


class RatesForm(forms.Form):
    """The rate of each year that the table has not yet."""

    def __init__(self, data: Mapping[str, str], years: Iterable[int]) -> None:
        self.years = list(years)
        is_asked = any(self._name(year) in data for year in self.years)
        super().__init__(data if is_asked else None)
        for year in self.years:
            self.fields[self._name(year)] = Decimals(
                label=_("%(year)s年の還付加算金の割合（年%%、計画値）") % {"year": year},
                help_text=_("告示の割合を確かめて入力してください（例：0.9）。"),
            )

    @staticmethod
    def _name(year: int) -> str:
        return f"rate_{year}"

    def rates(self) -> dict[int, Fraction] | None:
        """What was typed; None where something is missing."""
        if not self.years:
            return {}
        if not self.is_valid():
            return None
        return {year: Fraction(self.cleaned_data[self._name(year)]) / 100 for year in self.years}


class GiveBackForm(forms.Form):
    on = Day(label=_lazy("返した日"))


class TakingBackForm(forms.Form):
    ground = LongText(
        label=_lazy("取り消す理由"),
        rows=3,
        max_length=600,
        help_text=_lazy(
            "何を見て誤りと分かったか、正しくはどうかを書いてください。確認する方が読みます。"
        ),
    )


class ReceiptForm(ShownForm):
    amount = Yen(label=_lazy("納付された額（円）"), least=1)
    paid_on = Day(label=_lazy("納付の日"))
    note = Text(label=_lazy("納付書の番号など"), max_length=120, required=False)
    payer = Text(label=_lazy("納付した人（受給者でないとき）"), max_length=60, required=False)


class OwedReceiptForm(ReceiptForm):
    """Of an order: what is more than is owed asks once more before it is booked."""

    is_above = forms.BooleanField(label=_lazy("納めすぎとして記録する"), required=False)

    def __init__(self, data: Sent = None, *, recovery: Recovery) -> None:
        first = {
            "paid_on": clock.today(),
            "amount": deferring.next_amount(recovery),
            "seen": collecting.came_in(recovery),
        }
        super().__init__(data, initial=first)
        self._recovery = recovery
        if not self.is_bound:
            del self.fields["is_above"]

    def clean(self) -> Given:
        given = super().clean() or {}
        amount, paid_on = given.get("amount"), given.get("paid_on")
        over = 0
        if amount and paid_on:
            over = self._recovery.too_much_of(MoneyIn(amount=amount, paid_on=paid_on))
        if not over:
            del self.fields["is_above"]
        elif not given.get("is_above"):
            text = _(
                "残りの額より%(yen)s円多い納付です。額に誤りがなければ、印を付けて、もう一度記録してください。多い分は預かり、別の職員が確かめたあと、過誤納金還付通知書を送ってお返しします。"
            )
            self.add_error("is_above", text % {"yen": f"{over:,}"})
        given.pop("is_above", None)
        return given
