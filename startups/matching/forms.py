"""Forms of a match: the times offered, the one picked, and what the interview gave."""

from datetime import datetime, time

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.types import Given, Sent
from portal.ui.forms import HOURS, Day, LongText, Text
from portal.ui.templatetags.ui import moment
from startups.matching.models import Match


class SlotsForm(forms.Form):
    """Up to three times for an interview; the first is needed."""

    def __init__(self, data: Sent = None) -> None:
        super().__init__(data)
        for n, label in ((1, _lazy("候補1")), (2, _lazy("候補2")), (3, _lazy("候補3"))):
            self.fields[f"day_{n}"] = Day(label=label, required=n == 1)
            self.fields[f"hour_{n}"] = forms.ChoiceField(
                label=_lazy("開始の時刻"), choices=HOURS, required=False
            )
        self.fields["place"] = Text(
            label=_lazy("場所・方法"),
            max_length=120,
            help_text=_lazy("例：市役所本庁舎12階、オンライン（つなぎ方は連絡でお送りします）"),
        )

    def clean(self) -> Given:
        """{"slots": [ISO moment …], "place": …}."""
        data: Given = super().clean() or {}
        slots = []
        for n in (1, 2, 3):
            day, hour = data.get(f"day_{n}"), data.get(f"hour_{n}") or "10:00"
            if day is None:
                continue
            if day <= clock.today():
                self.add_error(f"day_{n}", _lazy("明日以降の日にしてください。"))
            slots.append(
                datetime.combine(day, time.fromisoformat(hour), tzinfo=clock.JST).isoformat()
            )
        return {"slots": sorted(set(slots)), "place": data.get("place", "")}


class PickForm(forms.Form):
    """One of the times offered."""

    wants_object = True

    def __init__(self, data: Sent = None, *, obj: Match) -> None:
        super().__init__(data)
        choices = [(text, moment(datetime.fromisoformat(text))) for text in obj.slots]
        self.fields["slot"] = forms.ChoiceField(
            label=_lazy("都合のよい日時"), choices=choices, widget=forms.RadioSelect
        )


class OpinionForm(forms.Form):
    """What the department found, and whether it wants the pilot."""

    minutes = LongText(
        label=_lazy("面談・検討の記録"),
        rows=6,
        max_length=4000,
        help_text=_lazy("話し合ったこと、確かめたこと、心配な点。公表しません。"),
    )
    opinion = forms.ChoiceField(
        label=_lazy("担当課の意見"),
        choices=[("agree", _lazy("実証を行いたい")), ("decline", _lazy("見送りたい"))],
        widget=forms.RadioSelect,
    )
