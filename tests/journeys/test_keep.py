"""The script that keeps words which were typed and not sent: what one leaves is there when one comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route

from tests.journeys import browser as driver

pytestmark = driver.needs_browser("journeys")

SCRIPT = Path(settings.BASE_DIR, "portal/ui/static/portal/keep.js").read_text(encoding="utf-8")
FORM = """<details><summary>不備にする</summary><form method="post" action="/remarks/">
<input type="hidden" name="csrfmiddlewaretoken" value="TOKEN"><input type="hidden" name="part" value="PART">
<input name="cite" value="CITE" data-limit="80"><textarea name="text">TEXT</textarea><button>送る</button></form></details>"""
PAGE = """<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>x</title>
<body class="body--staff" data-person="WHO" data-back-words="戻しました" data-away-words="消す"><main>
<form action="/accounts/logout/" method="post"><button id="out">ログアウト</button></form>
<a id="away" href="/other/">ほか</a>FORMS</main></body></html>"""


class Desk:
    """A page with two remarks; what the server says to a remark that is sent."""

    def __init__(self, page: Page) -> None:
        self.page, self.asked = page, list[str]()
        self.answer, self.who, self.text, self.secret = 302, "1", "", ""
        page.route("http://portal.test/**", self.serve)
        page.on("dialog", self.leave)

    def leave(self, dialog: Dialog) -> None:
        self.asked.append(dialog.type)
        dialog.accept()

    def html(self, text: str = "") -> str:
        forms = "".join(
            FORM.replace("PART", part).replace("CITE", "").replace("TEXT", text) for part in "ab"
        )
        if self.secret:
            forms = forms.replace("<form ", '<form autocomplete="off" ')
        return PAGE.replace("FORMS", forms).replace("WHO", self.who)

    def serve(self, route: Route) -> None:
        status, body = 200, self.html(self.text)
        if route.request.method == "POST" and self.answer >= 400:
            status, body = self.answer, self.html("打ったまま")
        route.fulfill(status=status, content_type="text/html; charset=utf-8", body=body)

    def open(self, path: str = "/case/") -> None:
        self.page.goto(f"http://portal.test{path}")
        self.page.add_script_tag(content=SCRIPT)

    def type(self, text: str) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
        self.page.locator("textarea").first.fill(text)

    def send(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("button", has_text="送る").first.click()
        self.page.add_script_tag(content=SCRIPT)

    def go_away(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("#away").click()
        self.page.add_script_tag(content=SCRIPT)

    @property
    def texts(self) -> list[str]:
        return [box.input_value() for box in self.page.locator("textarea").all()]


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context()
    yield made
    made.close()


@pytest.fixture
def desk(context: BrowserContext) -> Desk:
    desk = Desk(context.new_page())
    desk.open()
    return desk


def test_what_was_typed_is_there_when_one_comes_back_and_can_be_thrown_away(desk: Desk) -> None:
    desk.type("書きかけ")
    desk.go_away()
    assert desk.asked == []  # nothing is lost, so nobody is asked
    desk.open()
    assert desk.texts == ["書きかけ", ""]  # in its own form alone
    assert desk.page.locator("details").first.get_attribute("open") is not None
    desk.page.locator("button", has_text="消す").click()
    assert desk.texts == ["", ""]
    desk.open()
    assert desk.texts == ["", ""]


def test_closing_the_window_asks_first(desk: Desk) -> None:
    desk.type("書きかけ")
    desk.page.goto("about:blank")
    assert desk.asked == ["beforeunload"]


def test_what_was_sent_does_not_come_back(desk: Desk) -> None:
    desk.type("送った")
    desk.send()
    desk.open()
    assert (desk.texts, desk.asked) == (["", ""], [])


@pytest.mark.parametrize("status", [422, 500])
def test_what_was_refused_comes_back_until_it_is_taken(desk: Desk, status: int) -> None:
    desk.answer = status
    desk.type("打ったまま")
    desk.send()
    assert desk.texts[0] == "打ったまま"
    desk.go_away()
    desk.open()
    assert desk.texts == ["打ったまま", ""]
    desk.answer = 302
    desk.send()
    desk.open()
    assert desk.texts == ["", ""]


def test_an_ended_session_loses_no_word(desk: Desk) -> None:
    desk.type("切れたあと")
    desk.who = ""  # the answer is the page that signs in
    desk.send()
    desk.who = "1"
    desk.open()
    assert desk.texts == ["切れたあと", ""]


def test_words_that_somebody_wrote_since_stay(desk: Desk) -> None:
    desk.type("古い")
    desk.go_away()
    desk.text = "ほかの人の新しい文"
    desk.open()
    assert desk.texts == ["ほかの人の新しい文"] * 2


def test_data_of_people_is_warned_about_and_never_kept(desk: Desk) -> None:
    desk.secret = "x"
    desk.open()
    desk.type("役員の氏名")
    assert "役員" not in str(desk.page.evaluate("JSON.stringify(sessionStorage)"))
    desk.go_away()
    assert desk.asked == ["beforeunload"]


def test_signing_out_leaves_nothing(desk: Desk) -> None:
    desk.type("秘密")
    assert "秘密" in desk.page.evaluate("JSON.stringify(sessionStorage)")
    desk.page.locator("#out").click()
    desk.page.wait_for_url("**/accounts/logout/")
    assert "秘密" not in desk.page.evaluate("JSON.stringify(sessionStorage)")
