"""Before a page: how often an address may knock, and that whoever must have a second factor (TOTP or
passkey) has one.
"""

from collections.abc import Callable

from allauth.core.internal.httpkit import add_query_params
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import events
from portal.accounts import factors, idle
from portal.events import Event
from portal.types import Visitor, is_signed_in
from portal.ui import limits, views


class KeepsRenewed(SessionMiddleware):
    """A session that went on under a new number is told to its browser also where the page failed
    afterwards: the old number is gone by then, and whoever is not told is signed out.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        known = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        renewed = request.session.session_key not in (None, known)
        if response.status_code != 500 or not renewed:
            return super().process_response(request, response)
        response.status_code = 200  # of a failed page nothing would be kept
        answered = super().process_response(request, response)
        answered.status_code = 500
        return answered


_OPEN = (
    "/accounts/",
    "/en/accounts/",
    "/static/",
    "/health/",
    "/second-factor/",
    "/en/second-factor/",
)


# pages of the sign-in library whose forms are limited
_DOORS = {
    "account_login": limits.SIGN_INS,
    "mfa_login_webauthn": limits.SIGN_INS,
    "mfa_authenticate": limits.SIGN_INS,
    "account_confirm_login_code": limits.SIGN_INS,
    "account_signup": limits.SIGN_UPS,
    "socialaccount_signup": limits.SIGN_UPS,
    "account_reset_password": limits.KEYS,
    "account_reset_password_from_key": limits.KEYS,
    "account_request_login_code": limits.KEYS,
}


class LimitedDoors:
    """Count who knocks at the doors of the sign-in library."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, *_given: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        limit = _DOORS.get(match.url_name or "") if match else None
        if limit is None or request.method != "POST":
            return None
        try:
            limits.spend(request, limit)
        except limits.TooOften as refused:
            return views.too_often(request, refused)
        return None


class EndsIdleSessions:
    """Sign out whoever was away too long; the page that is asked for then leads to the sign-in and
    back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/health/"):
            user = request.user
            if user.is_authenticated and idle.is_over(request, user):
                events.log(Event.SESSION_ENDED, user=user.pk)
                logout(request)
                messages.info(
                    request,
                    _(
                        "しばらく操作がなかったため、ログアウトしました。続けるには、もう一度ログインしてください。"
                    ),
                )
        return self.get_response(request)


class NeedsSecondFactor:
    """Send staff without a second factor, and whoever lost theirs, to the page that sets one up;
    nothing else opens before. Whoever changes by what they are known, or joins a provider's account
    to their own, shows two proofs first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_OPEN) and self._lacks(request.user):
            return redirect(reverse("second_factor_needed"))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, *_given: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        is_own = match is not None and match.url_name in factors.OWN_PROOFS
        joins = "connect" in (request.GET.get("process"), request.POST.get("process"))
        if not (is_own or joins):
            return None
        if not is_signed_in(request):
            if not is_own:
                return None  # joined or not is asked where the provider sends back
            # the library would keep what was sent, and go on with it after a sign-in
            sign_in = reverse("account_login")
            return redirect(add_query_params(sign_in, {"next": request.get_full_path()}))
        if factors.are_shown(request):
            return None
        # nothing is kept of what was sent: going on with it would lead past this gate
        page = request.get_full_path() if is_own else reverse("socialaccount_connections")
        return factors.asked_before(request, page)

    @staticmethod
    def _lacks(user: Visitor) -> bool:
        if not user.is_authenticated:
            return False
        must = user.factor_lost_at is not None or user.is_office
        return must and not is_mfa_enabled(user)
