"""What the completion report asks of each item, and the forms of inspection and return."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Unpack

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.correct_forms import in_reach
from grants.awards.models import Award
from grants.completion.models import Cut
from grants.completion.rules import Item
from grants.programmes.models import said
from portal import clock, jptext
from portal.closures import calendars
from portal.types import Given, Row, Sent
from portal.ui.forms import (
    Day,
    InvoiceNumber,
    LongText,
    Number,
    PastDay,
    RowOptions,
    Text,
    Yen,
    offer_choices,
)
from portal.ui.templatetags.ui import in_yen

MAX_ITEMS = 30
KEY = re.compile(r"^[0-9a-z]{1,16}\Z")


class ReportForm(forms.Form):
    finished_on = PastDay(
        label=_lazy("事業が終わった日"), help_text=_lazy("納品と支払いがすべて済んだ日です。")
    )
    result = LongText(
        label=_lazy("行ったことと効果"),
        rows=5,
        max_length=2000,
        help_text=_lazy("計画と比べて、何がどれだけ変わりましたか。"),
    )
    reason = LongText(
        label=_lazy("説明が要るところ"),
        rows=3,
        max_length=1000,
        required=False,
        help_text=_lazy("下の「確かめたこと」に印が付いたときは、その理由を書いてください。"),
    )


class ItemForm(forms.Form):
    """The evidence chain of one cost item: 見積 → 発注 → 納品 → 請求 → 支払.

    `key`: the row's own, carried by the form, so that papers and cuts stay with it (`keyed`).
    """

    key = forms.RegexField(KEY, label=_lazy("経費の行"), widget=forms.HiddenInput)
    what = Text(label=_lazy("内容"), max_length=100)
    category = forms.ChoiceField(label=_lazy("経費区分"))
    vendor = Text(label=_lazy("発注先"), max_length=100)
    second_vendor = Text(label=_lazy("2社目の見積りの相手"), max_length=100, required=False)
    second_amount = Yen(label=_lazy("2社目の見積りの額（税抜・円）"), required=False)
    quoted_on = PastDay(label=_lazy("見積りの日"))
    ordered_on = PastDay(label=_lazy("発注の日"))
    delivered_on = PastDay(label=_lazy("納品の日"))
    invoiced_on = PastDay(label=_lazy("請求の日"))
    paid_on = PastDay(label=_lazy("支払いの日"))
    payee = Text(label=_lazy("支払先"), max_length=100, help_text=_lazy("振込先の名義です。"))
    own_account = forms.ChoiceField(
        label=_lazy("申請者名義の口座から払いましたか"),
        choices=[("yes", _lazy("はい")), ("no", _lazy("いいえ"))],
        widget=forms.RadioSelect,
    )
    invoice_number = InvoiceNumber(label=_lazy("請求書の登録番号（T番号）"), required=False)
    quantity = Number(
        label=_lazy("数量"),
        required=False,
        counters="個台式本枚",
        help_text=_lazy("空けておくと1になります。"),
    )
    amount_with_tax = Yen(label=_lazy("支払った額（税込・円）"))
    amount = Yen(label=_lazy("対象の額（税抜・円）"), least=1)

    def __init__(self, *, award: Award, **options: Unpack[RowOptions]) -> None:
        super().__init__(**options)
        category = self.fields["category"]
        if isinstance(category, forms.ChoiceField):
            category.choices = [(c.key, said(c.name)) for c in award.stated.categories]

    def has_changed(self) -> bool:
        return any(name not in ("key", "category", "own_account") for name in self.changed_data)

    def clean_quantity(self) -> int:
        return self.cleaned_data["quantity"] or 1

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        with_tax = self.cleaned_data.get("amount_with_tax")
        if with_tax is not None and amount > with_tax:
            raise forms.ValidationError(_lazy("税抜の額が、支払った額より大きくなっています。"))
        return amount


def keyed(typed: Mapping[str, str]) -> dict[str, str]:
    """The same, each row with a key that no other has: a row that brings none is named by its place."""
    names = [f"item-{n}-key" for n in range(jptext.whole(typed.get("item-TOTAL_FORMS"), 0))]
    brought = [typed.get(name, "") for name in names]
    found = dict(typed)
    for n, key in enumerate(brought):
        if not KEY.match(key) or key in brought[:n]:
            place = str(n + 1)
            found[names[n]] = uuid.uuid4().hex[:8] if place in brought else place
    return found


class BaseItems(forms.BaseFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        if not any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(_lazy("経費を1つ以上入力してください。"))

    def items(self) -> list[Given]:
        """The rows that can be read, as frozen: yen as int, days as ISO text."""
        rows = [form.cleaned_data for form in self.forms if form.has_changed() and form.is_valid()]
        return [
            {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
            for row in rows
        ]


# formset_factory gives a subclass of the formset that it is given, and says less
ItemSet: type[BaseItems] = forms.formset_factory(  # type: ignore[assignment]
    ItemForm,
    formset=BaseItems,
    extra=0,
    min_num=1,
    max_num=MAX_ITEMS,
    absolute_max=MAX_ITEMS,
    validate_max=True,
)


class InspectionForm(forms.Form):
    """It may be kept incomplete; only what ends the inspection must be whole."""

    KINDS = [("paper", _lazy("書類による検査")), ("site", _lazy("現地の検査"))]

    inspected_on = Day(label=_lazy("検査した日"))
    inspection_kind = forms.ChoiceField(
        label=_lazy("検査の方法"), choices=KINDS, widget=forms.RadioSelect
    )
    inspection_note = LongText(
        label=_lazy("見たことと結果"),
        rows=4,
        max_length=2000,
        help_text=_lazy("現物・帳簿・写真など、何を見て何が分かったか。"),
    )

    @classmethod
    def unfinished(cls, typed: Given) -> "InspectionForm":
        """With what was typed so far, right or wrong, and nothing said about it yet."""
        shown = {
            name: field.widget.value_from_datadict(typed, MultiValueDict(), name)
            for name, field in cls.base_fields.items()
        }
        return cls(initial=shown if typed else None)

    def clean_inspected_on(self) -> date:
        day: date = self.cleaned_data["inspected_on"]
        if day > clock.today():
            raise forms.ValidationError(_lazy("未来の日付です。検査した日を入力してください。"))
        return day


class ReturnForm(forms.Form):
    wants_object = True
    correct_by = Day(
        label=_lazy("補正の期限"),
        required=False,
        help_text=_lazy("空けておくと、14日後（休みの日なら次の開庁日）になります。"),
    )

    def __init__(self, data: Sent = None, *, obj: Row) -> None:
        super().__init__(data)
        self._workdays = calendars.of_case(obj.case)

    def clean_correct_by(self) -> date:
        day = in_reach(self.cleaned_data["correct_by"])
        return day or self._workdays.next_open(clock.today() + timedelta(days=14))


class CutForm(forms.Form):
    amount = Yen(label=_lazy("対象外とする額（円）"), least=1)
    cite = Text(label=_lazy("根拠"), max_length=80)
    reason = Text(label=_lazy("理由（確定通知書に載ります）"), max_length=300)


class UncutForm(forms.Form):
    why = Text(label=_lazy("取り消す理由（額の確定の起案に載ります）"), max_length=300)


class RecutForm(CutForm):
    """The same cut, on the item that it belongs to now."""

    field_order = ["item"]
    item = forms.ChoiceField(label=_lazy("経費"))

    def __init__(self, data: Sent = None, *, cut: Cut, items: Sequence[Item]) -> None:
        kept = {"item": cut.key, "amount": cut.amount, "cite": cut.cite, "reason": cut.reason}
        super().__init__(data, initial=kept)
        rows = [(item.key, f"{item.n}　{item.what}　{in_yen(item.amount)}") for item in items]
        offer_choices(self, "item", [("", _lazy("選んでください")), *rows])
