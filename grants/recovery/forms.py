"""Instalments, and money that came in."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.ui.forms import Day, LongText, Text, Yen


class InstalmentForm(forms.Form):
    due_on = Day(label=_("新しい納期限"))
    instalments = LongText(
        label=_("分割の計画"), rows=3, max_length=600, help_text=_("納める日と額を1行ずつ。")
    )

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day <= clock.today():
            raise forms.ValidationError(_("今日より後の日にしてください。"))
        return day


class ReceiptForm(forms.Form):
    amount = Yen(label=_("納付された額（円）"), least=1)
    paid_on = Day(label=_("納付の日"))
    note = Text(label=_("納付書の番号など"), max_length=120, required=False)
