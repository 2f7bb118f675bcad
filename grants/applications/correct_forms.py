"""What is typed about a correction: what is to be corrected, by when, and the answer in words."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.extensions import ExtensionRequest
from portal import clock
from portal.types import Row, Sent
from portal.ui.forms import Day, LongText, Text
from portal.ui.templatetags import ui

LONGEST = 120  # days from today


def in_reach(day: date | None) -> date | None:
    """Raises ValidationError unless the day, if any, is one of the coming days."""
    if day and day <= clock.today():
        raise forms.ValidationError(_lazy("明日以降の日にしてください。"))
    if day and day > clock.today() + timedelta(days=LONGEST):
        raise forms.ValidationError(_lazy("120日以内の日にしてください。"))
    return day


class CorrectionForm(forms.Form):
    """With the return for correction: the day by which it is to be corrected."""

    correct_by = Day(
        label=_lazy("補正の期限"),
        required=False,
        help_text=_lazy("空けておくと、要綱の日数で決まります。"),
    )

    def clean_correct_by(self) -> date | None:
        return in_reach(self.cleaned_data["correct_by"])


class LaterDay(forms.Form):
    """A day in reach that is after the present day of a correction."""

    def __init__(self, data: Sent = None, *, present: date | None) -> None:
        super().__init__(data)
        self.present = present

    def _later(self, name: str) -> date | None:
        day = in_reach(self.cleaned_data[name])
        if day and self.present and day <= self.present:
            raise forms.ValidationError(_lazy("いまの期限より後の日にしてください。"))
        return day


class ExtensionForm(LaterDay):
    """A later day for the correction, also when the day has passed."""

    wants_object = True
    correct_by = Day(label=_lazy("新しい補正の期限"))

    def __init__(self, data: Sent = None, *, obj: Row) -> None:
        super().__init__(data, present=obj.correct_by)
        text = _("いまの期限は%(day)sです。理由は、申請者にも見えます。")
        self.fields["correct_by"].help_text = (
            text % {"day": ui.day(self.present)} if self.present else ""
        )

    def clean_correct_by(self) -> date | None:
        return self._later("correct_by")


class GrantForm(ExtensionForm):
    """The same for a firm that asked: the day that it asked for, or another one."""

    def __init__(self, data: Sent = None, *, obj: ExtensionRequest) -> None:
        super().__init__(data, obj=obj.row)
        if obj.asked_until > clock.today():
            self.fields["correct_by"].initial = obj.asked_until


class AskForm(LaterDay):
    """What a firm asks for that cannot make the day of its correction."""

    asked_until = Day(label=_lazy("いつまで延ばしてほしいか"))
    reason = LongText(
        label=_lazy("理由"),
        rows=3,
        max_length=600,
        help_text=_lazy("何に、あとどれくらいかかりそうかを書いてください。"),
    )

    def clean_asked_until(self) -> date | None:
        return self._later("asked_until")


class DefectForm(forms.Form):
    NEEDED_SOMETIMES = ("supervisor_reason",)

    part = forms.CharField(widget=forms.HiddenInput, max_length=60)
    part_label = forms.CharField(widget=forms.HiddenInput, max_length=120)
    cite = Text(
        label=_lazy("根拠"),
        max_length=80,
        help_text=_lazy("要綱・募集要項の条項（例：要綱 第6条第2号）"),
    )
    text = LongText(label=_lazy("直していただきたいこと"), rows=3, max_length=600)
    supervisor_reason = Text(
        label=_lazy("前回認めた部分に付ける理由"),
        required=False,
        max_length=300,
        help_text=_lazy("前の版で認め、変わっていない部分のときだけ要ります。"),
    )


class AnswerForm(forms.Form):
    """Why a part stays as it is; left empty, the answer is taken back."""

    text = LongText(label=_lazy("直さずに、言葉で答える"), rows=3, max_length=1000, required=False)
