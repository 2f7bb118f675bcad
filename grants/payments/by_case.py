"""What the office's list of cases knows of payments: what banks brought in each case, and which cases wait
for somebody of finance or were set off.

The sum is carried by the case, which the list is sorted by; kept by the database (migration 0004), checked here.
"""

from collections.abc import Callable

from django import forms
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _lazy

from grants.payments.states import PaymentState
from grants.payments.transfers import Payment
from portal.cases import visibility
from portal.cases.models import Case
from portal.cases.ports import CaseFilterPart


def differing() -> QuerySet[Case]:
    """The cases that carry another sum than that of their payments."""
    paid = Payment.objects.filter(case=OuterRef("pk"), state=PaymentState.PAID).order_by()
    of_case = paid.values("case").annotate(n=Sum("amount")).values("n")
    rows = Case.objects.annotate(theirs=Subquery(of_case, output_field=BigIntegerField()))
    return rows.exclude(paid_amount=F("theirs")).exclude(paid_amount=None, theirs=None)


def copy_anew() -> None:
    """After rows were written past the database's own copying."""
    Case.objects.filter(pk__in=differing().values("pk")).update(paid_amount=F("paid_amount"))


def _in(state: PaymentState) -> Callable[[], QuerySet[Payment]]:
    return lambda: Payment.objects.filter(state=state)


def _bounced() -> QuerySet[Payment]:
    """What came back and has no order anew."""
    later = Payment.objects.live().filter(claim=OuterRef("claim"), pk__gt=OuterRef("pk"))
    return Payment.objects.filter(~Exists(later), state=PaymentState.BOUNCED)


WAITING = {
    "held": (_lazy("保留（差し止めを含む）"), _in(PaymentState.HELD)),
    "returned": (_lazy("会計の差戻し"), _in(PaymentState.RETURNED)),
    "doubted": (_lazy("振込結果の訂正の確認待ち"), _in(PaymentState.BOUNCE_DOUBTED)),
    "bounced": (_lazy("振込不能（まだ支払い直していない）"), _bounced),
    "set_off": (_lazy("返還金と相殺"), _in(PaymentState.SET_OFF)),
}


def _cases(chosen: str) -> Q:
    _label, found = WAITING[chosen]
    return Q(pk__in=found().values("case"))


PAYMENT = CaseFilterPart(
    field=lambda: forms.ChoiceField(
        label=_lazy("支払いの状態"),
        required=False,
        choices=[
            ("", _lazy("すべて")),
            *((name, label) for name, (label, _found) in WAITING.items()),
        ],
    ),
    cases=_cases,
    readers=visibility.MONEY,
)
