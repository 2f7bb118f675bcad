"""振込不能: accounting takes in from the bank that a transfer did not arrive, and finance looks at the bank's
word before the claim is ordered anew (decision 0093).
"""

from typing import TYPE_CHECKING, cast

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from grants.payments import obstacles
from grants.payments.accounts import ACCOUNTING, FINANCE
from grants.payments.orders import Order
from grants.payments.states import PaymentState
from portal.types import Given
from portal.workflow.graph import LifeCycle, Requirement, transition

if TYPE_CHECKING:
    from grants.payments.transfers import Payment


def _locks(payment: LifeCycle, _given: Given) -> list[models.Model]:
    row = cast("Payment", payment)
    return [row.award, *([row.batch] if row.batch is not None else [])]


class Bounced(Order):
    """What is kept of a transfer that did not arrive."""

    bounce = models.CharField(max_length=120, blank=True)  # the bank's reason
    is_bounce_confirmed = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @transition(
        source=PaymentState.ORDERED,
        target=PaymentState.BOUNCED,
        label=_lazy("振込不能にする"),
        done=_lazy("振込ができませんでした"),
        internal=True,
        permission=ACCOUNTING,
        duty="record_bounce",
        requirements=(
            Requirement("sent", obstacles.not_sent),
            Requirement("day", obstacles.before_its_day),
        ),
        locks=_locks,
    )
    def fail(self, *, code: str, why: str, **_given: object) -> None:
        self.bounce = f"{code} {why}".strip()[:120]

    @transition(
        source=PaymentState.BOUNCED,
        target=PaymentState.BOUNCED,
        label=_lazy("振込不能を確認する"),
        done=_lazy("振込不能を確認しました"),
        permission=FINANCE,
        duty="confirm_bounce",
        reason="required",
        tone="solid",
        sensitive=True,
        requirements=(Requirement("once", obstacles.bounce_confirmed),),
        locks=_locks,
    )
    def confirm_bounce(self, **_given: object) -> None:
        """Finance has the bank's word or file before it: the claim may be ordered anew."""
        self.is_bounce_confirmed = True
