"""One message to the applicants of many cases."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.cases import interests, visibility
from portal.cases.models import Case
from portal.cases.ports import BulkAct, Look
from portal.correspondence import talk
from portal.types import Given
from portal.ui.forms import LongText


class ToManyForm(forms.Form):
    body = LongText(
        label=_lazy("送る文章"),
        rows=6,
        max_length=4000,
        help_text=_lazy(
            "どの申請者にも同じ文章が届きます。個人や事業者の名前は書かないでください。"
        ),
    )


def _look(by: User, cases: Sequence[Case], _given: Given | None) -> dict[int, Look]:
    """A case whose state has changed since has moved: the message may no longer fit."""
    interests.fill(by, list(cases))
    visibility.keep(by, cases)
    return {case.pk: Look(seen=case.state, reasons=talk.refusals(case, by)) for case in cases}


def _write(case: Case, by: User, given: Given) -> None:
    talk.write(case, body=given["body"], by=by)


MESSAGE = BulkAct(
    label=_lazy("申請者に同じ連絡を送る"),
    look=_look,
    effect=_write,
    form=lambda data, _cases, _by: ToManyForm(data),
)
