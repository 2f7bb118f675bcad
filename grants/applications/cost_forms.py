"""The cost table of an application: its rows, and the set of them."""

from datetime import date
from typing import TYPE_CHECKING, Unpack, cast

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.content import CostItem, Planned
from grants.applications.models import Application
from grants.applications.rules import MAX_ITEMS
from grants.programmes.models import said
from portal.days import day_said
from portal.ui.forms import Day, RowOptions, Text, Yen, offer_choices


class ItemForm(forms.Form):
    """One cost item. A row left empty does not count, with the day of the row before offered in it, too."""

    what = Text(label=_lazy("内容"), max_length=100)
    category = forms.ChoiceField(label=_lazy("経費区分"))
    order_on = Day(label=_lazy("発注予定日"))
    amount = Yen(label=_lazy("金額（税抜・円）"))

    def __init__(self, *, application: Application, **options: Unpack[RowOptions]) -> None:
        self.call, self.stated = application.call, application.stated
        super().__init__(**options)
        offer_choices(self, "category", [(c.key, said(c.name)) for c in self.stated.categories])

    def has_changed(self) -> bool:
        return any(name not in ("category", "order_on") for name in self.changed_data)

    def clean_order_on(self) -> date:
        day: date = self.cleaned_data["order_on"]
        if day <= self.call.decision_on and not self.stated.early_start:
            raise forms.ValidationError(
                _lazy(
                    "交付決定の予定日（%(day)s）より後の日にしてください。決定より前に注文した費用は補助できません。"
                ),
                params={"day": day_said(self.call.decision_on)},
            )
        if day > self.call.project_ends_on:
            raise forms.ValidationError(
                _lazy("事業の終わり（%(day)s）までの日にしてください。"),
                params={"day": day_said(self.call.project_ends_on)},
            )
        return day

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_lazy("1円以上の金額を入力してください。"))
        return amount


if TYPE_CHECKING:
    ItemForms = forms.BaseFormSet[ItemForm]
else:
    ItemForms = forms.BaseFormSet  # takes its type of form for the type check alone


class Items(ItemForms):
    """The cost table."""

    def clean(self) -> None:
        rows = [form for form in self.forms if form.has_changed()]
        if not rows:
            raise forms.ValidationError(_lazy("経費を1つ以上入力してください。"), code="required")

    def items(self) -> list[CostItem]:
        """The rows that count, as frozen: amounts in yen, days as ISO text."""
        rows = [form.cleaned_data for form in self.forms if form.has_changed() and form.is_valid()]
        return [
            CostItem(
                what=row["what"],
                category=row["category"],
                order_on=row["order_on"].isoformat(),
                amount=row["amount"],
            )
            for row in rows
        ]

    def sums(self) -> list[Planned]:
        """The rows of which the sum can be read, whole or not: the live calculation follows these."""
        rows = [form.cleaned_data for form in self.forms if form.has_changed()]
        return [
            Planned(what=row.get("what", ""), category=row["category"], amount=row["amount"])
            for row in rows
            if row.get("category") and row.get("amount")
        ]


ItemSet = cast(
    type[Items],
    forms.formset_factory(
        ItemForm,
        formset=Items,
        extra=0,
        min_num=1,
        max_num=MAX_ITEMS,
        absolute_max=MAX_ITEMS,
        validate_max=True,
    ),
)
