"""The accounting officer's page of a batch: its orders to be looked at, one by one or several at once."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from grants.payments import access, against, checking, forms, side_by_side
from grants.payments.accounts import ACCOUNTING, BankAccount
from grants.payments.models import Payment, PaymentBatch
from portal.accounts.permissions import demand
from portal.types import Given, SignedIn
from portal.workflow.access import staff
from portal.workflow.writing import write

LOOKS = ("all", "count")  # presses that tick and add up, where no script does


@staff(*ACCOUNTING.roles)
def check(request: SignedIn, pk: int) -> HttpResponse:
    """What is ticked was looked at, and of each all three is confirmed; one that cannot be confirmed
    goes back to finance by its own page.
    """
    batch = access.batch_for(request.user, pk)
    demand(request.user, batch, *ACCOUNTING.roles)
    orders = checking.waiting(batch)
    if not batch.is_with_accounting or not orders.exists():
        return redirect(batch)
    only_looks = request.POST.get("do") in LOOKS
    form = forms.CheckForm(None if only_looks else request.POST or None, orders=orders)
    return write(
        request,
        form,
        lambda given: checking.clear(batch, given["orders"], by=request.user),
        template="grants/payments/check.html",
        context=lambda: _shown(request, batch, list(orders)),
        done=_("支出命令を審査済みにしました。"),
        then=request.path,
    )


def _shown(request: SignedIn, batch: PaymentBatch, rows: list[Payment]) -> Given:
    BankAccount.name_all([row.account for row in rows])
    weighed = against.of_payments(request.user, rows)
    years = side_by_side.years_of(rows, batch.pay_on)
    picked, all_of_them = request.POST.getlist("orders"), request.POST.get("do") == "all"
    chosen = [row for row in rows if all_of_them or str(row.pk) in picked]
    return {
        "batch": batch,
        "rows": [(row, weighed[row.pk]) for row in rows],
        "years": side_by_side.by_year(rows, years),
        "picked": [row.pk for row in chosen],
        "picked_yen": sum(row.amount for row in chosen),
    }
