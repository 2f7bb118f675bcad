"""The script of autosave in a browser, against answers of every kind: what is not saved never looks saved."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.html import escape
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Route, expect

from portal.ui import script_words
from tests.journeys import browser as driver

pytestmark = driver.needs_browser("journeys")

SCRIPTS = [
    Path(settings.BASE_DIR, "portal/ui/static/portal", name).read_text(encoding="utf-8")
    for name in ("keep.js", "autosave.js", "count.js")
]
PAGE = """<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>x</title><body data-person="1" data-count-words="{n}／{limit}字" data-over-words="{limit}字までです。{over}字多くなっています。">
<form action="/accounts/logout/" method="post"><button id="out">ログアウト</button></form>
<form method="post" action="/plan/" data-autosave="/autosave/" data-sign-in="/accounts/login/" data-words="WORDS">
<input type="hidden" name="csrfmiddlewaretoken" value="x"><input type="hidden" name="version" value="3"><input type="hidden" name="editor" value="e"><input type="hidden" name="stroke" value="0">
<p data-saved><span data-saved-text>最終保存 9:00</span></p>
<input name="title" value="はじめ" data-limit="10"><textarea name="text" data-limit="5"></textarea><button id="go">保存</button></form></body></html>""".replace(
    "WORDS", escape(json.dumps(script_words.autosave()))
)

Answer = Callable[[Route], object]


def status(code: int, **body: object) -> Answer:
    return lambda route: route.fulfill(
        status=code, content_type="application/json", body=json.dumps(body)
    )


SAVED = status(200, version=4, saved_at="14:03")


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context()
    yield made
    made.close()


def opened(context: BrowserContext, answer: Answer) -> Page:
    page = context.new_page()
    page.route(
        "http://portal.test/**",
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=PAGE),
    )
    page.route("http://portal.test/autosave/", answer)
    show(page)
    return page


def show(page: Page) -> None:
    page.goto("http://portal.test/plan/")
    for script in SCRIPTS:
        page.add_script_tag(content=script)


def line(page: Page) -> Locator:
    return page.locator("[data-saved-text]")


def kept(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(sessionStorage)"))


def test_it_saves_while_one_types_and_keeps_nothing_afterwards(context: BrowserContext) -> None:
    page = opened(context, SAVED)
    page.locator("[name=title]").type("て")
    expect(line(page)).to_have_text("最終保存 14:03（自動）", timeout=8000)
    assert page.locator("[name=version]").input_value() == "4"
    assert "typed:" not in kept(page)


@pytest.mark.parametrize(
    "answer", [status(403), status(413), status(500), status(503), lambda route: route.abort()]
)
def test_an_answer_that_did_not_save_never_leaves_the_green_line(
    context: BrowserContext, answer: Answer
) -> None:
    page = opened(context, answer)
    page.locator("[name=title]").fill("消えてはいけない")
    page.locator("[name=title]").blur()
    expect(page.locator(".saved--not [data-saved-text]")).to_contain_text(
        "まだ保存していません", timeout=8000
    )
    assert "消えてはいけない" in kept(page)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto("http://portal.test/other/")
    assert asked == ["beforeunload"]


def test_it_tries_again_until_it_is_saved(context: BrowserContext) -> None:
    answers = [status(503), SAVED]
    page = opened(context, lambda route: answers.pop(0)(route))
    page.locator("[name=title]").fill("もう一度")
    page.locator("[name=title]").blur()
    expect(line(page)).to_have_text("最終保存 14:03（自動）", timeout=15000)


def test_what_is_too_long_is_sent_again_once_it_is_another(context: BrowserContext) -> None:
    answers = [status(413), SAVED]
    page = opened(context, lambda route: answers.pop(0)(route))
    page.locator("[name=title]").fill("長い" * 500)
    page.locator("[name=title]").blur()
    expect(page.locator(".saved--not [data-saved-text]")).to_contain_text("長すぎる", timeout=8000)
    page.locator("[name=title]").fill("短い")
    page.locator("[name=title]").blur()
    expect(line(page)).to_have_text("最終保存 14:03（自動）", timeout=4000)
    assert answers == []


def test_words_outlive_the_session_and_come_back_after_sign_in(context: BrowserContext) -> None:
    page = opened(context, status(401))
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[name=text]").fill("切れたあとに書いた言葉")
    page.locator("[name=text]").blur()
    expect(page.locator("[data-saved] a")).to_have_text("ログインする", timeout=8000)
    page.unroute("http://portal.test/autosave/")
    page.route("http://portal.test/autosave/", SAVED)
    show(page)
    assert page.locator("[name=text]").input_value() == "切れたあとに書いた言葉"
    expect(line(page)).to_have_text("最終保存 14:03（自動）", timeout=8000)
    assert "typed:" not in kept(page)


def test_a_draft_that_was_handed_in_meanwhile_says_so_from_its_new_address(
    context: BrowserContext,
) -> None:
    page = opened(context, SAVED)
    handed_in = {"closed": True, "message": "すでに提出しています。"}
    page.evaluate(
        """said => { window.fetch = async () => Object.defineProperty(Response.json(
        said, {status: 409}), "redirected", {value: true}) }""",
        handed_in,
    )
    page.locator("[name=title]").fill("あとから")
    page.locator("[name=title]").blur()
    expect(line(page)).to_have_text("すでに提出しています。", timeout=8000)
    assert page.locator("[data-saved] a").count() == 0


def test_signing_out_leaves_nothing_on_the_machine(context: BrowserContext) -> None:
    page = opened(context, status(503))
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[name=text]").fill("秘密")
    assert "秘密" in kept(page)
    page.locator("#out").click()
    page.wait_for_url("**/accounts/logout/")
    assert "秘密" not in page.evaluate(
        "Object.keys(sessionStorage).map((key) => sessionStorage.getItem(key)).join()"
    )


def test_a_long_text_is_counted_and_never_cut(context: BrowserContext) -> None:
    page = opened(context, SAVED)
    page.locator("[name=text]").fill("一二三四五六七")
    expect(page.locator(".field__count--over")).to_have_text("5字までです。2字多くなっています。")
    assert page.locator("[name=text]").input_value() == "一二三四五六七"


def test_who_types_without_a_pause_is_saved_meanwhile(context: BrowserContext) -> None:
    sent: list[str] = []

    def answer(route: Route) -> None:
        sent.append(route.request.post_data or "")
        SAVED(route)

    page = opened(context, answer)
    page.locator("[name=text]").press_sequentially("a" * 90, delay=60)
    assert 1 <= len(sent) <= 4  # no pause in 5.4 seconds, and not a request a sign
