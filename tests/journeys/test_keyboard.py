"""By keyboard alone from a programme to the receipt; and what paper shows of an applicant's pages."""

import random
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from grants.applications.models import Application
from tests.conftest import World, check_files
from tests.journeys import browser as driver
from tests.journeys.browser import Visit
from tools.demonstration import simulation
from tools.demonstration.people import address

pytestmark = driver.needs_browser("keyboard")
MOST = 200  # presses of Tab to anything on a page


def people_the_world() -> None:
    """A draft and an application to an open call, whose people are known by the names of their states."""
    world = World()
    for application, person in (world.draft(), world.submitted()):
        person.email = address(str(application.state))
        person.save()
    call_command("make_demo_people")


class Keys:
    """Somebody who has a keyboard and nothing else. Arrows choose within a group, as in any browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def to(self, selector: str, text: str = "") -> None:
        """Press Tab until the focus stands on what is named, and can be seen there."""
        for _press in range(MOST):
            if self.page.evaluate(
                "([s, t]) => { const e = document.activeElement;"
                " return e.matches(s) && (!t || e.innerText.trim() === t) }",
                [selector, text],
            ):
                assert self.page.evaluate("document.activeElement.matches(':focus-visible')")
                return
            self.press("Tab")
        raise AssertionError(f"no way by Tab to {selector} {text} on {self.page.url}")

    def enter(self, selector: str, text: str = "") -> None:
        self.to(selector, text)
        with self.page.expect_navigation(timeout=60_000):
            self.press("Enter")

    def write(self, name: str, text: str) -> None:
        self.to(f"[name='{name}']")
        self.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """One of a group of buttons, or of a list."""
        self.to(f"[name='{name}']")
        here = "document.activeElement"
        if self.page.evaluate(f"{here}.type") == "radio":
            self.press("Space")
        for _press in range(20):
            if self.page.evaluate(f"{here}.value") == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} is not among {name}")

    def tick(self, name: str) -> None:
        self.to(f"[name='{name}']")
        self.press("Space")
        assert self.page.evaluate("document.activeElement.checked")

    def save(self) -> None:
        self.enter("main button[type=submit]", "保存して次へ")

    def attach(self, path: Path, box: str) -> None:
        self.to(f"{box} input[type=file]")
        with self.page.expect_file_chooser() as chooser:
            self.press("Enter")
        chooser.value.set_files(path)
        self.page.locator(f"{box} .files [data-waits]").wait_for()
        check_files()
        self.page.locator(f"{box} .files:not(:has([data-waits]))").wait_for()


def test_from_a_programme_to_the_receipt_by_keyboard_alone(visit: Visit, sample: Path) -> None:
    world = simulation.World(random.Random(1), {}, serial=950)  # noqa: S311  no secret
    _firm, person = simulation.organisation(world)
    person.email = address("keyboard")
    person.save()
    call = Application.objects.get(state="submitted").call
    firm = visit("keyboard")
    firm.go(call.public_url)
    keys = Keys(firm.page)
    keys.enter("main a", "申請する")
    keys.enter("main button", "始める")
    number = firm.page.url.rstrip("/").rsplit("/", 1)[-1]
    keys.enter("main a", "事業者の情報")
    keys.choose("has_sapporo_office", "yes")
    keys.save()
    for name, text in (
        ("name", "三上 健一"),
        ("phone", "011-000-0001"),
        ("email", "keyboard@firms.example"),
    ):
        keys.write(name, text)
    keys.save()
    for name, text in (
        ("p-0-name", "三上 健一"),
        ("p-0-kana", "みかみ けんいち"),
        ("p-0-born_on_y", "1970"),
        ("p-0-born_on_m", "4"),
        ("p-0-born_on_d", "1"),
    ):
        keys.write(name, text)
    keys.choose("p-0-sex", "X")
    keys.write("p-0-address", "札幌市")
    keys.save()
    for name, value in (("tax_paid", "yes"), ("no_antisocial", "yes"), ("received_before", "no")):
        keys.choose(name, value)
    keys.save()
    for name, text in (
        ("title", "在宅勤務の導入"),
        ("q_purpose", "通勤の負担を減らす"),
        ("q_plan", "端末と勤怠の仕組みを入れる"),
        ("q_people", "3"),
    ):
        keys.write(name, text)
    keys.save()
    day = call.project_ends_on
    keys.choose("frame", "standard")
    for name, text in (
        ("item-0-what", "ノートパソコン 3台"),
        ("item-0-amount", "420000"),
        ("item-0-order_on_y", str(day.year)),
        ("item-0-order_on_m", str(day.month)),
        ("item-0-order_on_d", str(day.day)),
    ):
        keys.write(name, text)
    keys.save()
    for name in ("tax_lookup", "registry_lookup"):
        keys.choose(name, "yes")
    keys.save()
    keys.attach(sample, "#doc-quote")
    keys.enter("main a", "次へ")
    for name in ("truth", "rules", "antisocial"):
        keys.tick(name)
    keys.enter("main button", "申請する")
    assert firm.sees("受付番号")
    assert Application.objects.get(case__number=number).state == "submitted"


# what nobody presses on paper, and where nobody goes from it
ON_SCREEN = (
    ".site-header, .site-footer, .crumbs, .action-bar, button, .button, .skip, .go, [type=file]"
)


@pytest.mark.parametrize(
    ("state", "path", "shown"),
    [
        ("draft", "/apply/{number}/", ["計画と効果", "締切"]),
        ("draft", "/apply/{number}/plan/", ["事業の名称"]),
        ("draft", "/apply/{number}/costs/", ["経費の一覧", "申し込む枠"]),
        ("draft", "/apply/{number}/documents/", ["添付する書類"]),
        ("draft", "/apply/{number}/review/", ["計画と効果"]),
        ("submitted", "/cases/{number}/", ["受付番号"]),
        ("submitted", "/apply/{number}/done/", ["受付番号"]),
        ("submitted", "/my/", ["あなたの手続き"]),
        ("submitted", "/organisations/{firm}/", ["一緒に手続きする人"]),
        (
            "submitted",
            "/programmes/{call}/",
            ["対象になる費用、ならない費用", "いくら補助されるか"],
        ),
        ("submitted", "/programmes/{call}/money/", ["月"]),
    ],
)
def test_paper_keeps_what_is_read_and_leaves_out_what_is_pressed(
    visit: Visit, state: str, path: str, shown: list[str]
) -> None:
    case = Application.objects.get(
        state=state, case__organisation__memberships__user__email=address(state)
    ).case
    here = path.format(
        number=case.number, firm=case.organisation_id, call=case.application.call.code
    )
    firm = visit(state)
    assert firm.go(here).status == 200
    pressed = firm.page.locator(ON_SCREEN).filter(visible=True)
    assert pressed.count() > 0
    firm.page.emulate_media(media="print")
    assert [text.strip() for text in pressed.all_inner_texts()] == []
    for text in shown:
        assert text in firm.text()
