"""支払いの一時停止: while a firm is late with what one award of a programme asks back, what the same programme
is to pay it is held, by decision (適化法 20条の例による).
"""

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from grants.payments import obstacles as of_payment
from grants.payments.models import Payment
from grants.payments.orders import Order
from grants.payments.states import PaymentState
from grants.payments.turns import claims_of
from grants.recovery.agreed import Withholding
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.days import day_said
from portal.types import Given
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import perform

MAY_BE_HELD = (PaymentState.ORDERED, PaymentState.HELD)
# what is asked back of the firm of a case, in whatever case
debts_of = OfCase(
    lambda: Recovery.objects.owed().for_sums().select_related("award__application__call", "case"),
    "case__organisation",
    "organisation_id",
)


def late(payment: Payment) -> list[Recovery]:
    """What other awards of the same programme ask back of its firm, and was not returned in time."""
    return [row for row in elsewhere(payment) if meets(payment, row)]


def elsewhere(payment: Payment) -> list[Recovery]:
    """What other cases ask back of its firm."""
    return [row for row in debts_of.all(payment.case) if row.case_id != payment.case_id]


def meets(payment: Payment, recovery: Recovery) -> bool:
    """Is it late under the programme of the payment?"""
    return recovery.case.programme_code == payment.case.programme_code and _is_late(recovery)


def _is_late(recovery: Recovery) -> bool:
    return recovery.next_due < clock.today() and recovery.owed()["left"] > 0


def find(case: Case) -> Payment | None:
    """The newest order that is not on its way to a bank."""
    rows = [row for claim in claims_of.all(case) for row in claim.payments.all()]
    found = [row for row in rows if row.state in MAY_BE_HELD]
    for row in found:
        row.case = case
    return max(found, key=lambda row: row.pk, default=None)


def obstacles(payment: Payment) -> list[str]:
    if not payment.award.stated.provisions.withholding:
        return [_("この制度には、返還を怠る方への支払いを一時停止する定めがありません。")]
    if payment.state not in MAY_BE_HELD:
        return [_("「%(state)s」の状態ではできません。") % {"state": payment.info.label}]
    if payment.state == PaymentState.HELD and still_late(payment):
        return [_("この支払いは、すでに一時停止しています。")]
    return [*not_late(payment), *of_payment.in_batch(payment)]


def not_late(payment: Payment) -> list[str]:
    """Asked again when it is executed: the return may have come in since the draft."""
    if late(payment):
        return []
    return [_("この制度の返還を納期限までに納めていない案件が、この事業者にはありません。")]


def preview(payment: Payment, given: Given) -> list[tuple[str, str, str]]:
    return [
        (_("一時停止する支払い"), "", in_yen(payment.amount)),
        *[
            (
                _("納められていない返還（%(case)s）") % {"case": row.case},
                "",
                _("%(yen)s（納期限 %(day)s）")
                % {"yen": in_yen(row.owed()["left"]), "day": day_said(row.next_due)},
            )
            for row in late(payment)
        ],
        (_("理由"), "", str(given.get("reason", ""))),
    ]


def locks(payment: Payment) -> list[models.Model]:
    """Also the returns: one that comes in at the same moment is seen, or waits."""
    owed = late(payment)
    return [payment.award, payment, *owed, *(row.case for row in owed)]


def effect(payment: Payment, *, by: User, given: Given, approval: Approval) -> None:
    owed = late(payment)
    Withholding.objects.bulk_create(
        [Withholding(payment=payment, recovery=row, held_on=clock.today()) for row in owed],
        ignore_conflicts=True,  # it is withheld for one of them already
    )
    perform(payment, "withhold", by=by, reason=given["reason"])


def in_force(payment: Order) -> QuerySet[Withholding]:
    return Withholding.objects.filter(payment=payment.pk, ended_on=None)


def end(payment: Order) -> bool:
    """What withheld it is over, as finance releases it, or orders what a set-off left of it; True
    where anything did.
    """
    held = in_force(payment) | _of_rest(payment)
    return bool(held.update(ended_on=clock.today()))


def still_late(payment: Payment) -> list[str]:
    """Why what was withheld by decision stays so."""
    return _still_late(in_force(payment))


def rest_still_late(payment: Payment) -> list[str]:
    """Why what is left of it, after a part was set off, is not ordered yet."""
    return _still_late(_of_rest(payment))


def _of_rest(payment: Order) -> QuerySet[Withholding]:
    """What withheld the payments of its claim that were set off, also where that was undone."""
    return Withholding.objects.filter(
        payment__claim=payment.claim_id, payment__set_against__isnull=False, ended_on=None
    )


def _still_late(withheld: QuerySet[Withholding]) -> list[str]:
    rows = withheld.filter(recovery__state__in=Recovery.OWED)
    rows = rows.select_related("recovery__award", "recovery__case")
    return [
        _("%(case)sの返還が納められるまで、支払いは一時停止しています。")
        % {"case": row.recovery.case}
        for row in rows
        if _is_late(row.recovery)
    ]


WITHHOLD = Act(
    label=_lazy("支払いの一時停止"),
    subject_model="grants_payments.Payment",
    form=ReasonForm,
    effect=effect,
    preview=preview,
    obstacles=obstacles,
    locks=locks,
    notice="withholding",
    find=find,
    sum_of=lambda payment, _given: payment.amount,
)
