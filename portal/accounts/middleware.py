"""Staff work only with a second factor (TOTP or passkey)."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.types import Visitor

_OPEN = (
    "/accounts/",
    "/en/accounts/",
    "/static/",
    "/health/",
    "/second-factor/",
    "/en/second-factor/",
)


class StaffNeedSecondFactor:
    """Send staff without a second factor to the page that sets one up; nothing else opens before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_OPEN) and self._lacks(request.user):
            return redirect(reverse("second_factor_needed"))
        return self.get_response(request)

    @staticmethod
    def _lacks(user: Visitor) -> bool:
        return bool(user.is_authenticated and user.is_office and not is_mfa_enabled(user))
