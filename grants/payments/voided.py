"""What a voided batch says of itself: what was in it, who voided it and why, as its record has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from grants.payments.models import Payment, PaymentBatch
from grants.payments.states import EMPTIED, BatchState
from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases.models import Case
from portal.cases.visibility import MONEY

ENDINGS = ("paymentbatch.void", "paymentbatch.confirm_void", "paymentbatch.dissolve")


@dataclass(frozen=True)
class Voided:
    """`rows`: (payment, yen at that time), those of cases that the reader works on."""

    by: str
    at: datetime
    reason: str
    rows: list[tuple[Payment, int]]
    count: int
    yen: int


def of(batch: PaymentBatch, user: User) -> Voided | None:
    """None while it is not voided; without rows where its last order was taken out of it."""
    if batch.state != BatchState.VOIDED:
        return None
    told = Event.objects.filter(chain=batch.audit_chain).select_related("actor", "payload")
    ended = told.filter(action__in=ENDINGS).order_by("seq").last()
    if ended is None:
        return None
    emptied = told.filter(action=EMPTIED).order_by("seq").last()
    held = emptied.payload.data().get("rows", []) if emptied is not None else []
    yen = dict(cast("list[tuple[int, int]]", held))
    payments = Payment.objects.filter(pk__in=yen, case__in=Case.objects.visible_to(user, by=MONEY))
    found = payments.select_related("case__organisation", "account").in_bulk()
    return Voided(
        by=ended.actor.name if ended.actor else "",
        at=ended.at,
        reason=str(ended.payload.data().get("reason", "")),
        rows=[(found[pk], amount) for pk, amount in yen.items() if pk in found],
        count=len(yen),
        yen=sum(yen.values()),
    )
