"""Form fields of the look: renderer, date in three parts, money and number typed in any width, safe
text.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypedDict, TypeVar, Unpack

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.forms.renderers import BaseRenderer, TemplatesSetting
from django.forms.utils import ErrorList
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _lazy

from portal import clock, jptext, parsing
from portal.parsing import Doubt, Unclear
from portal.types import Context, Sent
from portal.types import Text as Label
from portal.ui.ports import cannot_draw

# when something may begin
HOURS = [(f"{h:02}:{m:02}", f"{h}:{m:02}") for h in range(9, 20) for m in (0, 30)]


class Renderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


M = TypeVar("M", bound=Model)


def offer(form: forms.BaseForm, name: str, rows: QuerySet[M]) -> None:
    """Let a field of a form choose among `rows`."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} does not choose among rows")
    field.queryset = rows


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, Label]]) -> None:
    """Let a field of a form choose among values with their labels."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} does not choose among values")
    field.choices = list(choices)


def check_text(text: str) -> str:
    """The text, where it holds nothing that people cannot see or no paper can show: the one rule for
    whatever is typed.
    """
    if jptext.has_refused_sign(text):
        raise forms.ValidationError(
            _lazy("目に見えない制御文字が入っています。文字を入力し直してください。")
        )
    if signs := cannot_draw.value(text):
        raise forms.ValidationError(
            _lazy(
                "受付票や通知書に印刷できない文字が入っています：%(signs)s。ふだん使う字体の漢字、かな、アルファベットに直してください。"
            ),
            params={"signs": "、".join(map(_named, signs))},
        )
    return text


def _named(sign: str) -> str:
    """A sign with its code point, by which it is found where a screen cannot show it either."""
    code = f"U+{ord(sign):04X}"
    return code if unicodedata.category(sign)[0] in "CM" else f"「{sign}」（{code}）"


class FieldOptions(TypedDict, total=False):
    """What every field takes."""

    required: bool
    label: Label
    initial: object
    help_text: Label
    widget: forms.Widget | type[forms.Widget]
    disabled: bool
    validators: Sequence[Callable[[object], None]]
    error_messages: dict[str, Label]


class TextOptions(FieldOptions, total=False):
    max_length: int
    min_length: int
    strip: bool


class YenOptions(FieldOptions, total=False):
    least: int | None


class RowOptions(TypedDict, total=False):
    """What a set of rows builds the form of each row with, as Django's form takes it."""

    data: Sent
    files: "MultiValueDict[str, UploadedFile[bytes]] | None"
    auto_id: str
    prefix: str
    initial: dict[str, object]
    error_class: type[ErrorList]
    empty_permitted: bool
    use_required_attribute: bool
    renderer: BaseRenderer


class Text(forms.CharField):
    """One line as it was typed, a pasted line end being a space. The browser is told the limit, never to cut."""

    example = ""  # an answer as one may write it, to be read beside the field

    def __init__(self, **options: Unpack[TextOptions]) -> None:
        options.setdefault("max_length", 200)
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        attrs: dict[str, object] = super().widget_attrs(widget)
        limit = attrs.pop("maxlength", None)
        return attrs if limit is None else attrs | {"data-limit": limit}

    def to_python(self, value: str | None) -> str | None:
        return self.in_lines(super().to_python(value) or "")

    def in_lines(self, text: str) -> str:
        return " ".join(text.replace("\t", "\n").splitlines())

    def clean(self, value: str | None) -> str:
        return check_text(super().clean(value))


class LongText(Text):
    def __init__(self, *, rows: int = 6, **options: Unpack[TextOptions]) -> None:
        options.setdefault("max_length", 4000)
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**options)

    def in_lines(self, text: str) -> str:
        """Browsers send CR LF, which is one end of a line."""
        return text.replace("\r\n", "\n").replace("\r", "\n")


DOUBTS = {
    Doubt.NO_NUMBER: _lazy("数字で入力してください（例：1,200,000）。"),
    Doubt.TWO_NUMBERS: _lazy("数が2つあるように読めます。1つだけ入力してください。"),
    Doubt.COMMAS: _lazy(
        "コンマや空白の位置が3桁ごとになっていません。数字だけで入力し直してください（例：1,200,000）。"
    ),
    Doubt.DECIMALS: _lazy("小数は使えません。整数で入力してください。"),
    Doubt.NEGATIVE: _lazy("0以上の数を入力してください。"),
    Doubt.TOO_MUCH: _lazy("桁が多すぎます。数字を確かめてください。"),
    Doubt.NO_DAY: _lazy(
        "日付として読めません。年・月・日を入力してください（例：2027年2月1日、令和9年2月1日）。"
    ),
    Doubt.NO_SUCH_DAY: _lazy("暦にない日です。年・月・日を確かめてください（例：2027年2月1日）。"),
    Doubt.YEAR_UNCLEAR: _lazy(
        "どの年かがはっきりしません。西暦4桁か、元号を付けて入力してください（例：2027年、令和9年、R9）。"
    ),
    Doubt.ERA_ENDED: _lazy("その元号にはない日です。西暦で入力するか、元号を確かめてください。"),
    Doubt.WEEKDAY: _lazy("日付と曜日が合いません。どちらが正しいか確かめてください。"),
    Doubt.NO_YEAR: _lazy("年を西暦4桁か元号で入力してください（例：2026、令和8）。"),
    Doubt.POSTAL: _lazy("郵便番号は7桁の数字で入力してください（例：060-0001）。"),
    Doubt.PHONE: _lazy(
        "電話番号は市外局番から入力してください（例：011-000-0001）。国外の番号は+と国番号から始めます（例：+44 20 7946 0000）。"
    ),
    Doubt.CORPORATE_LENGTH: _lazy("法人番号は13桁の数字です。"),
    Doubt.PERSONAL_NUMBER: _lazy(
        "12桁の番号は法人番号ではありません。個人番号（マイナンバー）や会社法人等番号は入力しないでください。"
    ),
    Doubt.CHECK_DIGIT: _lazy(
        "番号のどこかに打ち間違いがあるようです。13桁をもう一度確かめてください。"
    ),
    Doubt.INVOICE: _lazy("登録番号は、Tと13桁の数字です（例：T1234567890123）。"),
    Doubt.CODE: _lazy("数字だけで入力してください。桁の数も確かめてください。"),
}


class Read(forms.Field):
    """A control whose text is read by one function of `portal.parsing`; what is unclear is refused,
    and why is said.
    """

    read: Callable[[str], object]
    widget = forms.TextInput(attrs={"autocomplete": "off"})

    def to_python(self, value: object) -> object:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if not isinstance(value, str):
            return value
        try:
            return self.read(value)
        except Unclear as unclear:
            raise forms.ValidationError(DOUBTS[unclear.doubt], code=unclear.doubt) from unclear


class Yen(Read):
    """A sum in yen, typed with or without commas in any width; cleaned to int, at least `least`
    where that is given.
    """

    read = staticmethod(parsing.yen)
    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "class": "input--money w-10", "autocomplete": "off"}
    )

    def __init__(self, *, least: int | None = None, **options: Unpack[FieldOptions]) -> None:
        super().__init__(**options)
        self.least = least

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is not None and self.least is not None and value < self.least:
            raise forms.ValidationError(
                _lazy("%(least)s以上の数を入力してください。"), params={"least": f"{self.least:,}"}
            )

    def prepare_value(self, value: object) -> object:
        return f"{value:,}" if isinstance(value, int) else value


class SignedYen(Yen):
    """A sum in yen that may be negative, with − or the accountant's ▲ before it; cleaned to int."""

    read = staticmethod(parsing.signed_yen)


class Number(Yen):
    """A whole number typed in any width; `counters` are the words for what is counted that may
    follow (人, 名).
    """

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w-6", "autocomplete": "off"})

    def __init__(self, *, counters: str = "", **options: Unpack[YenOptions]) -> None:
        super().__init__(**options)
        self.read = partial(parsing.count, counters=counters)


class Decimals(Read):
    """A number with at most three decimals, typed in any width; cleaned to Decimal."""

    read = staticmethod(parsing.decimal)
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "w-8", "autocomplete": "off"})

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is not None and (abs(value) >= 10**11 or value != round(value, 3)):
            raise forms.ValidationError(
                _lazy("数で入力してください。小数は3桁までです（例：3.5）。")
            )

    def prepare_value(self, value: object) -> object:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class Year(Read):
    """A calendar or fiscal year, written without a comma; an era's year is understood.

    Cleaned to int.
    """

    read = staticmethod(parsing.year)
    widget = forms.TextInput(attrs={"class": "w-6", "autocomplete": "off"})


class ReadText(Read):
    """A kind that is kept as text: left empty, it is cleaned to an empty text."""

    def to_python(self, value: object) -> object:
        return super().to_python(value) or ""


class PostalCode(ReadText):
    """郵便番号, cleaned to seven digits."""

    read = staticmethod(parsing.postal_code)
    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "class": "w-10", "autocomplete": "postal-code"}
    )


class Phone(ReadText):
    """A telephone number, cleaned to half width with hyphens (at most 30 signs)."""

    read = staticmethod(parsing.phone)
    widget = forms.TextInput(attrs={"inputmode": "tel", "class": "w-16", "autocomplete": "tel"})


class InvoiceNumber(ReadText):
    """登録番号 of an issuer of qualified invoices, cleaned to T and thirteen digits."""

    read = staticmethod(parsing.invoice_number)
    widget = forms.TextInput(attrs={"class": "w-16", "autocomplete": "off"})


class Code(ReadText):
    """Digits that name something, at most `most`; cleaned to digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w-10", "autocomplete": "off"})

    def __init__(self, *, most: int, fewest: int = 1, **options: Unpack[FieldOptions]) -> None:
        super().__init__(**options)
        self.read = partial(parsing.code, most=most, fewest=fewest)


class Email(forms.EmailField):
    """An address of e-mail, typed in any width."""

    def to_python(self, value: str | None) -> str | None:
        return super().to_python(parsing.email(value) if isinstance(value, str) else value)


class DateParts(forms.MultiWidget):
    """Year, month, day as three short boxes (no picker is needed, any width is understood)."""

    template_name = "components/date.html"
    PARTS = ("y", "m", "d")

    def __init__(self) -> None:
        part = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(widgets={name: forms.TextInput(attrs=part) for name in self.PARTS})

    def decompress(self, value: date | str | None) -> list[int] | list[str]:
        if isinstance(value, str) and value:
            value = date.fromisoformat(value)
        return [value.year, value.month, value.day] if value else ["", "", ""]

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> Context:
        context = super().get_context(name, value, attrs)
        invalid = context["widget"]["attrs"].get("aria-invalid")
        parts = (
            ("w-6", _lazy("年（西暦4桁か元号。日付の全体も入力できます）")),
            ("w-3", _lazy("月")),
            ("w-3", _lazy("日")),
        )
        for sub, (css, label) in zip(context["widget"]["subwidgets"], parts, strict=True):
            sub["attrs"] |= {"class": f"input {css}", "aria-label": str(label)}
            if invalid:
                sub["attrs"]["aria-invalid"] = "true"
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class Day(forms.Field):
    """A day, typed as year, month and day or as a whole into the first control; cleaned to date."""

    widget = DateParts

    def clean(self, value: Iterable[object] | date | None) -> date | None:
        if isinstance(value, date):
            return value
        parts = [str(part or "") for part in (value or ["", "", ""])]
        if not any(part.strip() for part in parts):
            if self.required:
                raise forms.ValidationError(
                    _lazy("年・月・日を入力してください。"), code="required"
                )
            return None
        try:
            return parsing.day_of_parts(*parts)
        except Unclear as unclear:
            raise forms.ValidationError(DOUBTS[unclear.doubt], code=unclear.doubt) from unclear

    def has_changed(self, initial: object, data: Iterable[object] | None) -> bool:
        return any(data or [])


class PastDay(Day):
    """A day that is not still to come."""

    def clean(self, value: Iterable[object] | date | None) -> date | None:
        day = super().clean(value)
        if day is not None and day > clock.today():
            raise forms.ValidationError(_lazy("今日までの日を入力してください。"))
        return day
