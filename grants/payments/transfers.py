"""支払: one transfer of yen to the account of a recipient, from the order to the bank's answer."""

from datetime import date
from typing import cast

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.budget.models import disburse, lines_of
from grants.payments import (
    bank_words,
    correcting,
    obstacles,
    ordering,
    outgoing,
    promises,
    zengin,
)
from grants.payments.accounts import (
    ACCOUNTING,
    FINANCE,
    no_account,
)
from grants.payments.bank_words import Paper
from grants.payments.bounces import Bounced
from grants.payments.checks import CONFIRMATIONS, OrderCheck
from grants.payments.claims import Claim
from grants.payments.closed_firms import firm_closed
from grants.payments.states import (
    FAILED_PAYMENTS,
    LIVE_PAYMENTS,
    UNANSWERED,
    PaymentState,
)
from portal.accounts.models import User
from portal.days import dated
from portal.types import Given
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    Requirement,
    state_field,
    transition,
)


def _award(payment: LifeCycle, _given: Given) -> list[models.Model]:
    """Which counts it among its orders no longer."""
    return [cast("Payment", payment).award]


class Payment(Bounced):
    """支払: one transfer of yen. A reissue after a bounce is a new row.

    Batched and sent are read from its batch.
    """

    lock_rank = 68
    STATES = PaymentState
    OUTGOING = outgoing.PAYMENT
    LIVE = LIVE_PAYMENTS
    FAILED = FAILED_PAYMENTS

    reissue_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="reissue")
    # the set-off that was undone and that it pays instead, beside what was transferred of its claim
    restores = models.ForeignKey("self", models.PROTECT, null=True, related_name="restored_by")
    # reported paid first, and returned by the bank later; while it is paid this is said only
    came_back_on = models.DateField(null=True)
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = promises.OF_PAYMENT

    def __str__(self) -> str:
        return _("%(case)s　%(yen)s円") % {"case": self.case, "yen": f"{self.amount:,}"}

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#payments"

    @property
    def act_facts(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if self.batch is not None:
            found.append((_("振込日"), dated(self.batch.pay_on)))
        if self.came_back_on is not None:
            found.append((_("戻った日"), dated(self.came_back_on)))
        return [*found, *([(_("銀行の理由"), self.bounce)] if self.bounce else [])]

    @property
    def told_values(self) -> dict[str, object]:
        return {"yen": f"{self.amount:,}"}

    @property
    def is_said_to_be_back(self) -> bool:
        return self.state == PaymentState.PAID and self.came_back_on is not None

    @property
    def is_awaited(self) -> bool:
        """Has the bank not said yet what became of it?"""
        return self.state == PaymentState.ORDERED

    def transfer(self) -> zengin.Transfer:
        name = self.account.holder_at_bank()
        return zengin.Transfer(self.account.place(), name, self.amount, f"{self.pk}")

    @transition(
        source=UNBORN,
        target=PaymentState.ORDERED,
        label=_lazy("支出命令を出す"),
        done=_lazy("支出命令を出しました"),
        internal=True,
        permission=FINANCE,
        duty="order_payment",
        requirements=(
            Requirement("account", no_account),
            Requirement("open", firm_closed),
            Requirement("halted", obstacles.halted_case),
        ),
        locks=lambda _obj, given: [
            *lines_of(given["claim"].award.application.call, given["claim"].award.frame),
            given["claim"].case,
            given["claim"].award,
            given["claim"],
        ],
    )
    def begin(self, *, claim: Claim, **_given: object) -> None:
        """支出命令 on a checked claim, or anew after a bounce.

        Never a second live one; never beyond what may be paid.
        """
        ordering.fill(self, claim.pk)

    @transition(
        source=PaymentState.ORDERED,
        target=PaymentState.ORDERED,
        label=_lazy("支出命令を審査済みにする"),
        done=_lazy("支出命令を審査しました"),
        internal=True,
        permission=ACCOUNTING,
        duty="check_order",
        requirements=(
            Requirement("handed", obstacles.not_handed_over),
            Requirement("once", obstacles.cleared),
            Requirement("account", obstacles.moved),
        ),
        locks=lambda payment, _given: [payment.batch, payment.account],
    )
    def clear(self, *, check: OrderCheck, **_given: object) -> None:
        """With all three confirmed it may be paid. Many at once: `checking.clear`."""
        self.clearance = check

    @transition(
        source=PaymentState.ORDERED,
        target=PaymentState.RETURNED,
        label=_lazy("支出命令を経理へ差し戻す"),
        done=_lazy("支出命令を経理へ差し戻しました"),
        permission=ACCOUNTING,
        duty="check_order",
        reason="required",
        form="order_doubts",
        tone="danger",
        requirements=(Requirement("handed", obstacles.not_handed_over),),
        locks=lambda payment, _given: [payment.batch, *payment.batch.payments.all()],
    )
    def send_back(self, *, by: User, doubts: list[str], reason: str, **_given: object) -> None:
        """Not paid like this: it leaves the batch, and finance mends it or cancels it."""
        confirmed = {name: name not in doubts for name in CONFIRMATIONS}
        if self.batch is not None:
            OrderCheck.objects.create(
                payment=self, batch=self.batch, reason=reason, checked_by=by, **confirmed
            )
            self.batch.drop(self, by=by)

    @transition(
        source=PaymentState.RETURNED,
        target=PaymentState.ORDERED,
        label=_lazy("直して、支出命令を出し直す"),
        done=_lazy("支出命令を出し直しました"),
        tone="solid",
        permission=FINANCE,
        duty="order_payment",
        reason="required",
        requirements=(Requirement("account", obstacles.moved), Requirement("open", firm_closed)),
    )
    def order_again(self, **_given: object) -> None:
        """What accounting asked for was mended: it waits for a batch again."""

    @transition(
        source=UNANSWERED,
        target=PaymentState.CANCELLED,
        label=_lazy("支払いを取り消す"),
        done=_lazy("支払いを取り消しました"),
        permission=FINANCE,
        reason="required",
        tone="danger",
        requirements=(Requirement("free", obstacles.in_batch),),
        locks=_award,
    )
    def cancel(self, **_given: object) -> None:
        pass

    @transition(
        source=PaymentState.ORDERED,
        target=PaymentState.PAID,
        label=_lazy("支払済みにする"),
        done=_lazy("補助金を振り込みました"),
        internal=True,
        permission=ACCOUNTING,
        requirements=(
            Requirement("sent", obstacles.not_sent),
            Requirement("day", obstacles.before_its_day),
        ),
        locks=lambda payment, _given: [
            *lines_of(payment.award.application.call, payment.award.frame),
            payment.award,
            payment.batch,
        ],
    )
    def settle(self, *, by: User, paid_on: date, **_given: object) -> None:
        """By the import of the bank's result. The budget is spent in the same transaction."""
        self.paid_on = paid_on
        disburse(self.award.application.call, self.award.frame, self.amount, by=by, case=self.case)

    @transition(
        source=PaymentState.PAID,
        target=PaymentState.PAID,
        label=_lazy("振込が戻ったことを記録する"),
        done=_lazy("振込が戻ったことの確認を、経理に求めました"),
        permission=ACCOUNTING,
        duty="ask_correction",
        reason="required",
        form="came_back",
        unsaid=("document",),
        requirements=(Requirement("once", obstacles.said_to_be_back),),
        locks=correcting.locks,
    )
    def say_came_back(
        self, *, by: User, came_back_on: date, document: Paper, reason: str, **_given: object
    ) -> None:
        """組戻し・後日の振込不能. Paid until finance confirms it: nothing is ordered anew before."""
        correcting.demand_after(self.paid_on, came_back_on)
        self.came_back_on, self.bounce = came_back_on, reason[:120]
        bank_words.keep(self, document, by=by)

    @transition(
        source=PaymentState.PAID,
        target=PaymentState.BOUNCED,
        label=_lazy("振込が戻ったと確認する"),
        done=_lazy("振込が戻りました"),
        permission=FINANCE,
        duty="confirm_correction",
        reason="required",
        tone="danger",
        sensitive=True,
        requirements=(Requirement("said", obstacles.not_said_to_be_back),),
        locks=correcting.locks,
    )
    def come_back(self, *, by: User, **_given: object) -> None:
        """Finance has the bank's word before it."""
        correcting.never_arrived(self, by=by)

    @transition(
        source=PaymentState.PAID,
        target=PaymentState.PAID,
        label=_lazy("振込済みのままとする"),
        done=_lazy("振込が戻ったという申し出を退けました"),
        permission=FINANCE,
        reason="required",
        requirements=(Requirement("said", obstacles.not_said_to_be_back),),
    )
    def deny_return(self, **_given: object) -> None:
        """The bank's word does not say so: it stays paid."""
        self.came_back_on, self.bounce = None, ""

    @transition(
        source=PaymentState.BOUNCED,
        target=PaymentState.BOUNCE_DOUBTED,
        label=_lazy("実際には振り込まれていたと申し出る"),
        done=_lazy("振込結果の訂正の確認を、経理に求めました"),
        permission=ACCOUNTING,
        duty="ask_correction",
        reason="required",
        form="bank_word",
        unsaid=("document",),
        requirements=(
            Requirement("once", obstacles.ordered_anew),
            Requirement("claimed", obstacles.claimed_anew),
            Requirement("within", obstacles.beyond_award),
        ),
        locks=correcting.locks,
    )
    def doubt_bounce(self, *, by: User, document: Paper, **_given: object) -> None:
        """It was recorded by mistake. Live from now on: nothing is ordered anew meanwhile."""
        bank_words.keep(self, document, by=by)

    @transition(
        source=PaymentState.BOUNCE_DOUBTED,
        target=PaymentState.PAID,
        label=_lazy("振り込まれていたと確認する"),
        done=_lazy("振込結果を訂正しました"),
        permission=FINANCE,
        duty="confirm_correction",
        reason="required",
        sensitive=True,
        requirements=(Requirement("claimed", obstacles.claimed_anew),),
        locks=correcting.locks,
    )
    def confirm_arrival(self, *, by: User, reason: str, **_given: object) -> None:
        """Finance has the bank's word before it."""
        correcting.arrived_after_all(self, by=by, reason=reason)

    @transition(
        source=PaymentState.BOUNCE_DOUBTED,
        target=PaymentState.BOUNCED,
        label=_lazy("振込不能のままとする"),
        done=_lazy("振込結果の訂正の申し出を退けました"),
        permission=FINANCE,
        reason="required",
        locks=_award,
    )
    def deny_arrival(self, **_given: object) -> None:
        """The bank's word does not say so: the firm's account is awaited as before."""
