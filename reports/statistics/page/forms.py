"""What a visitor may choose by: year, programme, area, and what is counted.

And what the office fills in.
"""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.days import fiscal_year_said
from portal.registry.models import Area, in_english
from portal.types import Sent
from portal.ui.forms import LongText, Year, offer_choices
from reports.statistics.releasing.figures import Figures

SHOWN = [
    ("awards", _lazy("交付決定の件数")),
    ("awarded_yen", _lazy("交付決定額")),
    ("paid_yen", _lazy("支払いが済んだ額")),
    ("per_1000", _lazy("事業所千か所あたりの件数")),
    ("applications", _lazy("申請の件数")),
    ("outside", _lazy("国などからの補助の件数")),
]


class FilterForm(forms.Form):
    """The choices are those of the release: what it does not have cannot be asked for."""

    year = forms.TypedChoiceField(label=_lazy("年度"), coerce=int, empty_value=None, required=False)
    programme = forms.ChoiceField(label=_lazy("制度"), required=False)
    area = forms.ChoiceField(label=_lazy("区・市町村"), required=False)
    show = forms.ChoiceField(label=_lazy("地図で数えるもの"), choices=SHOWN, required=False)

    def __init__(self, data: Sent, *, figures: Figures, areas: list[Area]) -> None:
        super().__init__(data)
        names = {code: pair[in_english()] for code, pair in figures.programmes().items()}
        years = [(str(year), fiscal_year_said(year)) for year in figures.years]
        everywhere, everything = ("", _lazy("すべての区・市町村")), ("", _lazy("すべての制度"))
        offer_choices(self, "year", years)
        offer_choices(self, "programme", [everything, *names.items()])
        offer_choices(self, "area", [everywhere, *((area.code, str(area)) for area in areas)])


class DraftForm(forms.Form):
    fiscal_year = Year(label=_lazy("年度（西暦）"))
    note = LongText(
        label=_lazy("訂正するところ"),
        rows=3,
        max_length=1000,
        required=False,
        help_text=_lazy("前の統計を直すときは、何をなぜ直すかを書きます。公表されます。"),
    )

    def clean_fiscal_year(self) -> int:
        year: int = self.cleaned_data["fiscal_year"]
        if not 2015 <= year <= 2100:
            raise forms.ValidationError(_lazy("2015から2100までの年度を入力してください。"))
        return year
