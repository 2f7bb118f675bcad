"""What is typed about a check of the ledger: its result, and the decision to go on in spite of it."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.ui.forms import Text


class CheckForm(forms.Form):
    result = forms.ChoiceField(
        label=_lazy("結果"),
        choices=[
            ("clear", _lazy("問題なし")),
            ("concern", _lazy("気になる点あり")),
            ("not_needed", _lazy("不要")),
        ],
    )
    evidence = Text(label=_lazy("確かめた根拠"), max_length=300)


class GoOnForm(forms.Form):
    reason = Text(label=_lazy("進めてよいと判断した理由"), max_length=300)
