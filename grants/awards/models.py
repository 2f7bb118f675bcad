"""補助事業: the award. Born by the decision; its later life is the second half of the case."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from grants.applications.models import Application
from grants.budget.models import commit, decommit, lines_of
from portal import clock, ports
from portal.accounts.permissions import Applicant, office
from portal.cases.models import Case
from portal.workflow.graph import UNBORN, LifeCycle, Requirement, State, state_check, state_field, transition


def _withdrawal_over(award: "Award") -> list[str]:
    days = award.application.call.stated.periods.withdrawal_days
    last = award.awarded_on + timedelta(days=days)
    if clock.today() <= last:
        return []
    return [_now("通知を受け取った日から%(n)s日を過ぎています。担当にご相談ください。") % {"n": days}]


AWARD_STATES = {
    "active": State(_("実施中"), _("事業の実施"), "good"),
    "suspended": State(_("一時停止"), _("一時停止"), "care"),
    "amount_fixed": State(_("額の確定"), _("額の確定"), "good"),
    "closed": State(_("完了"), _("完了"), "rest"),
    "withdrawn": State(_("取下げ"), _("取下げ"), "rest"),
    "abandoned": State(_("廃止"), _("廃止"), "rest"),
    "revoked": State(_("取消"), _("取消"), "stop"),
    "cancelled": State(_("事情変更による取消"), _("取消"), "rest"),
}


class Award(LifeCycle):
    """One award of one funder. Parameters are frozen with it; amounts in yen, awarded <= requested."""

    lock_rank = 60
    STATES = AWARD_STATES

    case = models.ForeignKey(Case, models.PROTECT, related_name="awards")
    application = models.OneToOneField(Application, models.PROTECT, related_name="award_row")
    frame = models.CharField(max_length=31)
    parameters = models.JSONField()
    eligible_amount = models.BigIntegerField()
    requested_amount = models.BigIntegerField()
    awarded_amount = models.BigIntegerField()
    cut_reason = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    awarded_on = models.DateField()
    project_ends_on = models.DateField()
    state = state_field()

    class Meta:
        constraints = [
            state_check(AWARD_STATES, "awards_state"),
            models.CheckConstraint(condition=Q(awarded_amount__gt=0), name="awards_amount_positive"),
            models.CheckConstraint(
                condition=Q(awarded_amount__lte=F("requested_amount")), name="awards_within_request"
            ),
            models.CheckConstraint(
                condition=Q(awarded_amount=F("requested_amount")) | ~Q(cut_reason=""), name="awards_cut_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.awarded_amount}"

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()

    @transition(source=UNBORN, target="active", label=_("交付を決定する"), done=_("交付を決定しました"), internal=True,
                permission=office("approver"), duty="approve_decision", notice="award",
                locks=lambda _obj, given: [given["application"].case, given["application"]])  # fmt: skip
    def begin(self, *, application: Application, amount: int, **given: Any) -> None:
        self.case, self.application, self.frame = application.case, application, application.frame
        self.parameters = application.call.parameters
        self.eligible_amount = application.eligible_amount or 0
        self.requested_amount, self.awarded_amount = application.requested_amount or 0, amount
        self.cut_reason, self.conditions = given.get("cut_reason", ""), given.get("conditions", "")
        self.awarded_on, self.project_ends_on = clock.today(), application.call.project_ends_on

    def born(self, by: Any, given: dict[str, Any]) -> None:
        """支出負担行為: the budget is committed in the same transaction, or there is no award."""
        commit(self.application.call, self.frame, self.awarded_amount, by=by, case=self.case)

    @transition(source="active", target="withdrawn", label=_("交付の決定を辞退する"), done=_("交付の決定を辞退しました"), tone="danger",
                permission=Applicant(submitting=True), reason="optional", tell="office",
                requirements=(Requirement("in_time", _withdrawal_over),),
                locks=lambda award, _given: lines_of(award.application.call, award.frame))  # fmt: skip
    def withdraw(self, *, by: Any, **_given: Any) -> None:
        """取下げ within the days allowed: the budget is released, and whoever waits is next."""
        call = self.application.call
        decommit(call, self.frame, self.awarded_amount, by=by, case=self.case)
        for released in ports.money_released.values():
            released(call, self.frame)
