"""What is typed about a check of the ledger: its result, and the decision to go on in spite of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.ui.forms import Text


class CheckForm(forms.Form):
    result = forms.ChoiceField(
        label=_("結果"),
        choices=[
            ("clear", _("問題なし")),
            ("concern", _("気になる点あり")),
            ("not_needed", _("不要")),
        ],
    )
    evidence = Text(label=_("確かめた根拠"), max_length=300)


class GoOnForm(forms.Form):
    reason = Text(label=_("進めてよいと判断した理由"), max_length=300)
