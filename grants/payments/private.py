"""The accounts to which a case was paid: not for everybody."""

from collections.abc import Iterable

from grants.payments.models import Payment
from portal.cases.models import Case
from portal.cases.ports import Private


def of_accounts(case: Case) -> Iterable[Private]:
    payments = Payment.objects.filter(case=case).select_related("account")
    return [Private(text=payment.account.masked, kind="account") for payment in payments]
