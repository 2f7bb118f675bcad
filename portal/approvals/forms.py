"""The form of a draft approval: title, note, and the stations of the circulation."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User, in_force
from portal.accounts.permissions import prefixed
from portal.approvals.stations import able
from portal.cases.models import Case
from portal.types import Given, Sent
from portal.ui.forms import LongText, Text, offer


def holders(*roles: str) -> QuerySet[User]:
    """People who hold one of the roles today."""
    people = User.objects.filter(is_active=True, staff_roles__role__in=roles)
    return people.filter(prefixed(in_force(), "staff_roles")).distinct().order_by("name")


class DraftForm(forms.Form):
    title = Text(
        label=_lazy("件名"),
        max_length=200,
        help_text=_lazy("回議先へのメールに載ります。個人の名前は書かないでください。"),
    )
    note = LongText(label=_lazy("伺いの内容"), required=False, rows=4)
    first = forms.ModelChoiceField(
        User.objects.none(), label=_lazy("回議1"), required=False, empty_label=_lazy("なし")
    )
    second = forms.ModelChoiceField(
        User.objects.none(), label=_lazy("回議2"), required=False, empty_label=_lazy("なし")
    )
    consult = forms.ModelChoiceField(
        User.objects.none(),
        label=_lazy("合議"),
        required=False,
        empty_label=_lazy("なし"),
        help_text=_lazy("経理など、ほかの部署の同意を求めるとき"),
    )
    decider = forms.ModelChoiceField(
        User.objects.none(), label=_lazy("決裁する人"), empty_label=_lazy("選んでください")
    )

    def __init__(
        self,
        data: Sent = None,
        *,
        drafter: User,
        cases: list[Case],
        initial: Given | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        others = able("agree", cases).exclude(pk=drafter.pk)
        for name in ("first", "second", "consult"):
            offer(self, name, others)
        offer(self, "decider", able("decide", cases).exclude(pk=drafter.pk))

    def steps(self) -> list[tuple[str, User]]:
        """(kind, person) in the order of the circulation; nobody twice."""
        data = self.cleaned_data
        rows = [
            ("agree", data["first"]),
            ("agree", data["second"]),
            ("consult", data["consult"]),
            ("decide", data["decider"]),
        ]
        return [
            (kind, person)
            for kind, person in rows
            if person and (kind == "decide" or person != data["decider"])
        ]
