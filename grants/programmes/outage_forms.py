"""What is typed of an outage near a closing moment."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.outages import Wanted
from portal import clock
from portal.ui.forms import LongText, PastDay
from portal.ui.times import TimeOfDay


class OutageForm(forms.Form):
    since_on = PastDay(label=_lazy("始まった日"))
    since = TimeOfDay("17:00", label=_lazy("始まった時刻"), help_text=_lazy("前の30分に広げます。"))
    until_on = PastDay(
        label=_lazy("終わった日"), required=False, help_text=_lazy("同じ日なら空けておきます。")
    )
    until = TimeOfDay("17:30", label=_lazy("終わった時刻"), help_text=_lazy("後の30分に広げます。"))
    known_by = LongText(
        label=_lazy("何で分かったか"),
        rows=3,
        max_length=500,
        help_text=_lazy(
            "警報、記録の行（503の件数など）、電話のあった時刻など。職員だけが読みます。"
        ),
    )
    reason = LongText(
        label=_lazy("公表する理由"),
        rows=3,
        max_length=500,
        help_text=_lazy("締切を延ばす公募のページにそのまま載ります。"),
    )
    reason_en = LongText(
        label=_lazy("公表する理由（英語のページ）"), rows=3, max_length=500, required=False
    )

    @property
    def wanted(self) -> Wanted:
        data = self.cleaned_data
        last = data["until_on"] or data["since_on"]
        return Wanted(
            since=datetime.combine(data["since_on"], data["since"], clock.JST),
            until=datetime.combine(last, data["until"], clock.JST),
            **{name: data[name] for name in ("known_by", "reason", "reason_en")},
        )
