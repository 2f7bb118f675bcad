"""A return that is late and a payment to the same firm that no bank has yet: what may be drafted about
them is offered on the pages of both cases.
"""

from dataclasses import dataclass

from grants.payments.models import Payment
from grants.payments.states import PaymentState
from grants.recovery import offsetting, withholding
from grants.recovery.models import Recovery
from portal.accounts.models import User
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.types import Text

READERS = ("finance_officer", "programme_officer", "approver")
_FIRM = ("case__organisation", "organisation_id")

payments_of = OfCase(
    lambda: Payment.objects.filter(state__in=withholding.MAY_BE_HELD, batch=None).select_related(
        "award__application__call", "case"
    ),
    *_FIRM,
)
debts_of = OfCase(
    lambda: (
        Recovery.objects.owed()
        .select_related("award__application__call", "case")
        .prefetch_related("receipts", "agreed", "demands")
    ),
    *_FIRM,
)
READS = (payments_of, debts_of)


@dataclass(frozen=True)
class Pair:
    payment: Payment
    recovery: Recovery

    @property
    def left(self) -> int:
        return self.recovery.owed()["left"]

    @property
    def acts(self) -> list[tuple[str, Text]]:
        """What may be drafted, on the case of the payment: name and label."""
        provisions, found = self.payment.award.stated.provisions, []
        is_free = self.payment.state == PaymentState.ORDERED
        if is_free and provisions.withholding and withholding.meets(self.payment, self.recovery):
            found.append(("withhold", withholding.WITHHOLD.label))
        if provisions.set_off and offsetting.meets(self.payment, self.recovery):
            found.append(("set_off", offsetting.SET_OFF.label))
        return found

    @property
    def said(self) -> str:
        return "・".join(str(label) for _name, label in self.acts)


def of_case(case: Case, user: User) -> list[Pair]:
    """The pairs of which one side is on this case and the other on another that the person sees."""
    pairs = [
        Pair(payment, debt)
        for payment in payments_of.all(case)
        for debt in debts_of.all(case)
        if (payment.case_id == case.pk) != (debt.case_id == case.pk)
    ]
    found = [pair for pair in pairs if pair.acts]
    if not found:
        return []
    others = {key for pair in found for key in (pair.payment.case_id, pair.recovery.case_id)}
    seen = set(
        Case.objects.visible_to(user).filter(pk__in=others - {case.pk}).values_list("pk", flat=True)
    )
    return [pair for pair in found if seen & {pair.payment.case_id, pair.recovery.case_id}]
