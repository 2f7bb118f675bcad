"""請求: what a recipient asks to be paid, and what may still be asked for."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.awards.locks import born_on_award
from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.payments import outgoing
from grants.payments.accounts import FINANCE, BankAccount, confirmed_account, no_account, serve
from grants.payments.closed_firms import firm_closed
from grants.payments.states import (
    LIVE_CLAIMS,
    LIVE_PAYMENTS,
    MADE,
    AccountState,
    ClaimState,
    PaymentState,
)
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant
from portal.cases.models import Case
from portal.types import Given
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    Requirement,
    state_check,
    state_field,
    transition,
)

if TYPE_CHECKING:
    from grants.payments.transfers import Payment


def paid_out(award: Award) -> int:
    """Yen of the award's live payments: ordered, held or paid."""
    return live_yen(award.payments.live())


def live_yen(payments: Iterable["Payment"]) -> int:
    """Yen of those payments that are live."""
    return sum(payment.amount for payment in payments if payment.state in LIVE_PAYMENTS)


def claimable(award: Award) -> int:
    """Yen that may still be claimed, as the tables have it now."""
    return left_to_claim(award, Claim.objects.filter(award=award).prefetch_related("payments"))


def left_to_claim(award: Award, claims: Iterable["Claim"]) -> int:
    """What may be paid less live payments and live claims that wait for theirs.

    `claims`: all of the award, payments prefetched.
    """
    left = award.payable
    for claim in claims:
        waits = claim.amount if claim.state in LIVE_CLAIMS else 0
        left -= max(live_yen(claim.payments.all()), waits)
    return left


def _unpaid(claim: "Claim") -> list[str]:
    live = set(claim.payments.live().values_list("state", flat=True))
    if PaymentState.SET_OFF in live:
        return [_("返還金と相殺した請求は、差し戻せません。")]
    return [_("支出命令が出ています。先に支払いを取り消してください。")] if live else []


class Claim(LifeCycle):
    """交付請求: settlement (精算払) after fixing, or advance (概算払) where the call allows it; yen."""

    lock_rank = 64
    STATES = ClaimState
    OUTGOING = outgoing.CLAIM
    LIVE = LIVE_CLAIMS
    KINDS = [("settlement", _lazy("精算払")), ("advance", _lazy("概算払"))]

    case = models.ForeignKey(Case, models.PROTECT, related_name="claims")
    award = models.ForeignKey(Award, models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=10, choices=KINDS)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    claimed_at = models.DateTimeField(default=clock.now)
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            state_check(ClaimState, "payments_claim_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_claim_positive"),
            models.UniqueConstraint(
                fields=["award", "kind"],
                condition=Q(state__in=list(LIVE_CLAIMS)),
                name="payments_claim_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()} {self.amount:,}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#payments"

    @property
    def to_transfer(self) -> int:
        """Yen of it that a bank still has to move: what was set off against a return needs no transfer."""
        return self.amount - sum(p.amount for p in self.payments.all() if p.state in MADE)

    @property
    def payment(self) -> "Payment | None":
        """The live payment of the claim, else the latest, whatever became of it. Where a part was set
        off, or paid beside a set-off that was undone, it is the one of the rest.
        """
        rows = list(self.payments.all())
        if self.to_transfer > 0:
            stands = [row for row in rows if row.state != PaymentState.CANCELLED]
            followed = {payment.reissue_of_id for payment in stands}
            rows = [row for row in rows if row.state not in MADE and row.pk not in followed]
        return max(rows, key=lambda payment: (payment.is_live, payment.pk), default=None)

    @transition(
        source=UNBORN,
        target=ClaimState.CLAIMED,
        label=_lazy("補助金を請求する"),
        done=_lazy("補助金を請求しました"),
        internal=True,
        permission=Applicant(submitting=True),
        duty="file_claim",
        locks=born_on_award,
    )
    def begin(
        self, *, award: Award, kind: str, amount: int, by: User, reason: str = "", **_given: object
    ) -> None:
        if Claim.objects.live().filter(award=award, kind=kind).exists():
            raise NotReady(_("同じ種類の請求が、すでに出ています。"))
        if kind == "settlement" and award.state != AwardState.AMOUNT_FIXED:
            raise NotReady(_("補助金の額が確定してから請求できます。"))
        if kind == "advance" and (
            "advance" not in award.stated.payment or award.state != AwardState.ACTIVE
        ):
            raise NotReady(_("この補助金では、概算払の請求はできません。"))
        if not 0 < amount <= claimable(award):
            raise NotReady(
                _("請求できるのは%(left)s円までです。") % {"left": f"{max(claimable(award), 0):,}"}
            )
        if not BankAccount.objects.filter(
            organisation=award.case.organisation,
            state__in=[AccountState.DECLARED, AccountState.CONFIRMED],
        ).exists():
            raise NotReady(_("先に、振込先の口座を届け出てください。"))
        self.award, self.case = award, award.case
        self.kind, self.amount, self.reason = kind, amount, reason
        self.claimed_at = clock.now()

    def born(self, by: User, given: Given) -> None:
        """Its money goes to an account that was confirmed before."""
        account = confirmed_account(self.case.organisation)
        if account is not None:
            serve(account, self.case)

    @transition(
        source=ClaimState.CLAIMED,
        target=ClaimState.CHECKED,
        label=_lazy("請求を確認済みにする"),
        done=_lazy("請求を確かめました"),
        tone="solid",
        permission=FINANCE,
        duty="check_claim",
        requirements=(Requirement("account", no_account), Requirement("open", firm_closed)),
    )
    def examine(self, **_given: object) -> None:
        pass

    @transition(
        source=(ClaimState.CLAIMED, ClaimState.CHECKED),
        target=ClaimState.RETURNED,
        label=_lazy("請求を差し戻す"),
        done=_lazy("請求を差し戻しました"),
        permission=FINANCE,
        reason="required",
        requirements=(Requirement("unpaid", _unpaid),),
    )
    def send_back(self, *, reason: str, **_given: object) -> None:
        self.reason = reason

    @transition(
        source=ClaimState.RETURNED,
        target=ClaimState.CLAIMED,
        label=_lazy("請求を出し直す"),
        done=_lazy("請求を出し直しました"),
        tone="solid",
        permission=Applicant(submitting=True),
        duty="file_claim",
    )
    def claim_again(self, **_given: object) -> None:
        self.reason = ""

    @transition(
        source=(ClaimState.CLAIMED, ClaimState.RETURNED),
        target=ClaimState.DENIED,
        label=_lazy("請求を却下する"),
        done=_lazy("請求を却下しました"),
        permission=FINANCE,
        reason="required",
        tone="danger",
    )
    def deny(self, *, reason: str, **_given: object) -> None:
        self.reason = reason

    @transition(
        source=(ClaimState.CLAIMED, ClaimState.RETURNED, ClaimState.DENIED),
        target=ClaimState.CHECKED,
        label=_lazy("支払われていた請求を、確認済みに戻す"),
        done=_lazy("支払われていた請求を、確認済みに戻しました"),
        internal=True,
        permission=FINANCE,
        reason="required",
    )
    def restore(self, **_given: object) -> None:
        """Its payment, recorded as bounced, had arrived: it asks for nothing more."""
        self.reason = ""
