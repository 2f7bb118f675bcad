"""What is typed to change a budget line."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from grants.budget.carrying import WAYS
from grants.budget.changes import is_absurd
from grants.budget.models import BudgetLine
from portal.cases.models import Case
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
    """Of which case, how much and why."""

    number = Text(label=_lazy("案件の番号"), max_length=31)
    carried = Yen(label=_lazy("繰り越す額（円）"), least=1)
    way = forms.ChoiceField(
        label=_lazy("繰越の区分"), choices=[*WAYS.items()], widget=forms.RadioSelect
    )
    basis = Text(label=_lazy("根拠（議決の日、事故の内容など）"), max_length=90)

    def __init__(self, data: Sent = None, *, line: BudgetLine) -> None:
        super().__init__(data)
        self._line = line

    def clean_number(self) -> Case:
        """A case whose money the line has promised, by any of its numbers."""
        typed = str(self.cleaned_data["number"]).strip()
        cases = Case.objects.filter(budget_entries__line=self._line).distinct()
        found = cases.filter(Q(number__iexact=typed) | Q(receipt_number__iexact=typed)).first()
        if found is None:
            raise forms.ValidationError(
                _lazy("この予算から交付を決定した案件の番号ではありません。")
            )
        return found
