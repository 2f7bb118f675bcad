"""What is typed of a request for disclosure, and which words of a line are chosen."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.types import Given, Sent
from portal.types import Text as Words
from portal.ui.forms import Day, LongText, PastDay, Text, offer_choices
from portal.workflow.graph import LifeCycle
from reports.disclosure.masking import Marked, Span, is_lifted, united, words
from reports.disclosure.models import LIFT_WHY, Disclosure


class RequestForm(forms.Form):
    request_number = Text(label=_lazy("公開請求書の番号"), max_length=60)
    received_on = PastDay(
        label=_lazy("請求のあった日"),
        help_text=_lazy("決定の期限は、この日の翌日から数えて14日目です。"),
    )
    asked = LongText(
        label=_lazy("請求の内容"),
        rows=3,
        max_length=1000,
        help_text=_lazy("請求した人の氏名や住所は書かないでください。"),
    )


class ExtensionForm(forms.Form):
    wants_object = True

    due_on = Day(label=_lazy("新しい期限"))

    def __init__(self, data: Sent = None, *, obj: LifeCycle) -> None:
        self.before: date = getattr(obj, "due_on")  # noqa: B009  the row of this form
        super().__init__(data)

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day <= max(self.before, clock.today()):
            raise forms.ValidationError(_lazy("いまの期限と今日より後の日にしてください。"))
        return day


def lift_reason() -> LongText:
    return LongText(
        label=_lazy("あらかじめ黒塗りにした部分を公開する理由"),
        rows=2,
        max_length=500,
        required=False,
        help_text=_lazy("その部分を公開するときだけ書きます。決定する人が読みます。"),
    )


class LineForm(forms.Form):
    """The words of one line, ticked where they are withheld; `proposed`: what it began with."""

    NEEDED_SOMETIMES = ("why",)

    words = forms.TypedMultipleChoiceField(
        label=_lazy("公開しない語"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ground = forms.ChoiceField(label=_lazy("新しく選んだ語を公開しない理由"))

    why = lift_reason()
    everywhere = forms.BooleanField(label=_lazy("同じ語を、ほかの行でも公開しない"), required=False)

    def __init__(
        self, data: Sent, line: Marked, proposed: list[Span], grounds: Mapping[str, Words]
    ) -> None:
        _kind, self.text, self.before = line
        self.proposed = proposed
        self.places = words(self.text)
        chosen = [n for n, place in enumerate(self.places) if self._ground(place)]
        super().__init__(data, initial={"words": chosen})
        offer_choices(self, "ground", grounds.items())
        offer_choices(
            self,
            "words",
            [
                (str(n), self.text[start:end])
                for n, (start, end) in enumerate(self.places)
                if self.text[start:end].strip()
            ],
        )

    def _ground(self, place: tuple[int, int]) -> str:
        """Why a word is withheld so far; "" where it is open."""
        start, end = place
        return next((g for s, e, g in self.before if s < end and start < e), "")

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        asks = not self.errors and is_lifted(self.proposed, self.before, self.spans())
        if asks and not data.get("why"):
            self.add_error("why", LIFT_WHY)
        return data

    def spans(self) -> list[Span]:
        """Whole words: one that was ticked already keeps its ground."""
        found = [
            (*self.places[n], self._ground(self.places[n]) or self.cleaned_data["ground"])
            for n in sorted(self.cleaned_data["words"])
        ]
        return _joined(united(found), self.text)


class ChoosingForm(forms.Form):
    """What of the case the copy holds; whatever it does not hold has its reason."""

    def __init__(self, data: Sent, row: Disclosure) -> None:
        super().__init__(data)
        self.keys = [key for key, _label in row.choices]
        for n, (key, label) in enumerate(row.choices):
            self.fields[f"in-{n}"] = forms.BooleanField(
                label=label, required=False, initial=key not in row.left_out
            )
            self.fields[f"why-{n}"] = Text(
                label=_("「%(label)s」を含めない理由") % {"label": label},
                max_length=200,
                required=False,
                initial=row.left_out.get(key, ""),
            )

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"in-{n}"], self[f"why-{n}"]) for n in range(len(self.keys))]

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        for n in range(len(self.keys)):
            if not data.get(f"in-{n}") and not data.get(f"why-{n}"):
                self.add_error(f"why-{n}", _lazy("含めない理由を書いてください。"))
        if not any(data.get(f"in-{n}") for n in range(len(self.keys))):
            self.add_error(None, _lazy("写しに含めるものを1つ以上選んでください。"))
        return data

    def left_out(self) -> dict[str, str]:
        data = self.cleaned_data
        return {key: data[f"why-{n}"] for n, key in enumerate(self.keys) if not data[f"in-{n}"]}


def _joined(spans: list[Span], text: str) -> list[Span]:
    """Neighbours withheld for one reason are one place."""
    found: list[Span] = []
    for start, end, ground in spans:
        if found and found[-1][2] == ground and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], end, ground)
        else:
            found.append((start, end, ground))
    return found
