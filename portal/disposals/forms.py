"""What is typed of the end of records."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.types import Given
from portal.ui.forms import Day, LongText, Text

LONGEST = timedelta(days=366 * 10)  # by which keeping is extended at once


class FateForm(forms.Form):
    """What becomes of the records of a case."""

    FATES = {
        "destroy": _lazy("廃棄する"),
        "set_aside": _lazy("公文書館へ移管する"),
        "extend": _lazy("保存期間を延ばす"),
    }

    NEEDED_SOMETIMES = ("until",)

    fate = forms.ChoiceField(
        label=_lazy("保存期間が満了した記録の扱い"),
        choices=[*FATES.items()],
        widget=forms.RadioSelect,
    )
    until = Day(
        label=_lazy("いつまで延ばすか"),
        required=False,
        help_text=_lazy("保存期間を延ばすときに書いてください。10年まで延ばせます。"),
    )
    reason = LongText(
        label=_lazy("理由"),
        rows=2,
        max_length=1000,
        help_text=_lazy("廃棄簿に残ります。個人の名前は書かないでください。"),
    )

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        until = data.get("until")
        if data.get("fate") != "extend":
            return data | {"until": ""}
        if until is None:
            if "until" not in self.errors:
                self.add_error("until", _lazy("いつまで延ばすかを書いてください。"))
            return data
        if not clock.today() < until <= clock.today() + LONGEST:
            self.add_error("until", _lazy("明日から10年以内の日にしてください。"))
        return data | {"until": until.isoformat()}  # a draft keeps texts


class ReceiptForm(forms.Form):
    receipt = Text(label=_lazy("公文書館の受入番号"), max_length=60)
    received_on = Day(label=_lazy("引き渡した日"))

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_lazy("今日までの日にしてください。"))
        return day
