"""Booking money that came back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from grants.recovery import collecting
from grants.recovery.forms import ReceiptForm
from grants.recovery.pages import load
from portal import clock
from portal.types import SignedIn
from portal.workflow.access import staff
from portal.workflow.errors import Refused


@staff("finance_officer")
def receive(request: SignedIn, pk: int) -> HttpResponse:
    """Book what came in."""
    recovery = load(request.user, pk)
    form = ReceiptForm(
        request.POST or None, initial={"paid_on": clock.today(), "amount": recovery.owed()["left"]}
    )
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            collecting.receive(recovery, by=request.user, **form.cleaned_data)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("納付を記録しました。"))
            return redirect(recovery.get_absolute_url())
    context = {
        "recovery": recovery,
        "case": recovery.case,
        "form": form,
        "reasons": reasons,
        "lines": collecting.schedule(recovery),
        "owed": recovery.owed(),
    }
    return render(
        request,
        "grants/recovery/receive.html",
        context,
        status=422 if form.errors or reasons else 200,
    )
