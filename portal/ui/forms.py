"""Form fields of the look: renderer, date in three parts, money and number typed in any width, safe text."""

from datetime import date
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from portal import clock, jptext

HOURS = [(f"{h:02}:{m:02}", f"{h}:{m:02}") for h in range(9, 20) for m in (0, 30)]  # when something may begin


class Renderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


def faults(*sent: forms.BaseForm | None) -> list[tuple[str, str]]:
    """(id of the control, label and what is wrong) of every field at fault, for the summary at the top of a page of forms."""
    return [
        (
            form[name].id_for_label if name in form.fields else "",
            f"{form[name].label}：{text}" if name in form.fields else text,
        )
        for form in sent
        if form is not None and form.is_bound
        for name, texts in form.errors.items()
        for text in texts
    ]


def check_text(text: str) -> str:
    if jptext.has_refused_sign(text):
        raise forms.ValidationError(_("目に見えない制御文字が入っています。文字を入力し直してください。"))
    return text


class Text(forms.CharField):
    """One line, kept exactly as typed but for line ends: browsers send CR LF, which is one end of a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 200, **options})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if text else text

    def clean(self, value: Any) -> Any:
        return check_text(super().clean(value))


class LongText(Text):
    def __init__(self, *, rows: int = 6, **options: Any) -> None:
        super().__init__(**{"max_length": 4000, "widget": forms.Textarea(attrs={"rows": rows}), **options})


class Yen(forms.Field):
    """A sum in yen, typed with or without commas in any width; cleaned to int, at least `least` where that is given."""

    def __init__(self, *, least: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.least = least

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and self.least is not None and value < self.least:
            raise forms.ValidationError(_("%(least)s以上の数を入力してください。"), params={"least": f"{self.least:,}"})

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "input--money w-10", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        if value in (None, ""):
            return None
        if isinstance(value, int):
            return value
        try:
            return jptext.yen(str(value))
        except ValueError as error:
            raise forms.ValidationError(_("金額は数字だけで入力してください（例：1,200,000）。")) from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


class SignedYen(Yen):
    """A sum in yen that may be negative, with − or the accountant's ▲ before it; cleaned to int."""

    def to_python(self, value: Any) -> int | None:
        text = value.strip() if isinstance(value, str) else ""
        if not text.startswith(("-", "−", "－", "▲", "△")):
            return super().to_python(value)
        found = super().to_python(text[1:])
        return None if found is None else -found


class Number(Yen):
    """A whole number typed in any width."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w-6", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(_("数字で入力してください。")) from error


class DateParts(forms.MultiWidget):
    """Year, month, day as three short boxes (no picker is needed, any width is understood)."""

    template_name = "components/date.html"

    def __init__(self) -> None:
        part = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(widgets={name: forms.TextInput(attrs=part) for name in ("y", "m", "d")})

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, str) and value:
            value = date.fromisoformat(value)
        return [value.year, value.month, value.day] if value else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        invalid = context["widget"]["attrs"].get("aria-invalid")
        parts = (("w-6", _("年（西暦）")), ("w-4", _("月")), ("w-4", _("日")))
        for sub, (css, label) in zip(context["widget"]["subwidgets"], parts, strict=True):
            sub["attrs"] |= {"class": f"input {css}", "aria-label": str(label)}
            if invalid:
                sub["attrs"]["aria-invalid"] = "true"
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class Day(forms.Field):
    """A day; cleaned to date."""

    widget = DateParts

    def clean(self, value: Any) -> date | None:
        parts = (
            [jptext.digits(str(part or "")) for part in (value or ["", "", ""])]
            if not isinstance(value, date)
            else None
        )
        if parts is None:
            return value
        if not any(parts):
            if self.required:
                raise forms.ValidationError(_("年・月・日を入力してください。"))
            return None
        try:
            return date(*[int(part) for part in parts])
        except ValueError as error:
            raise forms.ValidationError(_("暦にある年・月・日を入力してください（例：2027年2月1日）。")) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return any(data or [])


class PastDay(Day):
    """A day that is not still to come."""

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and day > clock.today():
            raise forms.ValidationError(_("今日までの日を入力してください。"))
        return day
