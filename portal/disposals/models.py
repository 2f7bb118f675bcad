"""廃棄・移管: what becomes of the records of a case once the time of keeping is over, by decision.

A row begins when the time is over, waits for a decision, and stays as the line of the register
(廃棄簿) when the records are gone. It names nobody.
"""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.permissions import System, office
from portal.approvals.models import Approval
from portal.cases import retention
from portal.cases.models import Case
from portal.disposals import states
from portal.disposals.states import DisposalState
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)

DECIDES = office("approver")
HANDING = ("programme_officer",)
HANDS_OVER = office(*HANDING, every_town=True)  # what follows erases the records of each


def not_over(disposal: "Disposal") -> list[str]:
    """Something of the case may have begun anew since its time was over."""
    if retention.is_over(disposal.case):
        return []
    return [_("この案件は、まだ保存する期間のうちにあります。")]


IS_OVER: Requirement["Disposal"] = Requirement("is_over", not_over)


class Disposal(LifeCycle):
    """The end of the records of one case.

    `kept_until`: the last day of keeping, as it was when the row began or was extended.
    """

    lock_rank = 96
    STATES = DisposalState
    FINAL = states.FINAL

    case = models.OneToOneField(Case, models.PROTECT, related_name="disposal")
    kept_until = models.DateField()
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    # what the archives gave for it: their number, on their day
    receipt = models.CharField(max_length=60, blank=True)
    received_on = models.DateField(null=True)
    state = state_field()

    class Meta:
        ordering = ["kept_until", "pk"]
        constraints = [
            state_check(DisposalState, "disposals_state"),
            models.CheckConstraint(
                condition=Q(state=DisposalState.DUE) | Q(approval__isnull=False),
                name="disposals_by_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DisposalState.SAID_HANDED, DisposalState.HANDED_OVER])
                | Q(received_on__isnull=False),
                name="disposals_receipt",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)

    @property
    def is_due(self) -> bool:
        return self.state == DisposalState.DUE

    @property
    def is_for_archives(self) -> bool:
        return self.state == DisposalState.TO_ARCHIVES

    @property
    def is_said_handed(self) -> bool:
        return self.state == DisposalState.SAID_HANDED

    def get_absolute_url(self) -> str:
        return reverse("disposal_list")

    @transition(
        source=UNBORN,
        target=DisposalState.DUE,
        label=_lazy("保存期間の満了を記録する"),
        done=_lazy("保存期間が満了しました"),
        internal=True,
        permission=System(),
        locks=lambda _obj, given: [given["case"]],
    )
    def begin(self, *, case: Case, kept_until: date, **_given: object) -> None:
        self.case, self.kept_until = case, kept_until

    @transition(
        source=DisposalState.DUE,
        target=DisposalState.DESTROYED,
        label=_lazy("廃棄する"),
        done=_lazy("廃棄を決めました"),
        internal=True,
        permission=DECIDES,
        requirements=(IS_OVER,),
        reason="required",
    )
    def destroy(self, *, approval: Approval, reason: str, **_given: object) -> None:
        self.approval, self.reason = approval, reason

    @transition(
        source=DisposalState.DUE,
        target=DisposalState.TO_ARCHIVES,
        label=_lazy("公文書館へ移管する"),
        done=_lazy("公文書館への移管を決めました"),
        internal=True,
        permission=DECIDES,
        requirements=(IS_OVER,),
        reason="required",
    )
    def set_aside(self, *, approval: Approval, reason: str, **_given: object) -> None:
        self.approval, self.reason = approval, reason

    @transition(
        source=DisposalState.DUE,
        target=DisposalState.EXTENDED,
        label=_lazy("保存期間を延ばす"),
        done=_lazy("保存期間を延ばしました"),
        internal=True,
        permission=DECIDES,
        requirements=(IS_OVER,),
        reason="required",
    )
    def extend(self, *, approval: Approval, until: date, reason: str, **_given: object) -> None:
        self.approval, self.kept_until, self.reason = approval, until, reason

    @transition(
        source=DisposalState.EXTENDED,
        target=DisposalState.DUE,
        label=_lazy("延ばした期間の満了を記録する"),
        done=_lazy("延ばした保存期間が満了しました"),
        internal=True,
        permission=System(),
        requirements=(IS_OVER,),
    )
    def fall_due(self, **_given: object) -> None:
        self.approval, self.reason = None, ""

    @transition(
        source=DisposalState.TO_ARCHIVES,
        target=DisposalState.SAID_HANDED,
        label=_lazy("移管したことを記録する"),
        done=_lazy("移管を記録しました。別の職員の確認を待っています"),
        tone="solid",
        permission=HANDS_OVER,
        duty="say_handed_over",
        form="archives_receipt",
    )
    def hand_over(self, *, receipt: str, received_on: date, **_given: object) -> None:
        self.receipt, self.received_on = receipt, received_on

    @transition(
        source=DisposalState.SAID_HANDED,
        target=DisposalState.HANDED_OVER,
        label=_lazy("移管を確認する"),
        done=_lazy("公文書館へ移管しました"),
        tone="solid",
        permission=HANDS_OVER,
        duty="confirm_handed_over",
        sensitive=True,
    )
    def confirm_hand_over(self, **_given: object) -> None:
        """By another than who said it: from now on the portal erases what it holds of the case."""

    @transition(
        source=DisposalState.SAID_HANDED,
        target=DisposalState.TO_ARCHIVES,
        label=_lazy("移管の記録を取り消す"),
        done=_lazy("移管の記録を取り消しました"),
        permission=HANDS_OVER,
        reason="required",
    )
    def not_handed_over(self, **_given: object) -> None:
        self.receipt, self.received_on = "", None
