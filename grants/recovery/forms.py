"""Instalments, and money that came in."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from grants.recovery.listing import STAGES
from portal.ui.forms import Day, LongText, Text, Yen
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


class GiveBackForm(forms.Form):
    on = Day(label=_lazy("返した日"))


class TakingBackForm(forms.Form):
    ground = LongText(
        label=_lazy("取り消す理由"),
        rows=3,
        max_length=600,
        help_text=_lazy(
            "何を見て誤りとわかったか、正しくはどうかを書いてください。確認する方が読みます。"
        ),
    )


class ReceiptForm(ShownForm):
    amount = Yen(label=_lazy("納付された額（円）"), least=1)
    paid_on = Day(label=_lazy("納付の日"))
    note = Text(label=_lazy("納付書の番号など"), max_length=120, required=False)
    payer = Text(label=_lazy("納付した人（受給者でないとき）"), max_length=60, required=False)
