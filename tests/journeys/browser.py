"""A served world for browser tests: data committed once for the module, Chromium of the system."""

import os
import shutil
from collections.abc import Iterator
from typing import Protocol

import pytest
from django.conf import settings
from django.core.servers.basehttp import WSGIServer
from django.db import connections
from django.test import Client
from django.utils.translation import gettext, override
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Cookie,
    Page,
    Request,
    Response,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from pytest_django.live_server_helper import LiveServer

from portal.accounts import demo
from tests.conftest import check_files
from tools.demonstration.people import address

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs a loop in the thread of the test
# the same browser without windows comes first: a whole Chromium paints windows that nobody sees
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, PROGRAMS)), None)
# of a whole Chromium: boxes of its address bar, and processes kept for pages that never come;
# then what Playwright switches off, since this list takes the place of its own
SWITCHED_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "SpareRendererForSitePerProcess",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
)
WSGIServer.request_queue_size = (
    128  # ten waiting connections, the default, are too few beside a busy second worker
)


def needs_browser(group: str) -> list[pytest.MarkDecorator]:
    """The marks of a module that drives a browser; modules of a group share a worker."""
    return [
        pytest.mark.browser,
        pytest.mark.xdist_group(group),
        pytest.mark.skipif(CHROMIUM is None, reason="chromium is absent"),
    ]


def launch() -> Iterator[Browser]:
    """A browser, for a module at most: while its loop runs, Django gives this thread other connections, and what
    was open before would still be so afterwards, to a database that is gone."""
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                f"--disable-features={','.join(SWITCHED_OFF)}",
            ],
        )
        yield browser
        browser.close()


def session_of(name: str) -> str:
    """The key of the session that the demonstration's page begins for a person, without its page."""
    client = Client()
    person = demo.accounts().get(email=address(name))
    client.post("/demo/", {"person": person.pk})
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Visitor:
    """A person at a browser: signed in as by the demonstration's page, goes, presses, reads.

    What a journey names in Japanese is looked for in the visitor's own language.
    """

    def __init__(
        self,
        browser: Browser,
        server: LiveServer,
        *,
        name: str = "",
        javascript: bool = True,
        width: int = 1280,
        language: str = "ja",
    ) -> None:
        self.language, self.javascript = language, javascript
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900},
            locale={"ja": "ja-JP", "en": "en-GB"}[language],
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        self.server, self.name = server.url, ""
        self.kept: dict[str, list[Cookie]] = {"": []}
        self.become(name)
        self.page: Page = self.context.new_page()
        self.base = self.server + ("" if language == "ja" else f"/{language}")

    def become(self, name: str) -> None:
        """Put away the cookies of who was here, and take up those of this person; of a visitor with ""."""
        if name == self.name:
            return
        self.kept[self.name] = self.context.cookies()
        self.context.clear_cookies()
        if name in self.kept:
            self.context.add_cookies(self.kept[name])  # type: ignore[arg-type]  # takes what it gave
        else:
            key = session_of(name)
            self.context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.server}]
            )
        self.name = name

    def say(self, text: str) -> str:
        with override(self.language):
            return gettext(text)

    def go(self, path: str) -> Response:
        answer = (
            self.page.goto(self.base + path) or self.page.reload()
        )  # None where only the part of the page differed
        assert answer is not None
        return answer

    def attach(self, path: str, key: str = "") -> None:
        """Choose a file under a requirement (the page's only one where no key is given): it is sent at once, or, without
        JavaScript, by the button."""
        box = self.page.locator(f"#doc-{key}" if key else ".upload")
        box.locator("input[type=file]").set_input_files(path)
        if not self.javascript:
            box.locator(f"button:has-text('{self.say('送る')}')").click()
        box.locator(".files [data-waits]").wait_for()
        check_files()
        if not self.javascript:
            self.page.reload()
        box.locator(".files:not(:has([data-waits]))").wait_for()  # the page has changed by itself

    def choose(self, selector: str, name: str) -> None:
        """Choose the person of this name in a list, beside whose name stands more about them."""
        options = self.page.locator(f"{selector} option").all_inner_texts()
        [label] = [text for text in options if text.strip().startswith(name)]
        self.page.locator(selector).select_option(label=label.strip())

    def press(self, name: str) -> None:
        """Press a button that leads on. Where it does not, say what the browser sent, since that tells a press that was
        lost from an answer that is late."""
        sent: list[str] = []

        def note(request: Request) -> None:
            sent.append(f"{request.method} {request.url} {request.resource_type}")

        self.page.on("request", note)
        try:
            with self.page.expect_navigation(timeout=60_000):
                self.page.get_by_role("button", name=self.say(name), exact=True).first.click()
        except PlaywrightTimeout as error:
            said = self.say(name)
            raise AssertionError(
                f"{said} at {self.page.url} led nowhere; sent since: {sent}"
            ) from error
        finally:
            self.page.remove_listener("request", note)

    def follow(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=self.say(name), exact=True).first.click()

    def fill(self, values: dict[str, str]) -> None:
        for selector, value in values.items():
            self.page.locator(selector).first.fill(value)

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def sees(self, text: str) -> bool:
        return self.say(text) in self.text()

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})

    def close(self) -> None:
        self.context.close()


class Visit(Protocol):
    """Opens a browser of its own: for a demonstration's person by their address, or for a visitor."""

    def __call__(
        self, name: str = "", *, javascript: bool = True, width: int = 1280, language: str = "ja"
    ) -> Visitor: ...
