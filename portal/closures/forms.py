"""What is typed to close an office."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.closures import entering
from portal.closures.entering import Wanted
from portal.registry.models import Municipality
from portal.types import Given, Sent
from portal.ui.forms import Day, Text

LONGEST = 31  # days that one closure lasts at most
AHEAD = 730  # days in advance


class ClosureForm(forms.Form):
    starts_on = Day(label=_lazy("最初の日"))
    ends_on = Day(
        label=_lazy("最後の日"), required=False, help_text=_lazy("1日だけなら空けておきます。")
    )
    reason = Text(
        label=_lazy("理由"), max_length=80, help_text=_lazy("市民に見えます（例：庁舎の停電）。")
    )
    reason_en = Text(label=_lazy("理由（英語のページ）"), max_length=120, required=False)

    def __init__(self, data: Sent = None, *, by: User) -> None:
        super().__init__(data)
        rows = Municipality.objects.all()
        kept = [row.pk for row in rows if entering.may_keep(by, row.pk)]
        self.fields["municipality"] = forms.ModelChoiceField(
            rows.filter(pk__in=kept),
            label=_lazy("市町村"),
            empty_label=_lazy("選んでください"),
            initial=kept[0] if len(kept) == 1 else None,
        )
        self.order_fields(["municipality"])

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on") or data.get("starts_on")
        if first is None or last is None:
            return data
        if first < clock.today():
            self.add_error("starts_on", _lazy("今日以降の日にしてください。"))
        elif first > clock.today() + timedelta(days=AHEAD):
            self.add_error("starts_on", _lazy("2年以内の日にしてください。"))
        if last < first:
            self.add_error("ends_on", _lazy("最初の日か、それより後の日にしてください。"))
        elif (last - first).days >= LONGEST:
            self.add_error("ends_on", _lazy("一度に閉じられるのは31日までです。"))
        return {**data, "ends_on": last}

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)
