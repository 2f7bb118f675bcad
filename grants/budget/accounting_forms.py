"""What is typed to hand entries over to the accounting system, to read its answers, and to say its layout."""

from datetime import datetime, time, timedelta

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _lazy
from django.core.files.uploadedfile import UploadedFile

from grants.budget.layouts import ENCODINGS, FIELDS, NEEDED, Layout
from portal import clock, fiscal, sheets
from portal.documents.fields import ScannedFile
from portal.registry.models import Municipality
from portal.types import Given, Sent
from portal.ui.forms import Day, Text, Year, offer

SPARE_ROWS = 4  # empty rows below those of a layout


class HandOverForm(forms.Form):
    """Which entries are handed out."""

    town = forms.ModelChoiceField(
        Municipality.objects.none(), label=_lazy("市町村"), empty_label=None
    )
    year = Year(label=_lazy("年度（西暦）"))
    since = Day(label=_lazy("この日から"), required=False)
    until = Day(label=_lazy("この日まで"), required=False)

    def __init__(self, data: Sent = None, *, towns: QuerySet[Municipality]) -> None:
        super().__init__(data, initial={"year": fiscal.fiscal_year(clock.today())})
        offer(self, "town", towns)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _lazy("始まりの日より後の日にしてください。"))
        return data

    def between(self) -> Q:
        """Entries of the chosen days."""
        data, found = self.cleaned_data, Q()
        if since := data.get("since"):
            found &= Q(booked_at__gte=datetime.combine(since, time(), clock.JST))
        if until := data.get("until"):
            after = datetime.combine(until + timedelta(days=1), time(), clock.JST)
            found &= Q(booked_at__lt=after)
        return found


class AnswersForm(forms.Form):
    """A CSV of the accounting system."""

    town = forms.ModelChoiceField(
        Municipality.objects.none(), label=_lazy("市町村"), empty_label=None
    )
    file = ScannedFile(
        label=_lazy("会計システムのCSV"),
        help_text=_lazy(
            "1行目に列の名前が要ります。列の名前は、受け取るCSVのレイアウトで変えられます。1行でも読めないときは、1件も読み込みません。"
        ),
        most=20,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, UploadedFile[bytes]] | None" = None,
        *,
        towns: QuerySet[Municipality],
    ) -> None:
        super().__init__(data, files, prefix="in")
        offer(self, "town", towns)

    def clean_file(self) -> str:
        _name, data = self.cleaned_data["file"]
        try:
            return sheets.decoded(data)
        except sheets.Unreadable as error:
            raise forms.ValidationError(str(error)) from error


class LayoutForm(forms.Form):
    """Encoding, and a row for each column in its order."""

    encoding = forms.ChoiceField(label=_lazy("文字コード"), choices=ENCODINGS)

    def __init__(self, data: Sent = None, *, way: str, layout: Layout) -> None:
        super().__init__(data, initial={"encoding": layout.encoding})
        self._way = way
        self._rows = len(layout.columns) + SPARE_ROWS
        choices = [("", _lazy("使わない")), *FIELDS[way].items()]
        for n in range(self._rows):
            field, heading = layout.columns[n] if n < len(layout.columns) else ("", "")
            self.fields[f"field_{n}"] = forms.ChoiceField(
                label=_lazy("%(n)s列目") % {"n": n + 1},
                choices=choices,
                required=False,
                initial=field,
            )
            self.fields[f"heading_{n}"] = Text(
                label=_lazy("%(n)s列目の名前") % {"n": n + 1},
                max_length=40,
                required=False,
                initial=heading,
            )

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """What a column holds and how it is headed, as they stand beside each other."""
        return [(self[f"field_{n}"], self[f"heading_{n}"]) for n in range(self._rows)]

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        found = self._columns(data)
        for n in range(self._rows):
            if data.get(f"field_{n}") and not data.get(f"heading_{n}"):
                self.add_error(f"heading_{n}", _lazy("入力してください。"))
        headings = [heading for _field, heading in found if heading]
        if len(headings) > len(set(headings)):
            self.add_error(None, _lazy("同じ名前の列が2つあります。"))
        fields = [field for field, _heading in found]
        if len(fields) > len(set(fields)):
            self.add_error(None, _lazy("同じ内容の列が2つあります。"))
        for needed in NEEDED[self._way]:
            if needed not in fields:
                text = _lazy("「%(field)s」の列は要ります。")
                self.add_error(None, text % {"field": FIELDS[self._way][needed]})
        return data

    def _columns(self, data: Given) -> list[tuple[str, str]]:
        rows = [(data.get(f"field_{n}"), data.get(f"heading_{n}")) for n in range(self._rows)]
        return [(field, heading or "") for field, heading in rows if field]

    @property
    def layout(self) -> Layout:
        data = self.cleaned_data
        return Layout(data["encoding"], tuple(self._columns(data)))
