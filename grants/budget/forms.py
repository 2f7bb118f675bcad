"""What is typed to change a budget line."""

from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _lazy

from grants.budget import classifying
from grants.budget.carrying import WAYS, ways_on
from grants.budget.changes import is_absurd
from grants.budget.classification import COLUMNS, LEVELS, OPTIONAL
from grants.budget.drawing import named
from grants.budget.models import BudgetChange, BudgetLine
from portal import clock, fiscal
from portal.cases.models import Case
from portal.types import Given, Sent
from portal.ui.forms import Code, Text, Yen, offer, offer_choices

if TYPE_CHECKING:
    ChoiceOfLine = forms.ModelChoiceField[BudgetLine]
else:
    ChoiceOfLine = forms.ModelChoiceField

ALLOTTED = ("allotment", "allotment_cut")
PLANNED = [
    (kind, label)
    for kind, label in BudgetChange.KINDS
    if kind in ("appropriation", "supplement", "supplement_cut", *ALLOTTED)
]


class PlanForm(forms.Form):
    """当初予算, 補正 or 配当 of one line."""

    kind = forms.ChoiceField(label=_lazy("種類"), choices=PLANNED, widget=forms.RadioSelect)
    amount = Yen(label=_lazy("額（円または件数）"), least=1)
    again = Yen(label=_lazy("同じ額をもう一度"), required=False)
    note = Text(label=_lazy("根拠（議決の日、補正予算の号数など）"), max_length=120)

    def __init__(self, data: Sent = None, *, line: BudgetLine) -> None:
        super().__init__(data)
        if line.unit != "yen" or line.debt_id:
            kinds = [(kind, label) for kind, label in PLANNED if kind not in ALLOTTED]
            offer_choices(self, "kind", kinds)
        elif not line.by_allotment:
            self.fields["kind"].help_text = _lazy(
                "はじめて配当すると、この市町村の同じ年度の予算は、配当した額までしか交付の決定に使えなくなります（支出負担行為がある予算は、その予算に配当してから）。"
            )
        if not self._asks_again(line):
            del self.fields["again"]

    def _asks_again(self, line: BudgetLine) -> bool:
        """Is what was typed so much that it is asked a second time?"""
        typed = (self.data or {}).get("amount", "")
        try:
            amount = self.fields["amount"].clean(typed)
        except forms.ValidationError:
            return False
        return is_absurd(line, amount)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if "again" in self.fields and data.get("again") != data.get("amount"):
            self.add_error(
                "again",
                _lazy(
                    "いまの予算に比べて、たいへん大きな額です。桁を確かめて、同じ額をもう一度入力してください。"
                ),
            )
        return data


class LineChoice(ChoiceOfLine):
    """One of several lines, each with its codes."""

    def label_from_instance(self, obj: BudgetLine) -> str:
        return named(obj)


class TransferForm(forms.Form):
    """流用: to which line, how much, and by what right."""

    to = LineChoice(
        BudgetLine.objects.none(), label=_lazy("流用先の予算"), empty_label=_lazy("選んでください")
    )
    amount = Yen(label=_lazy("流用する額（円）"), least=1)
    permit = Text(
        label=_lazy("項をまたぐときの、予算の定め"),
        required=False,
        max_length=120,
        help_text=_lazy(
            "項の違う予算へは、予算（予算総則）がその流用を認めているときだけ流用できます。その条を入れてください。"
        ),
    )
    note = Text(label=_lazy("流用する理由"), max_length=120)

    def __init__(self, data: Sent = None, *, targets: QuerySet[BudgetLine]) -> None:
        super().__init__(data)
        offer(self, "to", targets)


class VoteForm(forms.Form):
    """What the budget of the later year holds for what was promised before it."""

    voted = Yen(label=_lazy("予算化した額（円）"), least=1)
    vote = Text(label=_lazy("根拠（議決の日、予算の科目）"), max_length=120)


class CarryForm(forms.Form):
    """Of which case, how much and why."""

    number = Text(label=_lazy("案件の番号"), max_length=31)
    carried = Yen(label=_lazy("繰り越す額（円）"), least=1)
    way = forms.ChoiceField(
        label=_lazy("繰越の区分"),
        choices=[*WAYS.items()],
        widget=forms.RadioSelect,
    )
    basis = Text(label=_lazy("根拠（議決の日、事故の内容など）"), max_length=90)

    def __init__(
        self, data: Sent = None, *, line: BudgetLine, number: str = "", yen: int = 0
    ) -> None:
        super().__init__(data, initial={"number": number, "carried": yen or None})
        self._line, self.ways = line, ways_on(line, clock.today())
        # too late for all: whoever sends it is told why
        offer_choices(self, "way", [(kind, WAYS[kind]) for kind in self.ways or WAYS])

    @property
    def is_again(self) -> bool:
        """Is only carried over what was carried over before?"""
        return self.ways == ["carry_again"]

    def clean_number(self) -> Case:
        """A case whose money the line has promised, by any of its numbers."""
        typed = str(self.cleaned_data["number"]).strip()
        cases = Case.objects.filter(budget_entries__line=self._line).distinct()
        found = cases.filter(Q(number__iexact=typed) | Q(draft_number__iexact=typed)).first()
        if found is None:
            raise forms.ValidationError(
                _lazy("この予算から交付を決定した案件の番号ではありません。")
            )
        return found


class ClassifyForm(forms.Form):
    """The classification of a line: one that is known in its budget, or code and title of each level."""

    known = forms.ChoiceField(
        label=_lazy("この年度の予算にある科目から選ぶ"),
        required=False,
        help_text=_lazy("選ぶと、下の欄は入力しなくてかまいません。"),
    )
    whole_call = forms.BooleanField(
        label=_lazy("この公募回のほかの枠の予算（円）にも、同じ科目を付ける"), required=False
    )

    def __init__(self, data: Sent = None, *, line: BudgetLine) -> None:
        super().__init__(data, initial={name: getattr(line, name) for name in COLUMNS})
        self._line, self._beside = line, classifying.beside(line)
        for name, label in LEVELS.items():
            self.fields[f"{name}_code"] = Code(
                label=_lazy("%(level)sの番号") % {"level": label}, most=6, required=False
            )
            self.fields[f"{name}_title"] = Text(
                label=_lazy("%(level)sの名前") % {"level": label}, max_length=40, required=False
            )
        rows = [(str(other.pk), self._said(other)) for other in self._beside]
        offer_choices(self, "known", [("", _lazy("選ばない")), *rows])
        if not rows:
            del self.fields["known"]
        if line.call.budget_lines.filter(unit="yen").count() < 2:
            del self.fields["whole_call"]
        self.order_fields(["known", *COLUMNS, "whole_call"])

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Number and name of each level, as they stand beside each other."""
        return [(self[f"{name}_code"], self[f"{name}_title"]) for name in LEVELS]

    @staticmethod
    def _said(other: BudgetLine) -> str:
        return "　".join(level.with_label for level in other.named_levels)

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        chosen = {str(other.pk): other for other in self._beside}.get(data.get("known", ""))
        if chosen is not None:
            return data | {name: getattr(chosen, name) for name in COLUMNS}
        for name in LEVELS:
            given = [bool(data.get(f"{name}_{part}")) for part in ("code", "title")]
            for part, is_given in zip(("code", "title"), given, strict=True):
                is_needed = name != OPTIONAL or any(given)
                if is_needed and not is_given and f"{name}_{part}" not in self.errors:
                    self.add_error(f"{name}_{part}", _lazy("入力してください。"))
        if not self.errors:
            for reason in classifying.title_refusals(self._line, data):
                self.add_error(None, reason)
        return data


class LineFilter(forms.Form):
    """Which lines of the budget are shown."""

    year = forms.ChoiceField(label=_lazy("年度"), required=False)
    under = forms.ChoiceField(label=_lazy("予算科目"), required=False)

    def __init__(self, data: Sent = None, *, lines: list[BudgetLine]) -> None:
        super().__init__(data)
        years = sorted({line.fiscal_year for line in lines}, reverse=True)
        named = [(str(year), _lazy("%(y)s年度") % {"y": year}) for year in years]
        offer_choices(self, "year", [("", _lazy("すべて")), *named])
        offer_choices(self, "under", [("", _lazy("すべて")), *classifying.choices(lines)])
        self._lines = lines

    def found(self) -> list[BudgetLine]:
        """All lines where a choice is none of the offered."""
        data = self.cleaned_data if self.is_valid() else {}
        rows = classifying.under(self._lines, data.get("under", ""))
        year = data.get("year", "") or self.no_year
        return [line for line in rows if year in ("", str(line.fiscal_year))]

    # the year whose lines are shown where none is chosen; "": of all years
    no_year = ""


class BookFilter(LineFilter):
    """Of which year the book is shown: of one, the present where nobody says otherwise."""

    def __init__(self, data: Sent = None, *, lines: list[BudgetLine]) -> None:
        super().__init__(data, lines=lines)
        present = fiscal.fiscal_year(clock.today())
        years = sorted({line.fiscal_year for line in lines}, reverse=True)
        chosen = next((year for year in years if year <= present), present)
        self.no_year = str(chosen)
        self.fields["year"].initial = self.no_year
        named = [(str(year), _lazy("%(y)s年度") % {"y": year}) for year in years]
        offer_choices(self, "year", named)
