"""The acts of this room: approve or refuse a disposal, order input tax back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import NothingToFillIn, ReasonForm
from grants.awards.lowering import lower
from grants.awards.models import Award
from grants.budget.models import lines_of
from grants.followup.models import Filing
from grants.followup.papers import computed
from grants.followup.states import FilingState
from grants.followup.turns import filings_of
from grants.recovery import collecting
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.cases.models import Case
from portal.days import dated
from portal.types import Given
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import perform

REASONS = {
    "disposal": "財産の処分を承認し、補助金に相当する額の納付を求めるため",
    "vat": "消費税の仕入控除税額が確定したため",
}


@cache  # one function a kind: the case page asks each only once
def find(kind: str) -> Callable[[Case], Filing | None]:
    def found(case: Case) -> Filing | None:
        rows = (row for row in filings_of.all(case) if row.kind == kind)
        return next((row for row in rows if row.state == FilingState.SUBMITTED), None)

    return found


def obstacles_to(kind: str) -> Callable[[Filing], list[str]]:
    def reasons(filing: Filing) -> list[str]:
        if filing.kind != kind or filing.state != FilingState.SUBMITTED:
            return [_("提出された申請や報告があるときに起案できます。")]
        if kind == "vat" and not filing.refund:
            return [_("返還する額がありません。「受理する」を押してください。")]
        return []

    return reasons


def preview(filing: Filing, given: Given) -> list[tuple[str, str, str]]:
    rows = [(line.what, line.how, in_yen(line.yen)) for line in filing.lines]
    if filing.is_disposal:
        rows.insert(0, (_("処分する日"), "", dated(date.fromisoformat(filing.content["on"]))))
    return [*rows, (_("理由"), "", given["reason"])] if given.get("reason") else rows


def order_back(filing: Filing, *, by: User) -> None:
    """What the recipient may have becomes less by the sum, and that is ordered back."""
    award = Award.objects.select_related("application__call", "case").get(pk=filing.award_id)
    if refund := min(filing.refund, award.payable):
        reason = f"{REASONS[filing.kind]}\n{computed(filing)}"
        lower(award, refund, by=by, reason=reason)
        collecting.order(award, ground=filing.kind, reason=reason, by=by, lowered=refund)


def allow_effect(filing: Filing, *, by: User, given: Given, approval: Approval) -> None:
    """Approve the disposal; the asset leaves the register on its day, and its share is ordered back."""
    done = perform(filing, "allow", by=by)
    order_back(done, by=by)
    if done.asset is not None and done.content["way"] in ("scrap", "sell", "swap"):
        done.asset.disposed_on = done.content["on"]
        done.asset.save(update_fields=["disposed_on"])


def deny_effect(filing: Filing, *, by: User, given: Given, approval: Approval) -> None:
    perform(filing, "deny", by=by, reason=given["reason"])


def refund_effect(filing: Filing, *, by: User, given: Given, approval: Approval) -> None:
    order_back(perform(filing, "settle", by=by), by=by)


def locks(filing: Filing) -> list[models.Model]:
    return [filing.award, *lines_of(filing.award.application.call, filing.award.frame)]


ALLOW_DISPOSAL = Act(
    label=_lazy("財産処分の承認"),
    subject_model="grants_followup.Filing",
    form=NothingToFillIn,
    effect=allow_effect,
    preview=preview,
    obstacles=obstacles_to("disposal"),
    locks=locks,
    notice="disposal_approved",
    find=find("disposal"),
)
DENY_DISPOSAL = replace(
    ALLOW_DISPOSAL,
    label=_lazy("財産処分の不承認"),
    form=ReasonForm,
    effect=deny_effect,
    notice="disposal_denied",
)
REFUND_TAX = replace(
    ALLOW_DISPOSAL,
    label=_lazy("消費税仕入控除税額の返還"),
    effect=refund_effect,
    obstacles=obstacles_to("vat"),
    notice="recovery",
    find=find("vat"),
)
