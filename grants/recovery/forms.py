"""Instalments, and money that came in."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.ui.forms import Day, LongText, Text, Yen


class InstalmentForm(forms.Form):
    due_on = Day(label=_lazy("新しい納期限"))
    instalments = LongText(
        label=_lazy("分割の計画"),
        rows=3,
        max_length=600,
        help_text=_lazy("納める日と額を1行ずつ。"),
    )

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day <= clock.today():
            raise forms.ValidationError(_lazy("今日より後の日にしてください。"))
        return day


class TakingBackForm(forms.Form):
    ground = LongText(
        label=_lazy("取り消す理由"),
        rows=3,
        max_length=600,
        help_text=_lazy(
            "何を見て誤りとわかったか、正しくはどうかを書いてください。確認する方が読みます。"
        ),
    )


class ReceiptForm(forms.Form):
    amount = Yen(label=_lazy("納付された額（円）"), least=1)
    paid_on = Day(label=_lazy("納付の日"))
    note = Text(label=_lazy("納付書の番号など"), max_length=120, required=False)
