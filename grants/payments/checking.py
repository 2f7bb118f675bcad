"""The accounting officer's desk: which orders of a batch wait to be looked at, and the write that passes them."""

from collections.abc import Collection

from django.db.models import QuerySet

from grants.payments.checks import CONFIRMATIONS, OrderCheck
from grants.payments.closed_firms import closed_among
from grants.payments.models import Payment, PaymentBatch
from grants.payments.obstacles import NO_LONGER_FREE
from portal.accounts.models import User
from portal.cases.models import Case
from portal.workflow.door import door, perform_all
from portal.workflow.errors import NotReady


def waiting(batch: PaymentBatch) -> QuerySet[Payment]:
    """Orders that nobody of accounting has looked at, with what is looked at in each."""
    rows = batch.to_check().select_related(
        "batch", "case__organisation", "account", "claim", "award__application"
    )
    return rows.defer("award__parameters", "award__plan", "award__fixed_trace").order_by("line")


def clear(batch: PaymentBatch, orders: Collection[Payment], *, by: User) -> None:
    """Pass these orders: of each all three was confirmed. All or none, in few queries.

    Raises NotReady where one is no longer there to be checked, or its firm has closed.
    """
    keys = [order.pk for order in orders]
    cases = Case.objects.filter(payments__in=keys).distinct()
    accounts = [order.account for order in orders]
    with door(by, [*cases, batch, *accounts, *orders]):
        rows = list(waiting(batch).filter(pk__in=keys))
        if len(rows) < len(keys):
            raise NotReady(str(NO_LONGER_FREE))
        if closed := closed_among(rows):
            raise NotReady(*(f"{row.case}: {closed[row.pk]}" for row in rows if row.pk in closed))
        yes = dict.fromkeys(CONFIRMATIONS, True)
        checks = OrderCheck.objects.bulk_create(
            OrderCheck(payment=row, batch=batch, checked_by=by, **yes) for row in rows
        )
        given = [{"check": check, **yes} for check in checks]
        perform_all(list(zip(rows, given, strict=True)), "clear", by=by)
