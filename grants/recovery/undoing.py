"""相殺の取消し: a set-off that was decided wrongly is undone by another decision, with its ground. From then on
it counts as if it had never been made: the payment is ordered anew, and the return is owed again.
"""

from django import forms
from django.db import models
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from grants.applications.acts import ReasonForm
from grants.awards.models import Award
from grants.budget.models import is_reversed, lines_of
from grants.payments import settling
from grants.payments.models import Payment
from grants.payments.states import UNCERTAIN, PaymentState
from grants.payments.turns import claims_of
from grants.recovery import collecting, offsetting, taking_back
from grants.recovery.held_papers import UNDONE_FOR
from grants.recovery.models import MoneyIn, Recovery
from grants.recovery.states import RecoveryState
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.audit.record import record
from portal.cases.models import Case
from portal.types import Given
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import perform, touch


class UndoForm(ReasonForm):
    ground = forms.ChoiceField(
        label=_lazy("取消しの根拠"), choices=[*UNDONE_FOR.items()], widget=forms.RadioSelect
    )
    field_order = ("ground", "reason")


def find(case: Case) -> Payment | None:
    known = [row for claim in claims_of.all(case) for row in claim.payments.all()]
    if not any(row.state == PaymentState.SET_OFF for row in known):
        return None
    rows = Payment.objects.filter(case=case, state=PaymentState.SET_OFF)
    rows = rows.select_related(
        "award__application__call", "case", "claim", "set_against__recovery__award__application"
    )
    return rows.order_by("-pk").first()


def obstacles(payment: Payment) -> list[str]:
    """Asked again when it is executed: money may have moved since the draft."""
    if payment.state != PaymentState.SET_OFF:
        return [_("返還金と相殺した支払いだけを、取り消せます。")]
    receipt, award = payment.set_against, payment.award
    if receipt.debt.state not in taking_back.STANDS_IN:
        return [
            _("「%(state)s」の返還では、相殺を取り消せません。")
            % {"state": receipt.debt.info.label}
        ]
    if Payment.objects.filter(claim=payment.claim_id, state__in=UNCERTAIN).exists():
        return [
            _(
                "相殺した残りの支払いの手続き中です。先にその支払いを取り消すか、結果を待ってください。"
            )
        ]
    if not is_reversed(award.application.call, award.frame, on=clock.today(), case=payment.case):
        return [
            _(
                "支払いの年度の出納が閉鎖されているので、支払いを戻せません。過年度支出として、会計管理者に相談してください。"
            )
        ]
    return [*taking_back.not_before(receipt), *collecting.asked_back(payment)]


def preview(payment: Payment, given: Given) -> list[tuple[str, str, str]]:
    receipt = payment.set_against
    debt, claim = receipt.debt, payment.claim
    before = debt.owed()["left"]
    return [
        (_("相殺の額"), in_yen(receipt.amount), in_yen(0)),
        (
            _("振り込む額"),
            in_yen(claim.to_transfer),
            in_yen(claim.to_transfer + receipt.amount),
        ),
        (
            _("返還の残り（%(number)s　%(case)s）") % {"number": debt.number, "case": debt.case},
            in_yen(before),
            in_yen(_owed_again(receipt)),
        ),
        (_("取消しの根拠"), "", str(UNDONE_FOR[str(given["ground"])])),
        (_("理由"), "", str(given.get("reason", ""))),
    ]


def _owed_again(receipt: MoneyIn) -> int:
    """Yen owed today as if the receipt had never come, with surcharge and arrears until today."""
    recovery = receipt.debt
    rows = recovery.receipts.exclude(pk=receipt.pk)
    found = Recovery.objects.prefetch_related(Prefetch("receipts", rows), "agreed", "demands")
    return found.get(pk=recovery.pk).owed()["left"]


def locks(payment: Payment) -> list[models.Model]:
    debt = payment.set_against.debt
    found: list[models.Model] = [payment, payment.claim, payment.case, debt.case, debt]
    for award in (payment.award, debt.award):
        found += [award, *lines_of(award.application.call, award.frame)]
    return found


def effect(payment: Payment, *, by: User, given: Given, approval: Approval) -> None:
    """The return first: the paper of the payment says what is owed again."""
    rows = MoneyIn.objects.select_related("recovery__award__application__call", "recovery__case")
    receipt, reason = rows.get(set_off=payment.pk), str(given["reason"])
    recovery = receipt.debt
    taking_back.rebook(receipt, by)
    receipt.doubt, receipt.doubted_by, receipt.doubted_at = (
        reason,
        approval.drafted_by,
        approval.drafted_at,
    )
    receipt.taken_back_by, receipt.taken_back_at = by, clock.now()
    receipt.save()
    record(
        chain=f"case:{recovery.case_id}",
        action="recovery.undo_set_off",
        subject=recovery.subject_key,
        by=by,
        capacity="office",
        label=gettext_noop("支払う補助金との相殺を取り消しました"),
        amount=receipt.amount,
        payment=payment.subject_key,
        reason=reason,
    )
    if recovery.state == RecoveryState.CLOSED:
        recovery = perform(recovery, "reopen", by=by, reason=reason)
        collecting.take_up(recovery, by)
    owing = Award.objects.get(pk=recovery.award_id)
    if taking_back.closed_by(receipt, owing) and settling.unsettled(owing):
        perform(owing, "reopen", by=by, reason=reason)
    touch(recovery.case)
    perform(payment, "undo_set_off", by=by, reason=reason, ground=given["ground"])
    settling.close_settled([Award.objects.get(pk=payment.award_id)], by=by)


UNDO = Act(
    label=_lazy("返還金との相殺の取消し"),
    subject_model="grants_payments.Payment",
    form=UndoForm,
    effect=effect,
    preview=preview,
    obstacles=obstacles,
    check=lambda payment, _given: obstacles(payment),
    locks=locks,
    notice="set_off_undone",
    find=find,
    basis=offsetting.basis,
    sum_of=lambda payment, _given: payment.amount,
)
