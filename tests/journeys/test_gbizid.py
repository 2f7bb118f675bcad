"""Sign-in with GビズID in a real browser: the provider lies on another origin, and the page's own policy is in force."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from portal.accounts.models import Organisation, User
from portal.types import Given
from tests import served
from tests.conftest import World
from tests.journeys import browser as driver
from tests.provider import PRIME, Provider, running

pytestmark = driver.needs_browser("journeys")


@pytest.mark.parametrize(
    ("start", "button"), [("login", "GビズIDでログイン"), ("signup", "GビズIDで登録する")]
)
def test_gbizid_leads_through_its_own_site_and_back_to_a_firm_that_need_not_be_typed(
    committed_world: World, chromium: Browser, tmp_path: Path, start: str, button: str
) -> None:
    Provider.claims = PRIME
    with running() as provider:
        client: Given = {
            "OIDC_CLIENT_ID": "portal",
            "OIDC_CLIENT_SECRET": "secret",
            "OIDC_SERVER_URL": f"{provider}/",
        }
        with served.running(tmp_path, **client) as base:
            page = chromium.new_page(locale="ja-JP")
            blocked: list[str] = []
            page.on(
                "console",
                lambda message: (
                    blocked.append(message.text) if "Content Security" in message.text else None
                ),
            )
            answer = page.goto(f"{base}/accounts/{start}/")
            assert answer is not None
            assert f"form-action 'self' {provider}" in answer.headers["content-security-policy"]
            page.get_by_role("button", name=button, exact=True).click()
            page.get_by_role("button", name="認証する").click()
            page.wait_for_url(f"{base}/**")
            page.goto(f"{base}/organisations/new/")
            page.get_by_role("button", name="次へ").click()
            assert page.locator("#id_name").input_value() == PRIME["name"]
            page.locator("#id_area").select_option(index=1)
            page.get_by_role("button", name="登録する", exact=True).click()
            page.wait_for_url(f"{base}/organisations/**")
            page.close()
            assert blocked == []
    assert {"profile", "user", "email"} < set(Provider.wanted)
    firm = Organisation.objects.get(corporate_number=PRIME["corporate_number"])
    assert (firm.name, firm.representative_name) == (PRIME["name"], "髙田 誠一")
    assert firm.proved_how == "gbizid"  # by the sign-in of this very session
    assert User.objects.get(memberships__organisation=firm).email == PRIME["email"]
