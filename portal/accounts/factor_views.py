"""The pages of the second proof: where it is asked just then, and where a second factor is offered."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import add_query_params
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from portal.accounts import factors
from portal.accounts.forms import MailedCodeForm
from portal.types import SignedIn
from portal.workflow.access import signed_in
from portal.workflow.writing import Tried, trying


@signed_in
def second_factor_now(request: SignedIn) -> HttpResponseBase:
    """The ways to a second proof; what was sent before goes on once it is there."""
    form = MailedCodeForm(request.POST if "code" in request.POST else None)
    tried = Tried()
    if request.method == "POST" and "send" in request.POST and factors.helps(request, "mail"):
        factors.send_code(request)
        return redirect(request.get_full_path())
    if form.is_bound and form.is_valid():
        with trying() as tried:
            factors.enter_code(request, form.cleaned_data["code"])
        if tried.is_done:
            response: HttpResponseBase | None = resume_request(request)
            return response or redirect("home")
    context = {
        "form": form,
        "reasons": tried.reasons,
        "ways": _ways(request),
        "may_mail": factors.helps(request, "mail"),
        "mailbox_days": factors.days_of_mailbox(request),
        "is_sent": factors.is_code_sent(request),
        "minutes": factors.CODE_MINUTES,
        "since": factors.waiting_since(request),
        "lasts": int(factors.LASTS.total_seconds() // 60),
    }
    status = 422 if form.errors else tried.status
    return render(request, "portal/accounts/second_factor_now.html", context, status=status)


def _ways(request: SignedIn) -> list[tuple[str, str]]:
    """(address, words) of the library's own pages that would be a second proof here."""
    then = {"next": get_next_redirect_url(request) or reverse("home")}
    return [
        (add_query_params(way["url"], then), str(way["description"]))
        for way in get_adapter().get_reauthentication_methods(request.user)
        if factors.helps(request, "password" if way["id"] == "reauthenticate" else "device")
    ]


@signed_in
def second_factor_offer(request: SignedIn) -> HttpResponse:
    """Shown once after a sign-in: a passkey or a code generator, or neither for now."""
    then = get_next_redirect_url(request) or reverse("home")
    context = {"then": then, "minutes": factors.LASTS // timedelta(minutes=1)}
    return render(request, "portal/accounts/second_factor_offer.html", context)
