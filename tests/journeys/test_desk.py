"""An officer at the desk, by mouse and by key."""

from django.core.management import call_command

from tests.conftest import World
from tests.journeys import browser as driver
from tests.journeys.browser import Visit

pytestmark = driver.needs_browser("desk")


def people_the_world() -> None:
    """Three applications to check, and a sign-in for each of the people."""
    world = World()
    for yen in (1, 2, 3):
        case = world.submitted()[0].case
        case.amount, case.title = yen, f"第{yen}の事業"
        case.save()
    call_command("make_demo_people")


def test_one_key_leads_on_and_back_but_not_in_fields(visit: Visit) -> None:
    officer = visit("kitagawa")
    officer.go("/cases/?order=amount")
    page = officer.page
    page.locator("td a.num").first.click()
    assert officer.sees("第1の事業")

    def key(sign: str) -> None:
        with page.expect_navigation():
            page.keyboard.press(sign)

    key("n")
    assert officer.sees("第2の事業")
    key("n")
    assert officer.sees("第3の事業")
    page.keyboard.press("n")  # the last: nothing happens
    key("p")
    assert officer.sees("第2の事業")

    there = page.url
    field = page.locator("textarea[name=body]")
    field.fill("")
    field.press_sequentially("nplxa?")
    assert (page.url, field.input_value()) == (there, "nplxa?")
    field.fill("")
    page.locator("h1").click()

    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    officer.press("キー操作を使わない")
    for sign in "npl?":
        page.keyboard.press(sign)
    assert (page.url, page.locator("#keys").is_visible()) == (there, False)
    page.locator("[data-keys-open]").click()  # found without a key
    officer.press("キー操作を使う")

    key("l")
    assert "/cases/?order=amount&page=1#" in page.url
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
