"""What is typed about a request about one's own data."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.privacy.models import DataRequest
from portal.types import Given
from portal.ui.forms import Day, LongText, Text
from portal.ui.names import Name


class AskForm(forms.Form):
    NEEDED_SOMETIMES = ("wanted",)

    kind = forms.ChoiceField(
        label=_lazy("求めること"), choices=DataRequest.KINDS, widget=forms.RadioSelect
    )
    about = LongText(
        label=_lazy("どの情報について"),
        rows=3,
        max_length=1000,
        help_text=_lazy("例：2026年の申請で提出した役員の名簿"),
    )
    wanted = LongText(
        label=_lazy("どのように直すか、なぜ停止を求めるか（訂正と利用の停止のとき）"),
        rows=3,
        max_length=1000,
        required=False,
    )

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if data.get("kind") in ("correct", "stop") and not data.get("wanted"):
            self.add_error("wanted", _lazy("訂正と利用の停止では、ここも書いてください。"))
        return data


class EnterForm(AskForm):
    name = Name(label=_lazy("請求した方の氏名"), max_length=80)
    address = Text(label=_lazy("住所"), max_length=200)
    identified_by = Text(
        label=_lazy("本人であることを確かめた書類"),
        max_length=120,
        help_text=_lazy("例：運転免許証。番号は書かないでください。"),
    )
    received_on = Day(label=_lazy("請求書を受け取った日"))


class ProlongForm(forms.Form):
    extension = LongText(
        label=_lazy("延長の理由（請求した方に知らせます）"), rows=2, max_length=500
    )


class DraftForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_lazy("決定の案"), choices=DataRequest.OUTCOMES, widget=forms.RadioSelect
    )
    reason = LongText(
        label=_lazy("理由（行わない部分があるとき）"),
        rows=3,
        max_length=1000,
        required=False,
        help_text=_lazy("通知書に載ります。根拠の条文も書いてください。"),
    )
