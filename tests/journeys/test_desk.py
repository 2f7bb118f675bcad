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
    field = page.locator("#msg")
    assert not field.is_visible()  # the talk is folded away
    page.keyboard.press("m")
    field.wait_for()
    field.fill("")
    field.press_sequentially("nplmxa?")
    assert (page.url, field.input_value()) == (f"{there}#talk", "nplmxa?")
    field.fill("")
    page.locator("h1").click()

    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    officer.press("キー操作を使わない")
    for sign in "nplm?":
        page.keyboard.press(sign)
    assert (page.url, page.locator("#keys").is_visible()) == (there, False)
    page.locator("[data-keys-open]").click()  # found without a key
    officer.press("キー操作を使う")

    key("l")
    assert "/cases/?order=amount&page=1#" in page.url
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"


def test_all_of_a_page_are_ticked_by_one_box_and_one_of_them_left_out(visit: Visit) -> None:
    officer = visit("kitagawa")
    officer.go("/cases/?order=amount")
    page = officer.page
    rows, every = page.locator("input[name=pick]"), page.locator("[data-ticks-page] input")
    every.check()
    assert {box.is_checked() for box in rows.all()} == {True}
    rows.last.uncheck()
    assert not every.is_checked()
    page.locator("#bulk-do").select_option("assign")
    officer.press("進む")
    assert page.locator("tbody tr").count() == 2


def test_a_clean_case_goes_from_the_inbox_to_its_draft_in_four_clicks(visit: Visit) -> None:
    """Two lines of evidence are typed; what the portal has looked at itself stands there already."""
    officer = visit("kitagawa")
    page, clicks = officer.page, []

    def click(name: str) -> None:
        clicks.append(name)
        with page.expect_navigation():
            page.get_by_role("link", name=name).or_(
                page.get_by_role("button", name=name)
            ).first.click()

    officer.go("/inbox/")
    click("書類を確認する")
    for kind, words in (
        ("tax", "納税証明書、滞納なし"),
        ("antisocial", "上場している法人で、照会の対象ではない"),
    ):
        page.locator(f"[name=evidence-{kind}]").focus()  # by Tab; no click
        page.keyboard.type(words)
    for result in page.locator("[name^=result-]").all():
        result.select_option("clear")  # by arrow; no click
    page.locator("[name=result-antisocial]").select_option("not_needed")
    assert page.locator("[name=evidence-repeat]").input_value() == (
        "このポータルに、同じ制度へのほかの申請なし"
    )
    page.locator("[name=evidence-registration]").fill("登記事項証明書")
    click("記録して受理する")
    assert officer.sees("申請を受理しました")
    click("「交付決定」を起案する")
    page.keyboard.press("End")
    decider = page.locator("[name=decider]")
    if not decider.input_value():
        decider.focus()  # the first of those who may, by key
        page.keyboard.press("ArrowDown")
    click("起案して回議に回す")
    assert officer.sees("起案し、回議に回しました。")
    assert clicks == [
        "書類を確認する",
        "記録して受理する",
        "「交付決定」を起案する",
        "起案して回議に回す",
    ]


def test_few_presses_of_tab_lead_to_the_first_act(visit: Visit) -> None:
    officer = visit("kitagawa")
    officer.go("/inbox/")
    officer.follow("書類を確認する")
    page, presses = officer.page, 0
    while "記録して受理する" not in page.evaluate("document.activeElement.innerText || ''"):
        page.keyboard.press("Tab")
        presses += 1
        if "いま、することへ移動" in page.evaluate("document.activeElement.innerText || ''"):
            page.keyboard.press("Enter")
            presses += 1
        assert presses < 30
    assert presses <= 15  # two fields for each of five checks among them


def test_what_is_folded_opens_for_its_address_and_for_print(visit: Visit) -> None:
    officer = visit("kitagawa")
    officer.go("/inbox/")
    officer.follow("書類を確認する")
    page = officer.page
    entry = page.get_by_role("cell", name="申請を提出しました")
    assert "件、新しいものは" in page.locator("details.fold summary").last.inner_text()
    assert not entry.is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert entry.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not entry.is_visible()
    buttons = page.locator("button:visible, .button:visible")
    assert buttons.count() > 0
    page.emulate_media(media="print")
    assert buttons.all_inner_texts() == []  # nobody presses on paper
    page.emulate_media(media="screen")
    page.locator("a[href='#log']").click()
    assert entry.is_visible()
    officer.go(page.url.partition("#")[0].removeprefix(officer.base) + "#log")
    entry.wait_for()
