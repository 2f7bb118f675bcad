"""補助事業: the award. Born by the decision; its later life is the second half of the case."""

from typing import TypeAlias

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from grants.applications.models import Application
from grants.awards import outgoing, states, withdrawing
from grants.awards.assessed import AssessedItem, Assessment
from grants.awards.changes import ChangeRequest
from grants.awards.locks import budget_of
from grants.awards.states import AwardState
from grants.budget.models import commit, decommit, spent
from grants.programmes import parameters as schema
from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, Either, office
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.money import Terms
from portal.types import Given
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)

__all__ = ["AssessedItem", "Assessment", "Award", "award_of", "awards_of"]

# [rule, line, officer, yen before, yen after] of yen that were cut
TraceStep: TypeAlias = list[str | int]


def _withdrawal_over(award: "Award") -> list[str]:
    days = award.application.stated.periods.withdrawal_days
    return withdrawing.too_late(award.case, days, award.awarded_on)


class Award(LifeCycle):
    """One award of one funder. Parameters are frozen with it; amounts in yen, awarded <= requested."""

    lock_rank = 60
    STATES = AwardState
    OUTGOING = outgoing.AWARD
    RUNNING = states.RUNNING
    OPEN = states.OPEN
    PAYABLE = states.PAYABLE
    FIXED = states.FIXED
    LIVE = states.LIVE
    ENDED = states.ENDED

    case = models.ForeignKey(Case, models.PROTECT, related_name="awards")
    application = models.OneToOneField(Application, models.PROTECT, related_name="award_row")
    frame = models.CharField(max_length=31)
    parameters = models.JSONField()
    eligible_amount = models.BigIntegerField()
    requested_amount = models.BigIntegerField()
    awarded_amount = models.BigIntegerField()
    # yen that the recipient may have in all by the decisions in force: the award, less once a part is
    # revoked or the amount is fixed, and after an ending what may be kept of an advance
    payable = models.BigIntegerField()
    cut_reason = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    awarded_on = models.DateField()
    project_ends_on = models.DateField()
    fixed_amount = models.BigIntegerField(null=True)
    fixed_on = models.DateField(null=True)
    fixed_trace = models.JSONField(default=list)  # of TraceStep, for every yen cut
    ended_reason = models.TextField(blank=True)
    # PlanItem of each item as changed; empty: as applied for
    plan = models.JSONField(default=list)
    state = state_field()
    # of its application, firm and book, as the database copies them (`carried`): the call, whether a sole
    # proprietor's, yen paid less what came back, given back to the line, and carried and not paid yet; of
    # its payments (`grants.payments.awaited`) how many orders are not paid for certain, and their yen
    of_call = models.ForeignKey(
        Call, models.PROTECT, related_name="+", db_index=False, editable=False
    )
    of_person = models.BooleanField(editable=False)
    paid = models.BigIntegerField(default=0, editable=False)
    given_back = models.BigIntegerField(default=0, editable=False)
    left_over = models.BigIntegerField(null=True, editable=False)
    left_again = models.BigIntegerField(null=True, editable=False)
    orders = models.IntegerField(default=0, editable=False)
    ordered = models.BigIntegerField(default=0, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["of_call", "frame", "state", "project_ends_on"],
                include=["payable", "paid", "left_over", "left_again"],
                condition=Q(payable__gt=F("paid"), state__in=states.OPEN),
                name="awards_unpaid",
            ),
            models.Index(
                fields=["of_call", "frame", "of_person"],
                include=["awarded_amount", "given_back"],
                condition=~Q(state__in=states.UNCOUNTED),
                name="awards_decided",
            ),
            models.Index(
                fields=["of_call", "frame", "fixed_on"],
                include=["fixed_amount"],
                condition=Q(fixed_on__isnull=False),
                name="awards_fixed",
            ),
        ]
        constraints = [
            state_check(AwardState, "awards_state"),
            models.CheckConstraint(
                condition=Q(awarded_amount__gt=0), name="awards_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(awarded_amount__lte=F("requested_amount")), name="awards_within_request"
            ),
            models.CheckConstraint(
                condition=Q(awarded_amount=F("requested_amount")) | ~Q(cut_reason=""),
                name="awards_cut_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(fixed_amount=None)
                | Q(fixed_amount__gte=0, fixed_amount__lte=F("awarded_amount")),
                name="awards_fixed_within_award",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=states.FIXED) | Q(fixed_amount__isnull=False),
                name="awards_fixed_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(
                    payable__gte=0, payable__lte=Coalesce("fixed_amount", "awarded_amount")
                ),
                name="awards_payable_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.awarded_amount}"

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()

    @property
    def to_be_paid(self) -> int:
        """Yen promised by the fixing, while the award waits for its payment; 0 otherwise."""
        return self.payable if self.state == AwardState.AMOUNT_FIXED else 0

    @property
    def stated(self) -> schema.Programme:
        return schema.stated(self.parameters)

    @property
    def terms(self) -> Terms:
        """Rate, cap, floor, rounding and group caps of the award,
        for the year of support that was applied for.
        """
        version = self.application.last_version
        costs = version.content["costs"] if version else {}
        year, months = int(costs.get("support_year") or 1), int(costs.get("months") or 12)
        return self.stated.terms(self.frame, year=year, months=months)

    @property
    def planned(self) -> list[tuple[str, str, int]]:
        """(what, category, yen) of each cost item as the award's plan has it now."""
        if self.plan:
            return [(str(what), str(category), int(yen)) for what, category, yen in self.plan]
        version = self.application.last_version
        items = version.content["costs"]["items"] if version else []
        return [(row["what"], row["category"], int(row["amount"])) for row in items]

    @transition(
        source=UNBORN,
        target=AwardState.ACTIVE,
        label=_lazy("交付を決定する"),
        done=_lazy("交付を決定しました"),
        internal=True,
        permission=office("approver"),
        duty="approve_decision",
        locks=lambda _obj, given: [given["application"].case, given["application"]],
    )
    def begin(
        self,
        *,
        application: Application,
        amount: int,
        cut_reason: str = "",
        conditions: str = "",
        **_given: object,
    ) -> None:
        self.case, self.application, self.frame = application.case, application, application.frame
        self.parameters = application.parameters
        self._take_over(getattr(application, "assessment", None))
        self.requested_amount = application.requested_amount or 0
        self.awarded_amount = self.payable = amount
        self.cut_reason, self.conditions = cut_reason, conditions
        self.awarded_on, self.project_ends_on = clock.today(), application.call.project_ends_on

    def _take_over(self, assessment: Assessment | None) -> None:
        """The costs as assessed are the plan of the project; without, it is as applied for."""
        self.eligible_amount = self.application.eligible_amount or 0
        if assessment is None:
            return
        self.eligible_amount = assessment.eligible_amount
        items = assessment.items.all()
        self.plan = [[row.what, row.category, row.accepted] for row in items if row.accepted]

    def born(self, by: User, given: Given) -> None:
        """支出負担行為: the budget is committed in the same transaction, or there is no award."""
        commit(self.application.call, self.frame, self.awarded_amount, by=by, case=self.case)

    @transition(
        source=AwardState.ACTIVE,
        target=AwardState.WITHDRAWN,
        label=_lazy("申請を取り下げる（交付決定の辞退）"),
        done=_lazy("交付の決定を辞退しました"),
        tone="danger",
        permission=Applicant(submitting=True),
        reason="optional",
        requirements=(Requirement("in_time", _withdrawal_over),),
        locks=budget_of,
    )
    def withdraw(self, *, by: User, reason: str = "", **_given: object) -> None:
        """取下げ within the days allowed: the budget is released, and whoever waits is next."""
        self._end(by, reason)

    @transition(
        source=states.RUNNING,
        target=AwardState.ACTIVE,
        label=_lazy("計画を変える"),
        done=_lazy("事業の計画を変えました"),
        internal=True,
        permission=Either((Applicant(submitting=True), office("approver"))),
    )
    def adopt(self, *, change: ChangeRequest, **_given: object) -> None:
        """Take over what a notified or approved change says; performed by `changing` alone."""
        if change.state not in states.GRANTED_CHANGES:
            raise NotReady(_("届け出たか承認された変更だけが、計画になります。"))
        if change.after:
            self.plan = change.after
        self.project_ends_on = change.ends_on or self.project_ends_on

    @transition(
        source=AwardState.ACTIVE,
        target=AwardState.AMOUNT_FIXED,
        label=_lazy("額を確定する"),
        done=_lazy("補助金の額を確定しました"),
        internal=True,
        permission=office("approver"),
        duty="approve_fixing",
        locks=budget_of,
    )
    def fix_amount(
        self, *, by: User, amount: int, trace: list[TraceStep], **_given: object
    ) -> None:
        """額の確定, executed by the act of the completion room.

        What the award no longer needs goes back to its line.
        """
        # nothing else is paid before
        paid = spent(self.case) if "advance" in self.stated.payment else 0
        call, rest = self.application.call, self.payable - max(amount, paid)
        self.fixed_amount, self.fixed_trace, self.fixed_on = amount, trace, clock.today()
        self.payable = amount
        if rest > 0:
            decommit(call, self.frame, rest, by=by, case=self.case, slot=False)

    @transition(
        source=AwardState.AMOUNT_FIXED,
        target=AwardState.CLOSED,
        label=_lazy("完了とする"),
        done=_lazy("補助事業が完了しました"),
        internal=True,
        permission=office("finance_officer", "accounting_officer", "approver"),
    )
    def close(self, **_given: object) -> None:
        """Performed by the payments room, which asks that payments − returns = the fixed amount."""

    @transition(
        source=AwardState.CLOSED,
        target=AwardState.AMOUNT_FIXED,
        label=_lazy("完了を取り消す"),
        done=_lazy("補助事業の完了を取り消しました"),
        internal=True,
        permission=office("finance_officer", "accounting_officer", "approver"),
        reason="required",
    )
    def reopen(self, **_given: object) -> None:
        """Performed by the payments room when what closed it came back from the bank, or was undone."""

    @transition(
        source=AwardState.ACTIVE,
        target=AwardState.SUSPENDED,
        label=_lazy("一時停止を命じる"),
        done=_lazy("事業の一時停止を命じました"),
        internal=True,
        permission=office("approver"),
        reason="required",
    )
    def suspend(self, **_given: object) -> None:
        pass

    @transition(
        source=AwardState.SUSPENDED,
        target=AwardState.ACTIVE,
        label=_lazy("再開を認める"),
        done=_lazy("事業の再開を認めました"),
        internal=True,
        permission=office("approver"),
        reason="required",
    )
    def resume(self, **_given: object) -> None:
        pass

    @transition(
        source=states.RUNNING,
        target=AwardState.ABANDONED,
        label=_lazy("廃止を承認する"),
        done=_lazy("事業の廃止を承認しました"),
        internal=True,
        permission=office("approver"),
        reason="required",
        locks=budget_of,
    )
    def abandon(self, *, by: User, reason: str, kept: int = 0, **_given: object) -> None:
        self._end(by, reason, kept)

    @transition(
        source=states.LIVE,
        target=AwardState.REVOKED,
        label=_lazy("交付決定を取り消す"),
        done=_lazy("交付決定を取り消しました"),
        internal=True,
        permission=office("approver"),
        reason="required",
        locks=budget_of,
    )
    def revoke(self, *, by: User, reason: str, **_given: object) -> None:
        """取消 in whole, also after fixing and closing.

        What was paid comes back through the recovery room.
        """
        self._end(by, reason)

    @transition(
        source=states.RUNNING,
        target=AwardState.CANCELLED,
        label=_lazy("事情の変更により取り消す"),
        done=_lazy("事情の変更により取り消しました"),
        internal=True,
        permission=office("approver"),
        reason="required",
        locks=budget_of,
    )
    def cancel(self, *, by: User, reason: str, kept: int = 0, **_given: object) -> None:
        self._end(by, reason, kept)

    def mirror(self) -> None:
        """An award that ended is none any more in the lists: of its sum what may be kept stands."""
        if self.state in states.ENDED:
            case = self.case
            with override("ja"):  # stored as the message id, shown in the reader's language
                case.ended_as, case.state_label = self.state, str(self.info.label)
            case.awarded_amount = self.payable
            case.save(update_fields=["ended_as", "state_label", "awarded_amount"])

    def _end(self, by: User, reason: str, kept: int = 0) -> None:
        """`kept` yen of what was paid are the recipient's for good (適化法 10条2項); what was committed
        and is not paid out goes back to the line.
        """
        self.ended_reason = reason
        call = self.application.call
        rest = self.payable - spent(self.case)
        self.payable = kept
        if rest > 0:
            decommit(
                call,
                self.frame,
                rest,
                by=by,
                case=self.case,
                slot=self.state in self.RUNNING,
            )


awards_of = OfCase(lambda: Award.objects.select_related("application__call", "case__organisation"))


def award_of(case: Case) -> Award | None:
    """The award of a case with what its pages and papers need, in one query; None before the decision."""
    return awards_of.first(case)
