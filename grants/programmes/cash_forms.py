"""What the page of the cash-flow asks. Nothing of it is kept."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import cash
from grants.programmes.models import Call, said
from portal.days import month_said
from portal.types import Given, Sent
from portal.ui.forms import Yen, offer_choices


def _choices(months: Iterable[date]) -> list[tuple[str, str]]:
    return [(month.isoformat(), month_said(month)) for month in months]


class CashForm(forms.Form):
    """A sum and a month for each category of costs; an advance where the programme pays one."""

    taxed = forms.BooleanField(
        label=_lazy("支払うときは、消費税10％が加わる"),
        required=False,
        help_text=_lazy("補助金は、税抜の費用で計算します。"),
    )
    report_in = forms.ChoiceField(label=_lazy("実績を報告する月"), required=False)
    advance = Yen(label=_lazy("先に受け取りたい額（円）"), required=False)
    advance_in = forms.ChoiceField(label=_lazy("それを請求する月"), required=False)

    def __init__(self, data: Sent = None, *, call: Call) -> None:
        super().__init__(data, initial=_initial(cash.of_example(call)))
        self.call = call
        stated, months = call.stated, cash.payable_months(call)
        first: dict[str, forms.Field] = {
            "frame": forms.ChoiceField(
                label=_("枠"), choices=[(f.key, said(f.name)) for f in stated.frames]
            )
        }
        for category in stated.categories:
            first[f"cost_{category.key}"] = Yen(label=_("費用（税抜・円）"), required=False)
            first[f"month_{category.key}"] = forms.ChoiceField(
                label=_("支払う月"), choices=_choices(months), required=False
            )
        self.fields = first | self.fields
        last = cash.report_by(call, months[-1]).replace(day=1)
        later = [*months]
        while later[-1] < last:
            later.append(cash.following(later[-1]))
        self._offer("report_in", _("期限の日"), later)
        self._offer("advance_in", _("請求しない"), months)
        if "advance" not in stated.payment:
            del self.fields["advance"], self.fields["advance_in"]

    def _offer(self, name: str, blank: str, months: Iterable[date]) -> None:
        offer_choices(self, name, [("", blank), *_choices(months)])

    @property
    def costs(self) -> list[tuple[str, BoundField, BoundField]]:
        """Name, sum and month of each category."""
        return [
            (said(c.name), self[f"cost_{c.key}"], self[f"month_{c.key}"])
            for c in self.call.stated.categories
        ]

    @property
    def rest(self) -> list[BoundField]:
        return [
            self[name] for name in self.fields if not name.startswith(("cost_", "month_", "frame"))
        ]

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if self.errors:
            return data
        plan = self.plan
        if not plan.costs:
            raise forms.ValidationError(_("費用を1つ以上入力してください。"))
        last = max(cost.month for cost in plan.costs)
        if plan.report_in and plan.report_in < last:
            self.add_error("report_in", _("最後の支払いより前の月には、報告できません。"))
        if plan.advance and not plan.advance_in:
            self.add_error("advance_in", _("先に受け取る額を請求する月を選んでください。"))
        return data

    @property
    def plan(self) -> cash.Plan:
        """What was typed; of a form that nothing was typed in, the programme's example."""
        if not self.is_bound:
            return cash.of_example(self.call)
        data = self.cleaned_data
        months = cash.payable_months(self.call)
        costs = [
            cash.Cost(c.key, yen, _month(data.get(f"month_{c.key}")) or months[0])
            for c in self.call.stated.categories
            if (yen := data.get(f"cost_{c.key}"))
        ]
        return cash.Plan(
            data["frame"],
            costs,
            taxed=data["taxed"],
            report_in=_month(data["report_in"]),
            advance=data.get("advance") or 0,
            advance_in=_month(data.get("advance_in")),
        )


def _month(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _initial(plan: cash.Plan) -> Given:
    found: Given = {"frame": plan.frame, "taxed": plan.taxed}
    for cost in plan.costs:
        found |= {f"cost_{cost.category}": cost.yen, f"month_{cost.category}": cost.month}
    return found
