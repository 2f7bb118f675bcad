"""Who takes part, the sessions of a course, and the survey."""

from datetime import date, datetime, time

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.forms import SectionForm
from grants.seats import courses
from grants.seats.models import Survey
from portal import clock
from portal.types import Given
from portal.ui.forms import HOURS, Day, LongText, Number, Text
from portal.ui.names import Name


class ParticipantsForm(SectionForm):
    """Name and work of each; as many lines as one firm may send people."""

    def build(self) -> None:
        for n in range(1, self.most + 1):
            self.fields[f"name_{n}"] = Name(
                label=_lazy("受講する人%(n)sの氏名") % {"n": n}, max_length=80, required=n == 1
            )
            self.fields[f"work_{n}"] = Text(
                label=_lazy("その人の仕事"), max_length=80, required=n == 1
            )

    @property
    def most(self) -> int:
        return max(frame.cap for frame in self.stated.frames)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        names = [data.get(f"name_{n}") for n in range(1, self.most + 1)]
        for n in range(2, self.most + 1):
            if data.get(f"work_{n}") and not data.get(f"name_{n}"):
                self.add_error(f"name_{n}", _("氏名を入力してください。"))
            if data.get(f"name_{n}") and data[f"name_{n}"] in names[: n - 1]:
                self.add_error(f"name_{n}", _("同じ人が2回あります。"))
        return data

    def content(self) -> Given:
        data = self.cleaned_data
        lines = [(data.get(f"name_{n}"), data.get(f"work_{n}")) for n in range(1, self.most + 1)]
        return {"people": [{"name": name, "work": work or ""} for name, work in lines if name]}


class SessionForm(forms.Form):
    title = Text(label=_lazy("内容"), max_length=80)
    day = Day(label=_lazy("日"))
    hour = forms.ChoiceField(label=_lazy("開始の時刻"), choices=HOURS, initial="14:00")
    place = Text(label=_lazy("場所・方法"), max_length=120)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if wrong := courses.misfit(day):
            raise forms.ValidationError(wrong)
        return day

    def clean(self) -> Given:
        """{"title", "starts_at", "place"}."""
        data: Given = super().clean() or {}
        if not data.get("day"):
            return data
        starts_at = datetime.combine(
            data["day"], time.fromisoformat(data.get("hour") or "14:00"), tzinfo=clock.JST
        )
        return {
            "title": data.get("title", ""),
            "place": data.get("place", ""),
            "starts_at": starts_at,
        }


class SurveyForm(forms.Form):
    used = forms.ChoiceField(
        label=_lazy("学んだことを、いま仕事で使っていますか"),
        choices=Survey.USED,
        widget=forms.RadioSelect,
    )
    hours_saved = Number(
        label=_lazy("減った仕事の時間（ひと月に何時間）"),
        least=0,
        help_text=_lazy("減っていなければ0と入力してください。"),
    )
    text = LongText(label=_lazy("使い方や困っていること"), rows=4, max_length=1000, required=False)
