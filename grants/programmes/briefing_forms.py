"""説明会: what is typed of one, with a new call and of one that was announced."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.models import Call
from grants.programmes.models.saying import Briefing
from portal import clock
from portal.types import Given, Sent
from portal.ui.forms import Day, Text
from portal.ui.times import TimeOfDay


def briefing_of(call: Call) -> Given:
    """What the fields of a briefing begin with; nothing where there is none."""
    if not call.briefings:
        return {}
    briefing = call.briefings[0]
    at = datetime.fromisoformat(briefing["at"])
    return {
        "briefing_on": clock.day_of(at),
        "briefing_at": f"{at.astimezone(clock.JST):%H:%M}",
        "briefing_place": briefing["place"],
    }


def demand_place(form: forms.Form, data: Given) -> None:
    """A briefing is nothing to come to without its place."""
    if data.get("briefing_on") and not data.get("briefing_place"):
        form.add_error("briefing_place", _lazy("説明会の場所を書いてください。"))


def briefings(data: Given) -> list[Briefing]:
    """What the fields of a briefing say; none without a day."""
    if not data.get("briefing_on"):
        return []
    at = datetime.combine(data["briefing_on"], data["briefing_at"], clock.JST)
    return [{"at": at.isoformat(), "place": data["briefing_place"]}]


class BriefingForm(forms.Form):
    """When and where an announced call is explained; without a day it is not."""

    wants_object = True

    briefing_on = Day(
        label=_lazy("説明会の日"),
        required=False,
        help_text=_lazy("開かないことにしたときは、空けてください。"),
    )
    briefing_at = TimeOfDay("14:00", label=_lazy("説明会の始まる時刻"))
    briefing_place = Text(label=_lazy("説明会の場所"), required=False, max_length=80)

    def __init__(self, data: Sent = None, *, obj: Call) -> None:
        super().__init__(data, initial=briefing_of(obj))

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if not self.errors:
            demand_place(self, data)
            day = data["briefing_on"]
            if day and datetime.combine(day, data["briefing_at"], clock.JST) <= clock.now():
                self.add_error("briefing_on", _lazy("これからの日にしてください。"))
        return {"briefings": briefings(data)} if not self.errors else data
