"""Whom the browser is sent to, with what, and what is fetched when it comes back.

The library checks no signature of a token that it fetched itself, takes the algorithm from the
token, sends no nonce and compares no issuer; here all of it is asked.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.statekit import STATE_TTL
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts.openid import tokens
from portal.accounts.openid.tokens import Asked, Claims, NotBelieved
from portal.types import Context

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """`nonce`: of the try that has come back, as its session kept it."""

    nonce = ""

    @property
    def openid_config(self) -> Claims:
        config: Claims = super().openid_config
        tokens.describes(config, self.get_provider().app.settings["server_url"])
        return config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **given: Context
    ) -> SocialLogin:
        """Whoever signed in there. Raises NotBelieved where anything about the proof does not hold."""
        asked = Asked(str(self.openid_config["issuer"]), app.client_id, self.nonce)
        said = tokens.verified(
            str(given["response"].get("id_token") or ""), self._published_keys(), asked
        )
        # two that come back at once with one session find the same nonce there
        if not cache.add(f"openid.nonce:{self.nonce}", True, STATE_TTL):
            raise NotBelieved("used")
        person = tokens.told(self._fetch_user_info(token.token))
        if person.get("sub") != said["sub"]:
            raise NotBelieved("subject")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": person})

    def _published_keys(self) -> list[Claims]:
        """Fetched each time: a key that the provider takes back opens nothing from then on, and a
        new one is known at once.
        """
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        found = answer.json()
        keys = found.get("keys") if isinstance(found, dict) else None
        return [key for key in keys or [] if isinstance(key, dict)]


class Provider(OpenIDConnectProvider):  # type: ignore[misc]  # as above
    oauth2_adapter_class = Adapter
    supports_token_authentication = False  # a token is taken from the provider alone

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: object = None,
        **given: object,
    ) -> HttpResponseBase:
        """Off to the provider, with a nonce that the session keeps until the answer."""
        nonce = secrets.token_urlsafe(32)
        asked = self.get_auth_params() | {"nonce": nonce}
        answer: HttpResponseBase = super().redirect(
            request, process, next_url, data, **given | {"auth_params": asked, "nonce": nonce}
        )
        return answer

    def get_scope_from_request(self, _request: HttpRequest) -> list[str]:
        """What is asked for stands in the settings; no address adds to it."""
        return list(self.get_scope())
