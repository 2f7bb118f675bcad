"""支出命令: what is to be paid to whom, and what keeps it from the bank: held for a reason, withheld by
decision, set off against what the firm owes.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from grants.awards.models import Award
from grants.budget.models import disburse
from grants.payments import correcting, obstacles, outgoing
from grants.payments.accounts import FINANCE, BankAccount
from grants.payments.checks import OrderCheck
from grants.payments.claims import Claim
from grants.payments.closed_firms import firm_closed
from grants.payments.ports import withholding_ended
from grants.payments.states import PaymentState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.cases.models import Case
from portal.types import Given
from portal.workflow.door import send_out
from portal.workflow.graph import LifeCycle, Requirement, transition

REST = (
    "相殺した残りの額について、一時停止のもととなった返還に、納期限を過ぎたものがなくなったため。"
)


class Order(LifeCycle):
    """The part of a payment that is known without a bank."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="payments")
    award = models.ForeignKey(Award, models.PROTECT, related_name="payments")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payments")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    batch = models.ForeignKey(
        "grants_payments.PaymentBatch", models.PROTECT, null=True, related_name="payments"
    )
    line = models.PositiveIntegerField(null=True)
    # by which check it may be paid, while it is in the batch that was checked
    clearance = models.OneToOneField(OrderCheck, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField(default=clock.now)
    paid_on = models.DateField(null=True)
    # while it is held: why, and by whom
    held_for = models.TextField(blank=True)
    held_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    def born(self, by: User, given: Given) -> None:
        """What a set-off left of a withheld payment is ordered once nothing is late."""
        if withholding_ended.value(self):
            send_out(self, outgoing.WITHHOLDING_ENDED, reason=REST)

    @property
    def is_set_off(self) -> bool:
        return self.state == PaymentState.SET_OFF

    @property
    def was_set_off(self) -> bool:
        """Was it set off, and the set-off undone? What is cancelled otherwise was never paid."""
        return self.state == PaymentState.CANCELLED and self.paid_on is not None

    @transition(
        source=PaymentState.ORDERED,
        target=PaymentState.HELD,
        label=_lazy("支払いを保留する"),
        done=_lazy("支払いを保留しました"),
        permission=FINANCE,
        reason="required",
        requirements=(Requirement("free", obstacles.beyond_reach),),
        locks=lambda payment, _given: (
            [payment.batch, *payment.batch.payments.all()] if payment.batch else []
        ),
    )
    def hold(self, *, by: User, reason: str, **_given: object) -> None:
        """差押え, a closed firm, or a doubt: nothing is sent until a person releases it. It leaves a
        batch that is still open.
        """
        self.held_for, self.held_by = reason, by
        if self.batch is not None:
            self.batch.drop(self, by=by)

    @transition(
        source=(PaymentState.ORDERED, PaymentState.HELD),
        target=PaymentState.HELD,
        label=_lazy("支払いを一時停止する"),
        done=_lazy("支払いを一時停止しました"),
        internal=True,
        permission=office("approver"),
        reason="required",
        requirements=(Requirement("free", obstacles.in_batch),),
    )
    def withhold(self, *, by: User, reason: str, **_given: object) -> None:
        """By decision, while its firm owes a return (`grants.recovery.withholding`)."""
        self.held_for, self.held_by = reason, by

    @transition(
        source=PaymentState.HELD,
        target=PaymentState.ORDERED,
        label=_lazy("保留を解く"),
        done=_lazy("保留を解きました"),
        permission=FINANCE,
        reason="required",
        requirements=(Requirement("open", firm_closed),),
    )
    def release(self, *, reason: str, **_given: object) -> None:
        """What was withheld by decision ends with a paper."""
        self.held_for, self.held_by = "", None
        if withholding_ended.value(self):
            send_out(self, outgoing.WITHHOLDING_ENDED, reason=reason)

    @transition(
        source=(PaymentState.ORDERED, PaymentState.HELD),
        target=PaymentState.SET_OFF,
        label=_lazy("返還金と相殺する"),
        done=_lazy("返還金と相殺しました"),
        internal=True,
        permission=office("approver"),
        duty="set_off",
        reason="required",
        requirements=(
            Requirement("free", obstacles.in_batch),
            Requirement("halted", obstacles.halted_case),
        ),
        locks=correcting.locks,
    )
    def set_off(self, *, by: User, amount: int, **_given: object) -> None:
        """By decision, `amount` yen of it against what its firm owes (`grants.recovery.offsetting`): no
        bank moves them. The book stays gross: they are spent. The rest is ordered anew.
        """
        self.amount, self.paid_on = amount, clock.today()
        self.held_for, self.held_by = "", None
        disburse(
            self.award.application.call,
            self.award.frame,
            amount,
            by=by,
            case=self.case,
            note="相殺による支払",
        )

    @transition(
        source=PaymentState.SET_OFF,
        target=PaymentState.CANCELLED,
        label=_lazy("返還金との相殺を取り消す"),
        done=_lazy("返還金との相殺を取り消しました"),
        internal=True,
        permission=office("approver"),
        duty="set_off",
        reason="required",
        locks=correcting.locks,
    )
    def undo_set_off(self, *, by: User, reason: str, **_given: object) -> None:
        """By decision (`grants.recovery.undoing`): nothing was paid, and its claim is ordered anew."""
        correcting.undo(self, on=clock.today(), reason=reason, by=by, note="相殺の取消し")
