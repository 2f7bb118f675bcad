"""What is typed to hand entries over to the accounting system, to read its answers, and to say its layout."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.budget.layouts import ENCODINGS, FIELDS, NEEDED, OUT, Layout
from portal import clock, fiscal, sheets
from portal.documents.fields import ScannedFile
from portal.registry.models import Municipality
from portal.types import Given, Sent
from portal.ui.forms import Day, Text, Year, offer

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict

    from grants.budget.models import BudgetEntry

    TownChoice = forms.ModelChoiceField[Municipality]
else:
    TownChoice = forms.ModelChoiceField

SPARE_ROWS = 4  # empty rows below those of a layout


class HandOverForm(forms.Form):
    """Which entries are handed out."""

    town = TownChoice(Municipality.objects.none(), label=_lazy("市町村"), empty_label=None)
    year = Year(label=_lazy("年度（西暦）"))
    since = Day(label=_lazy("この日から"), required=False)
    until = Day(label=_lazy("この日まで"), required=False)
    unanswered = forms.BooleanField(
        label=_lazy("会計システムの状態がまだ届いていないものだけ"), required=False
    )

    def __init__(self, data: Sent = None, *, towns: QuerySet[Municipality]) -> None:
        super().__init__(data, initial={"year": fiscal.fiscal_year(clock.today())})
        offer(self, "town", towns)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _lazy("始まりの日より後の日にしてください。"))
        return data

    def chosen(self, entries: QuerySet[BudgetEntry]) -> QuerySet[BudgetEntry]:
        data = self.cleaned_data
        found = entries.filter(line__fiscal_year=data["year"])
        if since := data["since"]:
            found = found.filter(booked_at__gte=datetime.combine(since, time(), clock.JST))
        if until := data["until"]:
            after = datetime.combine(until + timedelta(days=1), time(), clock.JST)
            found = found.filter(booked_at__lt=after)
        return found.filter(answers=None) if data["unanswered"] else found


class AnswersForm(forms.Form):
    """A CSV of the accounting system."""

    town = TownChoice(Municipality.objects.none(), label=_lazy("市町村"), empty_label=None)
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
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        towns: QuerySet[Municipality],
    ) -> None:
        super().__init__(data, files, prefix="in")
        offer(self, "town", towns)

    def clean_file(self) -> str:
        """Its text."""
        _name, data = self.cleaned_data["file"]
        try:
            return sheets.decoded(data)
        except sheets.Unreadable as error:
            raise forms.ValidationError(str(error)) from error


class LayoutForm(forms.Form):
    """Encoding of what goes out, and a row for each column in its order."""

    encoding = forms.ChoiceField(
        label=_lazy("文字コード"),
        choices=ENCODINGS,
        help_text=_lazy("Shift_JISにない文字は、「〓」にして渡します。"),
    )

    def __init__(self, data: Sent = None, *, way: str, layout: Layout) -> None:
        super().__init__(data, initial={"encoding": layout.encoding})
        self._way = way
        if way != OUT:
            del self.fields["encoding"]
        self._rows = min(len(layout.columns) + SPARE_ROWS, len(FIELDS[way]))
        choices = [("", _lazy("使わない")), *FIELDS[way].items()]
        for n in range(self._rows):
            name, heading = layout.columns[n] if n < len(layout.columns) else ("", "")
            self.fields[f"field_{n}"] = forms.ChoiceField(
                label=_lazy("%(n)s列目") % {"n": n + 1},
                choices=choices,
                required=False,
                initial=name,
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
        for n in range(self._rows):
            if data.get(f"field_{n}") and not data.get(f"heading_{n}"):
                self.add_error(f"heading_{n}", _lazy("入力してください。"))
        names, headings = self._columns.keys(), [*filter(None, self._columns.values())]
        if len(headings) > len(set(headings)):
            self.add_error(None, _lazy("同じ名前の列が2つあります。"))
        if sum(bool(data.get(f"field_{n}")) for n in range(self._rows)) > len(names):
            self.add_error(None, _lazy("同じ内容の列が2つあります。"))
        for needed in NEEDED[self._way]:
            if needed not in names:
                text = _("「%(field)s」の列は要ります。")
                self.add_error(None, text % {"field": FIELDS[self._way][needed]})
        return data

    @property
    def _columns(self) -> dict[str, str]:
        """Field → heading, of the rows that are used."""
        data = self.cleaned_data
        rows = [(data.get(f"field_{n}"), data.get(f"heading_{n}")) for n in range(self._rows)]
        return {name: heading or "" for name, heading in rows if name}

    @property
    def layout(self) -> Layout:
        encoding = self.cleaned_data.get("encoding", "")
        columns = tuple(self._columns.items())
        return Layout(columns, encoding) if encoding else Layout(columns)
