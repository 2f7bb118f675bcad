"""What of an award's money stays with its recipient, and whether it is all that it may have."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.payments.ports import money_asked, money_let_go, money_returned
from grants.payments.states import MADE
from portal.accounts.models import User
from portal.workflow.door import perform, perform_all

if TYPE_CHECKING:
    from grants.payments.transfers import Payment


def made(payments: Iterable["Payment"]) -> int:
    """Yen of those payments that were made, to the bank or against what the recipient owed."""
    return sum(payment.amount for payment in payments if payment.state in MADE)


def received(award: Award) -> int:
    """Yen that reached the recipient and stayed: payments made less what came back."""
    return made(award.payments.all()) - money_returned.value(award)


def settled_sum(award: Award) -> int:
    """Yen that the recipient keeps, as things stand: what reached it and did not come back, but for
    what was waived.
    """
    return received(award) - money_let_go.value(award)


def unsettled(award: Award) -> list[str]:
    """Why the award cannot close yet: money out must equal what the recipient may have."""
    yen = settled_sum(award)
    if yen == award.payable:
        return []
    return [
        _("支払った額（%(paid)s円）が、受給者の受け取れる額（%(may)s円）と一致していません。")
        % {"paid": f"{yen:,}", "may": f"{award.payable:,}"}
    ]


def close_settled(awards: Iterable[Award], *, by: User) -> None:
    """Close those whose amount is fixed and whose money agrees, inside a door that holds them: what came
    back counts once another than booked it has closed the return.
    """
    fixed = [award for award in awards if award.state == AwardState.AMOUNT_FIXED]
    agreed = [award for award in fixed if not unsettled(award)]
    asked = money_asked.value(agreed) if agreed else set()
    ready = [award for award in agreed if award.pk not in asked]
    perform_all([(award, {}) for award in ready], "close", by=by)


def close_now(awards: list[tuple[int, User]]) -> None:
    """What was asked back has come, or needs not: awards close by it."""
    for pk, by in awards:
        close_settled([Award.objects.get(pk=pk)], by=by)


def settle_again(awards: list[tuple[Award, User]]) -> None:
    """What was received has changed: awards close where the money agrees now, and a closed one is open
    again where it no longer does.
    """
    for award, by in awards:
        fresh = Award.objects.get(pk=award.pk)
        if fresh.state == AwardState.CLOSED and unsettled(fresh):
            perform(fresh, "reopen", by=by, reason=_("振込結果の訂正"))
        close_settled([fresh], by=by)
