"""What the measuring of pages itself may not miss: contrast is measured once for each look, and no look hides another."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import browser as driver
from tests.journeys.axe import Axe

pytestmark = driver.needs_browser("journeys")

BODY = '<html lang="ja"><title>x</title><body><main><h1>x</h1>{}</main></body></html>'
GOOD, PALE = '<p style="color: #000">読める</p>', '<p style="color: #ccc">読めない</p>'
RAISED = '<div style="position: absolute; top: 20px">{}</div>'
BEHIND = (
    '<div style="position: absolute; top: 0; width: 320px; height: 300px; background: #222"></div>'
)
DARK = '<div style="background: #222">{}</div>'


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 320, "height": 900})
    yield page
    page.close()


def found(axe: Axe, page: Page, part: str) -> list[str]:
    page.set_content(BODY.format(part))
    _over, faults = axe.look_at(page)
    return [fault.split(":")[0] for fault in faults]


@pytest.mark.parametrize(
    "part",
    [
        PALE,
        DARK.format(GOOD),
        f'<div style="opacity: .2">{GOOD}</div>',
        f'<div style="filter: opacity(.2)">{PALE}</div>',
        RAISED.format(PALE),
        BEHIND + RAISED.format(GOOD),
        '<label>名前 <input value="x" style="color: #ccc"></label>',
    ],
)
def test_what_is_pale_is_found_after_any_other_page_and_again_on_the_next(
    page: Page, part: str
) -> None:
    axe = Axe()
    assert found(axe, page, f"{GOOD}<div>{GOOD}</div>") == []
    assert found(axe, page, RAISED.format(GOOD)) == []
    for _time in range(2):
        assert found(axe, page, GOOD + part) == ["color-contrast"]


def test_a_look_is_kept_once(page: Page) -> None:
    axe = Axe()
    assert found(axe, page, GOOD) == []
    passed = set(axe.passed)
    assert passed
    assert found(axe, page, GOOD * 3) == []
    assert axe.passed == passed


def test_what_could_not_be_told_is_not_taken_for_passed(page: Page) -> None:
    axe = Axe()
    assert (
        found(axe, page, f'<div style="background: linear-gradient(#000, #fff)">{GOOD}</div>') == []
    )
    assert not any("gradient" in look for look in axe.passed)


def test_what_is_hidden_does_not_pass_for_what_is_shown(page: Page) -> None:
    axe = Axe()
    assert found(axe, page, f"{GOOD}<div hidden>{PALE}</div>") == []
    assert found(axe, page, GOOD + PALE) == ["color-contrast"]


NAMED = '<button aria-label="{}">x</button><nav aria-label="{}"></nav><nav aria-label="{}"></nav>'


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        ("<button>x</button>", "<button></button>", "button-name"),
        ('<button title="x"></button>', '<button title=" "></button>', "button-name"),
        ('<img alt="x" src="a">', '<img src="a">', "image-alt"),
        (
            '<label for="a">x</label><input id="a">',
            '<label for="b">x</label><input id="a">',
            "label",
        ),
        ("<h2>x</h2>", "<h4>x</h4>", "heading-order"),
        ("<ul><li>x</li></ul>", "<ul><div>x</div></ul>", "list"),
        (NAMED.format("a", "b", "c"), NAMED.format("a", "b", "b"), "landmark-unique"),
        ("<div hidden><button></button></div>", "<div><button></button></div>", "button-name"),
        (
            '<p aria-hidden="true"></p>',
            '<p aria-hidden="true"><a href="/">x</a></p>',
            "aria-hidden-focus",
        ),
        ('<p lang="en">x</p>', '<p lang="xx-none">x</p>', "valid-lang"),
    ],
)
def test_a_page_of_another_shape_is_judged(page: Page, good: str, bad: str, rule: str) -> None:
    axe = Axe()
    assert found(axe, page, good) == []
    for _time in range(2):
        assert found(axe, page, bad) == [rule]


def test_a_page_with_other_words_has_the_shape_of_the_first(page: Page) -> None:
    axe = Axe()
    part = '<a href="{0}">{0}</a><button aria-label="{0} {0}">{0}</button><p>{0}</p>'
    assert found(axe, page, part.format("page")) == []
    shapes = set(axe.shapes)
    assert found(axe, page, part.format("another-page")) == []
    assert axe.shapes == shapes


def test_a_part_wider_than_the_window_is_found(page: Page) -> None:
    page.set_content(BODY.format('<p style="width: 400px">x</p>'))
    over, _faults = Axe().look_at(page)
    assert over > 0
