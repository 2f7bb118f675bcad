"""Inviting somebody to act for a firm, taking it back, and what whoever is invited sees."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import guesses, inviting, people
from portal.accounts.factors import two_factors
from portal.accounts.forms import InviteForm
from portal.accounts.models import Organisation
from portal.accounts.views import mine, programmes
from portal.types import Given, SignedIn
from portal.ui.limits import INVITATIONS, limited
from portal.workflow.access import anyone, signed_in
from portal.workflow.writing import press, trying, write


@signed_in
@limited(INVITATIONS)
@two_factors
def invite(request: SignedIn, pk: int) -> HttpResponse:
    organisation = mine(request, pk, representative=True)
    return write(
        request,
        InviteForm(request.POST or None, programmes=programmes(), own=request.user.email),
        lambda data: _invite(request, organisation, data),
        template="portal/accounts/invite.html",
        context={"organisation": organisation, "days": people.INVITATION_DAYS},
        done=_("招待のメールを送りました。"),
        then=reverse("organisation", args=[pk]),
    )


def _invite(request: SignedIn, organisation: Organisation, data: Given) -> str:
    guesses.count_mail(request, data["email"])
    terms = (
        {name: data[name] for name in ("programme_code", "may_submit", "ends_on")}
        if data["role"] == "adviser"
        else {}
    )
    return people.invite(
        organisation, email=data["email"], role=data["role"], by=request.user, **terms
    )


@anyone
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Who invites whom to what, for whoever has the link: also before signing in, or up."""
    return _page(request, secret)


@require_POST
@signed_in
def accept(request: SignedIn, secret: str) -> HttpResponse:
    with trying() as tried:
        organisation = people.accept_invitation(secret, by=request.user)
    if not tried.is_done:
        return _page(request, secret, tried.reasons, tried.status)
    messages.success(
        request,
        _("「%(name)s」の手続きを一緒に行えるようになりました。") % {"name": organisation.name},
    )
    return redirect("my_cases")


def _page(
    request: HttpRequest, secret: str, reasons: list[str] | None = None, status: int = 200
) -> HttpResponse:
    found = people.invitation_of(secret)
    standing = found.standing if found is not None else "unknown"
    user = request.user
    context = {
        "secret": secret,
        "invitation": found,
        "facts": inviting.facts(found) if found is not None and standing == "open" else [],
        "closed": inviting.CLOSED.get(standing, ""),
        "unproved": inviting.UNPROVED,
        "is_theirs": found is not None and user.is_authenticated and user.email == found.email,
        "way_back": urlencode({"next": reverse("invitation", args=[secret])}),
        "reasons": reasons or [],
    }
    status = 404 if standing == "unknown" and status == 200 else status
    return render(request, "portal/accounts/accept.html", context, status=status)


@require_POST
@signed_in
def take_back(request: SignedIn, pk: int, invitation: int) -> HttpResponse:
    organisation = mine(request, pk, representative=True)
    row = get_object_or_404(
        people.open_invitations(organisation).select_related("organisation"), pk=invitation
    )
    return press(
        request,
        lambda: people.take_back_invitation(row, by=request.user),
        back=reverse("organisation", args=[pk]),
        done=_("招待を取り消し、招いた方にメールでお知らせしました。送ったリンクは使えません。"),
    )
