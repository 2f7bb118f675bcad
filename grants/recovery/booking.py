"""Where money that came back is booked: to the line of its year, or as revenue."""

from datetime import date

from django.db import models
from django.utils.translation import gettext as _

from grants.awards.models import Award
from grants.budget.models import lines_of, take_back
from grants.recovery.models import MoneyIn, Recovery
from grants.recovery.states import RecoveryState
from portal.accounts.models import User
from portal.workflow.errors import Stale


def returned(award: Award) -> int:
    """Yen of principal that came back for an award (surcharge and arrears are revenue of their own)."""
    return sum(recovery.principal_back for recovery in award.recoveries.all())


def let_go(award: Award) -> int:
    """Yen of principal that was waived and will not come back."""
    return sum(
        recovery.principal - recovery.principal_back
        for recovery in award.recoveries.all()
        if recovery.state == RecoveryState.WAIVED
    )


def book_return(recovery: Recovery, amount: int, *, moved_on: date, by: User) -> bool:
    """戻入 while the year of the line is open; True where it went back to a line."""
    if amount <= 0 or not goes_to_line(recovery, moved_on):
        return False
    call, frame = recovery.award.application.call, recovery.award.frame
    take_back(call, frame, amount, by=by, case=recovery.case)
    return True


def goes_to_line(recovery: Recovery, moved_on: date) -> bool:
    """Does what moves on a day for the principal go back to a line of the budget? The year of the
    line decides, whenever the subsidy was paid (地方自治法施行令 159条, 160条).
    """
    if recovery.ground in Recovery.REVENUE:
        return False
    lines = lines_of(recovery.award.application.call, recovery.award.frame)
    return any(line.unit == "yen" and moved_on <= line.settles_on for line in lines)


def held_by(receipt: MoneyIn) -> list[models.Model]:
    """What is held while a receipt changes: where it is booked, and what it pays."""
    award = receipt.award
    lines = lines_of(award.application.call, award.frame)
    debts = [receipt.recovery] if receipt.recovery is not None else []
    return [*lines, receipt.case, award, *debts]


def as_it_is(receipt: MoneyIn) -> MoneyIn:
    """The receipt as it is now, inside a door that holds it.

    Raises Stale where an order has taken it up since.
    """
    fresh = MoneyIn.objects.with_subject().get(pk=receipt.pk)
    if fresh.recovery_id != receipt.recovery_id:
        raise Stale(_("この入金は、返還命令への納付になりました。いまの内容を確かめてください。"))
    return fresh
