"""A field that goes only with some answers of another is folded away with all others, and is not sent with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from grants.recovery.hearing import DETAILS, SAYS, HearingForm
from tests.journeys import browser as driver

pytestmark = driver.needs_browser("journeys")

SCRIPTS = [
    Path(settings.BASE_DIR, "portal/ui/static/portal", name).read_text(encoding="utf-8")
    for name in ("portal.js", "keep.js")
]
PREFIX = "C-1"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    form = HearingForm(prefix=PREFIX)
    form.fields["needless"].widget.choices = [("act", "行政手続法")]
    page = chromium.new_page()
    page.set_content(
        f'<style>[hidden] {{ display: none }}</style><form method="post">{form}</form>'
    )
    for script in SCRIPTS:
        page.add_script_tag(content=script)
    yield page
    page.close()


def shown(page: Page) -> set[str]:
    found = page.locator("[data-beside]")
    boxes = [found.nth(n) for n in range(found.count())]
    names = {
        name
        for box in boxes
        if box.is_visible()
        for name in DETAILS
        if box.locator(f"[name^='{PREFIX}-{name}']").count()
    }
    assert len(boxes) == len(DETAILS)
    return names


def sent(page: Page) -> set[str]:
    names = page.evaluate("[...new FormData(document.forms[0])].map(([name]) => name)")
    return {detail for detail in DETAILS for name in names if name.startswith(f"{PREFIX}-{detail}")}


def test_the_details_of_a_hearing_are_there_with_its_way_alone(page: Page) -> None:
    assert shown(page) == sent(page) == set()
    for way, details in SAYS.items():
        page.locator(f"[name='{PREFIX}-how'][value={way}]").check()
        assert shown(page) == sent(page) == set(details), way
    page.locator(f"[name='{PREFIX}-how'][value=oral]").check()
    page.locator(f"[name='{PREFIX}-heard']").fill("電話で聞いた。")
    page.locator(f"[name='{PREFIX}-how'][value=silent]").check()
    assert "heard" not in sent(page)
    page.locator(f"[name='{PREFIX}-how'][value=written]").check()
    assert page.locator(f"[name='{PREFIX}-heard']").input_value() == "電話で聞いた。"


def test_words_that_are_put_back_bring_their_fields_with_them(page: Page) -> None:
    data = [[f"{PREFIX}-how", "written"], [f"{PREFIX}-heard", "電話で聞いた。"]]
    page.evaluate("(data) => keeping.putBack(document.forms[0], data)", data)
    assert shown(page) == set(SAYS["written"])
    assert page.locator(f"[name='{PREFIX}-heard']").input_value() == "電話で聞いた。"
