"""Fixtures of this folder."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from portal.accounts import gbizid
from tests.provider import Provider, running


@pytest.fixture
def provider(settings: Settings) -> Iterator[type[Provider]]:
    """A provider of sign-ins at work, named by the settings."""
    known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    with running() as address:
        app = {
            "provider_id": "gbizid",
            "name": "GビズID",
            "client_id": "portal",
            "secret": "secret",
            "settings": {
                "server_url": address,
                "token_auth_method": "client_secret_basic",
                "oauth_pkce_enabled": True,
                "scope": gbizid.SCOPES,
            },
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": known | {"APPS": [app]}}
        yield Provider
