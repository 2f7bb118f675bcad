"""What is typed to change a budget line."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from grants.budget.changes import is_absurd
from grants.budget.models import BudgetLine
from portal.types import Given, Sent
from portal.ui.forms import Text, Yen


class AppropriateForm(forms.Form):
    amount = Yen(label=_lazy("増やす額（円または件数）"), least=1)
    again = Yen(label=_lazy("同じ額をもう一度"), required=False)
    note = Text(label=_lazy("根拠（補正予算、流用など）"), max_length=120)

    def __init__(self, data: Sent = None, *, line: BudgetLine) -> None:
        super().__init__(data)
        if not self._asks_again(line):
            del self.fields["again"]

    def _asks_again(self, line: BudgetLine) -> bool:
        """Is what was typed so much that it is asked a second time?"""
        typed = (self.data or {}).get("amount", "")
        try:
            amount = self.fields["amount"].clean(typed)
        except forms.ValidationError:
            return False
        return is_absurd(line, amount)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if "again" in self.fields and data.get("again") != data.get("amount"):
            self.add_error(
                "again",
                _lazy(
                    "いまの予算に比べて、たいへん大きな額です。桁を確かめて、同じ額をもう一度入力してください。"
                ),
            )
        return data


class CarryForm(forms.Form):
    carried = Yen(label=_lazy("繰り越す額（円）"), least=1)
    basis = Text(label=_lazy("根拠（繰越明許費、事故繰越など）"), max_length=120)
