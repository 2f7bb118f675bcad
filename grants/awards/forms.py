"""What a change of the project asks."""

from typing import Unpack

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _lazy

from grants.awards.changes import ChangeRequest
from grants.awards.models import Award
from grants.budget.carrying import year_of
from grants.budget.years import latest_end
from grants.programmes.models import said
from portal.days import day_said
from portal.types import Given
from portal.ui.forms import Day, LongText, RowOptions, Text, Yen


class ChangeForm(forms.Form):
    NEEDED_SOMETIMES = ("ends_on",)

    kind = forms.ChoiceField(
        label=_lazy("変更の区分"), choices=ChangeRequest.KINDS, widget=forms.RadioSelect
    )
    reason = LongText(label=_lazy("変更の理由"), rows=3, max_length=1000)
    ends_on = Day(label=_lazy("新しい事業の終わり（期間を延ばすとき）"), required=False)

    def __init__(self, data: QueryDict | None = None, *, award: Award) -> None:
        super().__init__(data)
        self.award = award

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        day = data.get("ends_on")
        if data.get("kind") == "delay" and (day is None or day <= self.award.project_ends_on):
            self.add_error("ends_on", _lazy("いまの終わりより後の日を入力してください。"))
        latest = latest_end(year_of(self.award.application.call, self.award.frame))
        if data.get("kind") == "delay" and day is not None and day > latest:
            late = _lazy("期間は、繰り越せる年度の終わり（%(day)s）までの日にしてください。")
            self.add_error("ends_on", forms.ValidationError(late, params={"day": day_said(latest)}))
        if data.get("kind") != "delay":
            data["ends_on"] = None
        return data


class ItemForm(forms.Form):
    what = Text(label=_lazy("内容"), max_length=100, required=False)
    category = forms.ChoiceField(label=_lazy("経費区分"))
    amount = Yen(label=_lazy("変更後の金額（税抜・円）"), required=False)

    def __init__(self, *, award: Award, **options: Unpack[RowOptions]) -> None:
        super().__init__(**options)
        category = self.fields["category"]
        if isinstance(category, forms.ChoiceField):
            category.choices = [(c.key, said(c.name)) for c in award.stated.categories]

    def has_changed(self) -> bool:
        return any(name != "category" for name in self.changed_data)


ItemSet = forms.formset_factory(ItemForm, extra=0, min_num=1, max_num=30, absolute_max=30)


class AssessForm(forms.Form):
    """What is accepted of one cost item, and why it is less."""

    NEEDED_SOMETIMES = ("reason",)

    accepted = Yen(label=_lazy("対象とする額（税抜・円）"))
    reason = Text(
        label=_lazy("減らす理由（通知書に載ります）"),
        required=False,
        max_length=300,
        help_text=_lazy("申請の額より少ないときは必ず書いてください。"),
    )
