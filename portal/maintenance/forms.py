"""What is typed to announce a maintenance."""

from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.maintenance.announcing import Wanted
from portal.types import Given
from portal.ui.forms import Day, Text
from portal.ui.times import TimeOfDay

LONGEST = timedelta(hours=24)  # that one maintenance lasts at most
AHEAD = timedelta(days=180)  # in advance


class MaintenanceForm(forms.Form):
    starts_on = Day(label=_lazy("始まる日"))
    starts = TimeOfDay("22:00", label=_lazy("始まる時刻"))
    ends_on = Day(
        label=_lazy("終わる日"), required=False, help_text=_lazy("同じ日なら空けておきます。")
    )
    ends = TimeOfDay("23:00", label=_lazy("終わる時刻"))
    about = Text(
        label=_lazy("何をするか"),
        max_length=80,
        help_text=_lazy("すべてのページに出ます（例：システムの更新）。"),
    )
    about_en = Text(label=_lazy("何をするか（英語のページ）"), max_length=120)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on") or data.get("starts_on")
        if first is None or last is None or self.errors:
            return data
        starts_at = datetime.combine(first, data["starts"], clock.JST)
        ends_at = datetime.combine(last, data["ends"], clock.JST)
        if ends_at <= starts_at:
            self.add_error("ends", _lazy("始まる時刻より後にしてください。"))
        elif ends_at - starts_at > LONGEST:
            self.add_error("ends", _lazy("一度に閉じられるのは24時間までです。"))
        if ends_at <= clock.now():
            self.add_error("starts_on", _lazy("終わる時刻が過ぎています。"))
        elif starts_at > clock.now() + AHEAD:
            self.add_error("starts_on", _lazy("半年以内の日にしてください。"))
        return {**data, "starts_at": starts_at, "ends_at": ends_at}

    @property
    def wanted(self) -> Wanted:
        names = ("starts_at", "ends_at", "about", "about_en")
        return Wanted(**{name: self.cleaned_data[name] for name in names})
