"""A table that comes from a spreadsheet, pasted or as a file: shown as it was read, with what is wrong in
each row and column, before it is taken over.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import jptext, pasting
from portal.documents.fields import SheetFile
from portal.pasting import Column, Line, Pasted
from portal.sheets import Unreadable, typed_table
from portal.types import Context, SignedIn
from portal.ui.forms import LongText
from portal.ui.limits import UPLOADS, spend
from portal.workflow.errors import NotReady
from portal.workflow.writing import Tried, trying

MOST_SIGNS, MOST_MEGABYTES = 100_000, 5
MOST_SAID = 100  # faults above the table, in which each of them stands


@dataclass(frozen=True)
class Table:
    """A table that is typed: its columns; how many rows stand there with something in them, and how
    many there may be; which version of it the person sees; the form of a row as it would be read; and
    what takes rows over, in the stead of those that are there (True) or below them. Raises Refused.
    """

    columns: Sequence[Column]
    rows: int
    most: int
    version: int
    row_form: Callable[[Line], forms.Form]
    take: Callable[[Sequence[Line], bool, int], object]
    back: str


class PasteForm(forms.Form):
    pasted = LongText(
        label=_lazy("表を貼り付ける"),
        required=False,
        strip=False,
        max_length=MOST_SIGNS,
        widget=forms.Textarea(attrs={"rows": 8, "wrap": "off", "spellcheck": "false"}),
        help_text=_lazy(
            "Excelやスプレッドシートで行を選んでコピーし、ここに貼り付けてください。見出しの行があってもかまいません。"
        ),
    )
    file = SheetFile(
        label=_lazy("ファイルから取り込む"),
        help_text=_lazy("Excel（xlsx）かCSV、5MBまで。最初のシートを読みます。"),
        most=MOST_MEGABYTES,
    )
    cells: pasting.Grid  # once it is valid
    first = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if self.errors:
            return data
        brought, pasted = data["file"].data.decode(), data["pasted"]
        if len(brought) > MOST_SIGNS:  # it comes back in the other field to be taken over
            said = {"most": f"{MOST_SIGNS:,}"}
            raise forms.ValidationError(
                _("表の文字が多すぎます。全部で%(most)s字までにしてください。") % said
            )
        if bool(brought.strip()) == bool(pasted.strip()):
            raise forms.ValidationError(
                _lazy("貼り付けるか、ファイルを選ぶか、どちらか1つにしてください。")
                if brought
                else _lazy("表を貼り付けるか、ファイルを選んでください。")
            )
        self.cells = pasting.grid(brought or pasted)
        return data


class ModeForm(forms.Form):
    mode = forms.ChoiceField(
        label=_lazy("取り込みかた"),
        choices=[
            ("add", _lazy("いまの行を残して、下に足す")),
            ("replace", _lazy("いまの行を消して、入れ替える")),
        ],
        widget=forms.RadioSelect,
    )


def page(request: SignedIn, table: Table, template: str, context: Context) -> HttpResponse:
    """Read what was brought and show it; once it was looked at (`take`), take it over."""
    shown = {**context, "form": PasteForm(), "table": table}
    if request.method != "POST":
        return render(request, template, shown)
    spend(request, UPLOADS)
    form = PasteForm(request.POST, request.FILES)
    shown["form"] = form
    pasted = _read(form, table)
    if pasted is None:
        return render(request, template, shown, status=422)
    is_taken, tried = "take" in request.POST, Tried()
    mode = ModeForm(request.POST if is_taken and table.rows else None)
    if is_taken and (not table.rows or mode.is_valid()):
        is_instead = not table.rows or mode.cleaned_data["mode"] == "replace"
        with trying() as tried:
            table.take(pasted.lines, is_instead, jptext.whole(request.POST.get("version"), -1))
        if tried.is_done:
            return redirect(table.back)
    found = _preview(pasted, table)
    shown |= {**found, "mode": mode, "pasted": pasted, "reasons": tried.reasons}
    shown["text"] = typed_table(form.cells)
    status = 422 if mode.errors else tried.status
    return render(request, template, shown, status=status)


def prefixed(n: int, row: Mapping[str, str]) -> dict[str, str]:
    return {f"item-{n}-{name}": text for name, text in row.items()}


def typed_rows(rows: Sequence[Mapping[str, str]], *, most: int) -> dict[str, str]:
    """All rows as if they had been typed. Raises NotReady where they are too many."""
    if reasons := _too_many(len(rows), most):
        raise NotReady(*reasons)
    typed = {"item-TOTAL_FORMS": str(len(rows)), "item-INITIAL_FORMS": "0"}
    for n, row in enumerate(rows):
        typed |= prefixed(n, row)
    return typed


def _too_many(n: int, most: int) -> list[str]:
    said = _("経費は%(most)s行までです。このまま取り込むと%(n)s行になります。")
    return [said % {"most": most, "n": n}] if n > most else []


def filled(items: forms.BaseFormSet) -> list[dict[str, str]]:  # type: ignore[type-arg]
    """What is typed in each row that says something: name of the control → text."""
    if not items.is_bound:
        return []
    return [
        {
            name.removeprefix(f"{row.prefix}-"): str(text)
            for name, text in row.data.items()
            if name.startswith(f"{row.prefix}-")
        }
        for row in items.forms
        if row.has_changed()
    ]


def _read(form: PasteForm, table: Table) -> Pasted | None:
    if not form.is_valid():
        return None
    try:
        pasted = pasting.read(form.cells, table.columns, first=form.cleaned_data["first"])
    except Unreadable as error:
        form.add_error(None, str(error))
        return None
    for reason in _too_many(len(pasted.lines), table.most):  # before any of them is looked at
        form.add_error(None, reason)
        return None
    return pasted


def _preview(pasted: Pasted, table: Table) -> Context:
    """Each row as it was read, and what is wrong in it, by row and column; of the columns those in which
    something stands, or should.
    """
    rows: list[tuple[str, Sequence[object]]] = []
    faults: list[tuple[str, str]] = []  # (id of the row, sentence)
    wrong = [_wrong(table.row_form(line)) for line in pasted.lines]
    said_there = {name for line in pasted.lines for name, text in line.cells.items() if text}
    shown = said_there.union(*wrong)
    columns = [column for column in table.columns if column.name in shown]
    for line, errors in zip(pasted.lines, wrong, strict=True):
        cells = [
            (column.heading, line.cells.get(column.name, ""), errors.get(column.name, []))
            for column in columns
        ]
        rows.append((str(line.n), cells))
        for heading, _cell, texts in cells:
            for text in texts:
                said = {"n": line.n, "field": heading, "message": text}
                faults.append((f"row-{line.n}", _("%(n)s行目の%(field)s：%(message)s") % said))
    return {"rows": rows, "columns": columns, "faults": _first(faults)}


def _first(faults: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that are said above the table, and how many more there are."""
    said, more = faults[:MOST_SAID], faults[MOST_SAID:]
    words = _("ほかに%(n)s件あります。表のそれぞれの行をご覧ください。") % {"n": len(more)}
    return [*said, (more[0][0], words)] if more else said


def _wrong(form: forms.Form) -> dict[str, list[str]]:
    """Name of the field → what is wrong; a choice that does not exist is told with those that do."""
    found = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    for name, errors in form.errors.as_data().items():
        field = form.fields.get(name)
        if isinstance(field, forms.ChoiceField) and errors[0].code == "invalid_choice":
            pairs = cast(Iterable[tuple[object, object]], field.choices)
            names = "、".join(str(label) for value, label in pairs if value)
            found[name] = [_("次のどれかにしてください：%(names)s") % {"names": names}]
    return found
