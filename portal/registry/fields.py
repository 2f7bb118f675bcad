"""Form fields that know the registry."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.registry import corporate_number, seats, trades
from portal.registry.models import Industry
from portal.registry.seats import Seat
from portal.types import Given
from portal.types import Text as Label
from portal.ui.forms import ReadText, Text

TRADE_EXAMPLES = _lazy(
    "売上のいちばん多い仕事を選んでください。番号を打つと、その業種に移ります。例：店でつくって売る（パン・菓子）58、食堂・カフェ 76、美容室 78、工務店 06、ソフト開発 39"
)


class CorporateNumber(ReadText):
    """法人番号 in any width; cleaned to thirteen digits, the mistake explained."""

    read = staticmethod(corporate_number.clean)
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w-16", "autocomplete": "off"})


def trade(
    *, label: Label, nobody: Label, required: bool = True
) -> "forms.ModelChoiceField[Industry]":
    """業種: the middle groups under their major groups, read from no table. A number typed into the list
    goes to it, in any browser.
    """
    field = forms.ModelChoiceField(
        Industry.objects.all(), label=label, required=required, help_text=TRADE_EXAMPLES
    )
    field.choices = lambda: trades.to_choose(nobody)
    return field


class SeatForm(forms.Form):
    """Where the head office is: joined to the forms that ask for it.

    `seat()` is what both controls say together.
    """

    NEEDED_SOMETIMES = ("country",)

    area = forms.ChoiceField(
        label=_lazy("本社のある所"),
        choices=seats.choices,
        help_text=_lazy("札幌圏の外や、国外の会社は、都道府県か「日本の外」を選んでください。"),
    )
    country = Text(label=_lazy("国名（本社が国外のとき）"), required=False, max_length=60)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        abroad = data.get("area") == seats.ABROAD
        if abroad and not data.get("country") and "country" not in self.errors:
            self.add_error("country", _lazy("国名を入力してください。"))
        if not abroad:
            data["country"] = ""
        return data

    def seat(self) -> Seat:
        return seats.of(self.cleaned_data.get("area") or "", self.cleaned_data.get("country", ""))
