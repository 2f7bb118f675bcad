"""相殺: what a firm owes the municipality is set against what the municipality is to pay it, by decision
(民法 505条, 506条). The book stays gross: the payment is spent, and the return comes in (地方自治法 210条).
"""

from datetime import date

from django import forms
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from grants.awards.models import Award
from grants.budget.models import lines_of
from grants.payments import obstacles as of_payment
from grants.payments import paying, settling
from grants.payments.models import Payment
from grants.payments.states import PaymentState
from grants.recovery import collecting, withholding
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import Approval, contents
from portal.approvals.ports import Act
from portal.days import day_said
from portal.types import Given
from portal.ui.forms import Yen
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import perform

LAW = "民法第505条第1項"


class SetOffForm(ReasonForm):
    against = forms.ChoiceField(
        label=_lazy("相殺する返還金（納期限を過ぎたもの）"), widget=forms.RadioSelect
    )
    amount = Yen(
        label=_lazy("相殺する額（円）"),
        least=1,
        help_text=_lazy("支払いの額と、納められていない返還金の、少ないほうの額までです。"),
    )
    field_order = ("against", "amount", "reason")


def _funder(award: Award) -> str:
    return str(award.application.call.municipality_codes[0])


def due(recovery: Recovery) -> int:
    """Yen of it that are due and have not come; of an agreed deferral the parts whose day has passed."""
    plan, back = recovery.plans[-1], recovery.principal_back
    asked = plan.due_before(clock.today())
    return recovery.owed()["left"] if asked >= recovery.principal else max(asked - back, 0)


def debts(payment: Payment) -> list[Recovery]:
    """What its firm owes the municipality that pays, from other cases, and should have paid by now."""
    return [row for row in withholding.elsewhere(payment) if meets(payment, row)]


def meets(payment: Payment, recovery: Recovery) -> bool:
    """Is it owed to the municipality that pays, and due?"""
    return _funder(recovery.award) == _funder(payment.award) and due(recovery) > 0


def since(payment: Payment, recovery: Recovery) -> date:
    """相殺適状: the day from which both could be claimed; from then on no arrears accrue on what is set off."""
    return max(recovery.next_due, clock.day_of(payment.ordered_at))


def most(payment: Payment, recovery: Recovery) -> int:
    """Yen that can be set off: neither more than is paid nor more than was owed on that day."""
    return min(payment.amount, due(recovery), recovery.owed(since(payment, recovery))["left"])


def obstacles(payment: Payment) -> list[str]:
    if not payment.award.stated.provisions.set_off:
        return [_("この制度には、納めない返還金と支払いを相殺する定めがありません。")]
    if payment.state not in withholding.MAY_BE_HELD:
        return [_("「%(state)s」の状態ではできません。") % {"state": payment.info.label}]
    if payment.state == PaymentState.HELD and not withholding.still_late(payment):
        return [_("別の理由で保留しています。先に保留を解いてください。")]
    if not debts(payment):
        return [
            _("納期限を過ぎて納められていない、同じ市町村への返還が、この事業者にはありません。")
        ]
    return [
        *of_payment.in_batch(payment),
        *of_payment.halted_case(payment),
        *paying.past_their_year([payment]).values(),
    ]


def choices(payment: Payment) -> dict[str, list[tuple[str, str]]]:
    said = _("%(number)s　%(case)s　納期限 %(day)s　%(yen)sまで")
    return {
        "against": [
            (
                str(row.pk),
                said
                % {
                    "number": row.number,
                    "case": row.case,
                    "yen": in_yen(most(payment, row)),
                    "day": day_said(row.next_due),
                },
            )
            for row in debts(payment)
        ]
    }


def chosen(payment: Payment, given: Given) -> Recovery | None:
    return next((row for row in debts(payment) if str(row.pk) == given["against"]), None)


def misfits(payment: Payment, given: Given) -> list[str]:
    """Asked again when it is executed: the return may have come in since the draft."""
    debt = chosen(payment, given)
    if debt is None:
        return [_("この返還は、納付されたか、相殺できる状態ではなくなりました。")]
    waiting = contents.in_hand([debt.case])
    found = [contents.whereabouts(approval) for approval in waiting.values()]
    if int(given["amount"]) > (limit := most(payment, debt)):
        found.append(_("相殺できるのは、%(yen)s円までです。") % {"yen": f"{limit:,}"})
    return found


def preview(payment: Payment, given: Given) -> list[tuple[str, str, str]]:
    debt = chosen(payment, given)
    if debt is None:
        return []
    amount, left = int(given["amount"]), debt.owed(since(payment, debt))["left"]
    return [
        (_("振り込む額"), in_yen(payment.amount), in_yen(payment.amount - amount)),
        (
            _("返還の残り（%(number)s　%(case)s）") % {"number": debt.number, "case": debt.case},
            in_yen(left),
            in_yen(left - amount),
        ),
        (_("効力の生じる日"), "", day_said(since(payment, debt))),
        (_("根拠"), "", basis(payment)),
        (_("理由"), "", str(given.get("reason", ""))),
    ]


def basis(payment: Payment) -> str:
    stated = payment.award.stated
    return f"{LAW}、{stated.guideline}{stated.provisions.set_off}"


def locks(payment: Payment) -> list[models.Model]:
    """Also the returns and their lines: one that comes in at the same moment is seen, or waits."""
    found: list[models.Model] = [payment, payment.claim]
    for debt in debts(payment):
        found += [debt.case, debt]
    for award in (payment.award, *(debt.award for debt in debts(payment))):
        found += [award, *lines_of(award.application.call, award.frame)]
    return found


def effect(payment: Payment, *, by: User, given: Given, approval: Approval) -> None:
    debt = chosen(payment, given)
    if debt is None:  # asked by `misfits` inside the same door
        return
    amount = int(given["amount"])
    collecting.set_off(debt, amount=amount, since=since(payment, debt), payment=payment, by=by)
    perform(payment, "set_off", by=by, reason=given["reason"], amount=amount)
    settling.close_settled([Award.objects.get(pk=payment.award_id)], by=by)


def first_fault() -> str:
    """A payment that was set off without its receipt of the same sum, or a receipt without it; or ""."""
    standing = MoneyIn.objects.standing().filter(set_off=OuterRef("pk"))
    alone = Payment.objects.filter(~Exists(standing), state=PaymentState.SET_OFF).first()
    if alone is not None:
        return f"payment {alone.pk} is set off against nothing"
    other = (
        MoneyIn.objects.standing()
        .exclude(set_off=None)
        .exclude(Q(set_off__state=PaymentState.SET_OFF, set_off__amount=F("amount")))
    )
    row = other.first()
    return f"receipt {row.pk} is not what payment {row.set_off_id} was set off by" if row else ""


SET_OFF = Act(
    label=_lazy("返還金との相殺"),
    subject_model="grants_payments.Payment",
    form=SetOffForm,
    own=("against", "amount"),
    choices=choices,
    effect=effect,
    preview=preview,
    obstacles=obstacles,
    check=misfits,
    locks=locks,
    notice="set_off",
    find=withholding.find,
    basis=basis,
    sum_of=lambda _payment, given: int(given.get("amount") or 0),
)
