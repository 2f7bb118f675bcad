"""The way to the provider and back. The library's own views would go by its adapter."""

from __future__ import annotations

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import (
    OAuth2CallbackView,
    OAuth2LoginView,
    OAuth2View,
)
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from requests import RequestException

from portal.accounts.openid.provider import Adapter, Provider
from portal.types import Context
from portal.workflow.access import anyone


class Callback(OAuth2CallbackView):  # type: ignore[misc]  # allauth has no types
    adapter: Adapter

    def _get_state(
        self, request: HttpRequest, provider: Provider
    ) -> tuple[Context | None, HttpResponseBase | None]:
        """What the session kept of this try, taken out of it: it is for once."""
        state, refusal = super()._get_state(request, provider)
        self.adapter.nonce = str((state or {}).get("nonce") or "")
        return state, refusal


@anyone
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _by_our_adapter(OAuth2LoginView, request, provider_id)


@anyone
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _by_our_adapter(Callback, request, provider_id)


def _by_our_adapter(
    view: type[OAuth2View], request: HttpRequest, provider_id: str
) -> HttpResponseBase:
    """Also where the provider is away, or its description is not believed, the answer is a page."""
    adapter = Adapter(request, provider_id)
    try:
        answer: HttpResponseBase = view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as fault:
        answer = render_authentication_error(request, adapter.get_provider(), exception=fault)
    return answer
