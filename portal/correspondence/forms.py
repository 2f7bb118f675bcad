"""What is written to the other side of a case."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.ui.forms import LongText


class MessageForm(forms.Form):
    body = LongText(label=_lazy("送る文章"), rows=4, max_length=4000)
    # of the office alone, and without a default: each of its two buttons says for whom it is
    internal = forms.ChoiceField(
        label=_lazy("だれが読む文章か"),
        choices=[("on", _lazy("職員だけのメモに残す")), ("off", _lazy("申請者へ送る"))],
        widget=forms.RadioSelect,
    )
