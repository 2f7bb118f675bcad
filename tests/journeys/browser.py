"""A served world for browser tests: data committed once for the module, Chromium of the system."""

import os
import shutil
from collections.abc import Iterator
from typing import Protocol

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from django.core.servers.basehttp import WSGIServer
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from pytest_django.live_server_helper import LiveServer

from tools.demonstration.people import address

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs a loop in the thread of the test
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
WSGIServer.request_queue_size = (
    128  # ten waiting connections, the default, are too few beside a busy second worker
)
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
needs_browser = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is absent"),
]


def launch() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
            ],
        )
        yield browser
        browser.close()


class Visitor:
    """A person at a browser: signs in through the demonstration's page, goes, presses, reads.

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
        self.page: Page = self.context.new_page()
        self.base = server.url + ("" if language == "ja" else f"/{language}")
        if name:
            self.go("/demo/")
            self.page.locator(f"tr:has-text('{address(name)}') button").click()

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
        box.locator(".files").wait_for()

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

    def axe(self) -> list[str]:
        """What axe finds on the page, as sentences."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations'], rules: {region: {enabled: true}}})"
        )
        return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found["violations"]]

    def sideways(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def close(self) -> None:
        self.context.close()


class Visit(Protocol):
    """Opens a browser of its own: for a demonstration's person by their address, or for a visitor."""

    def __call__(
        self, name: str = "", *, javascript: bool = True, width: int = 1280, language: str = "ja"
    ) -> Visitor: ...
