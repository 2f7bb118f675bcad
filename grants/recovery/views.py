"""Booking money that came back."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from grants.recovery import collecting
from grants.recovery.access import recovery_for
from grants.recovery.forms import ReceiptForm
from portal import clock
from portal.types import Context, SignedIn
from portal.workflow.access import staff
from portal.workflow.writing import write


@staff("finance_officer")
def receive(request: SignedIn, pk: int) -> HttpResponse:
    """Book what came in."""
    recovery = recovery_for(request.user, pk)
    form = ReceiptForm(
        request.POST or None, initial={"paid_on": clock.today(), "amount": recovery.owed()["left"]}
    )

    def context() -> Context:
        return {
            "recovery": recovery,
            "case": recovery.case,
            "lines": collecting.schedule(recovery),
            "owed": recovery.owed(),
        }

    return write(
        request,
        form,
        lambda data: collecting.receive(recovery, by=request.user, **data),
        template="grants/recovery/receive.html",
        context=context,
        done=_("納付を記録しました。"),
        then=recovery.get_absolute_url(),
        once=True,
    )
