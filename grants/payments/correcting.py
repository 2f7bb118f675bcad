"""What a payment's money does where the bank's answer turns out otherwise: it was said to be paid and came
back, or was said to have come back and had arrived (decision 0093).
"""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

from grants.awards.states import AwardState
from grants.budget.models import (
    book_reversal,
    disburse,
    is_reversed,
    keep_again,
    keep_only,
    lines_of,
    returned_to_line,
    spent,
)
from grants.payments import outgoing, settling
from grants.payments.states import ClaimState
from portal import clock
from portal.accounts.models import User
from portal.types import Given
from portal.workflow.door import at_end, perform, send_out
from portal.workflow.errors import NotReady

if TYPE_CHECKING:
    from grants.payments.orders import Order
    from grants.payments.transfers import Payment


def demand_after(paid_on: date | None, came_back_on: date) -> None:
    """A transfer comes back after it was made, and not in the future."""
    if paid_on is None or not paid_on <= came_back_on <= clock.today():
        raise NotReady(_("戻った日は、振込日から今日までの日にしてください。"))


def never_arrived(payment: "Payment", *, by: User) -> None:
    """It came back from the bank."""
    payment.is_bounce_confirmed = True
    on = payment.came_back_on or clock.today()
    undo(payment, on=on, reason=payment.bounce, by=by, note="振込の戻り")


def undo(payment: "Order", *, on: date, reason: str, by: User, note: str) -> None:
    """The money is in the book again while its year is open, and the award can be paid anew."""
    award, call, case = payment.award, payment.award.application.call, payment.case
    book_reversal(call, award.frame, payment.amount, on=on, by=by, case=case, note=note)
    if award.state == AwardState.CLOSED:
        award = perform(award, "reopen", by=by, reason=reason)
    # of an ended award nothing more is paid
    needed = max(award.payable, spent(case)) if award.is_live else spent(case)
    keep_only(call, award.frame, needed - returned_to_line(case), by=by, case=case)


def arrived_after_all(payment: "Payment", *, by: User, reason: str) -> None:
    """The money had left on its day: it is spent in the book, where it was booked as never spent or as
    come back; the claim is checked and the award as closed as its money says.
    """
    award, call, case = payment.award, payment.award.application.call, payment.case
    was_told = payment.came_back_on is not None  # that it was paid, before that it came back
    if payment.came_back_on is None or is_reversed(
        call, award.frame, on=payment.came_back_on, case=case
    ):
        needed = spent(case) + payment.amount - returned_to_line(case)
        keep_again(call, award.frame, needed, by=by, case=case)
        disburse(call, award.frame, payment.amount, by=by, case=case, note="振込結果の訂正")
    if payment.batch is not None and payment.paid_on is None:
        payment.paid_on = payment.batch.pay_on
    payment.came_back_on, payment.bounce, payment.is_bounce_confirmed = None, "", False
    if payment.claim.state != ClaimState.CHECKED:
        perform(payment.claim, "restore", by=by, reason=reason)
    if not was_told:
        send_out(payment, outgoing.ARRIVED)
    at_end(settling.settle_again, (award, by))


def locks(payment: "Payment", _given: Given) -> list[models.Model]:
    """What a payment moves whose answer is put right."""
    lines = lines_of(payment.award.application.call, payment.award.frame)
    found = [*lines, payment.award, payment.claim, payment.batch]
    return [row for row in found if row is not None]
