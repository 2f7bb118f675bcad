"""Every named page in each of its states, in a real browser: it answers, axe finds nothing, nothing runs sideways.

A state's pages are opened once; the tests read what was seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connections
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from portal.accounts import demo
from tests import databases
from tests.architecture.test_house import FLOORS, routes
from tests.journeys import browser as driver
from tests.journeys import specimens
from tests.journeys.axe import Axe
from tests.journeys.browser import Visit
from tests.journeys.pages import NO_PAGE, PAGES

pytestmark = driver.needs_browser("pages")

people_the_world = specimens.people_the_year
IN_THE_YEAR = True
# Latin words of tables that stand on more than one line
BROKEN_WORDS = """() => [...document.querySelectorAll("main table :is(th, td)")].flatMap(cell => {
  const words = [], nodes = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = new Range();
  while (nodes.nextNode())
    for (const word of nodes.currentNode.data.matchAll(/[A-Za-z]{3,}/g)) {
      range.setStart(nodes.currentNode, word.index);
      range.setEnd(nodes.currentNode, word.index + word[0].length);
      if (new Set(Array.from(range.getClientRects(), part => part.top)).size > 1) words.push(word[0]);
    }
  return words;
})"""
FILLED, EMPTY, ERROR = 0, 1, 2  # columns of PAGES


@dataclass(frozen=True)
class State:
    """In what state the pages are: a column of PAGES, the language, and the widths of the window."""

    name: str
    column: int
    language: str = "ja"
    widths: tuple[int, ...] = (1280, 320)


# in this order: errors change the world a little, and the longest texts change it for good
STATES = [
    State("filled", FILLED),
    State("empty", EMPTY),
    State("error", ERROR),
    State("english", FILLED, "en", (320,)),
    State("longest", FILLED),
]


@dataclass(frozen=True)
class Wanted:
    """One cell of PAGES: which page, at which address, as whom, and which of its forms is sent."""

    page: str
    path: str
    person: str
    form: int | None


@dataclass
class Seen:
    """What the pages of one state gave, as sentences that name page, address and width."""

    opened: int = 0
    unanswered: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)


def wanted(column: int) -> Iterator[Wanted]:
    names = specimens.named()
    for page, row in PAGES.items():
        text = row[column]
        if text == "-":
            continue
        for key in sorted(names, key=len, reverse=True):
            text = text.replace(key, names[key])
        address, _as, rest = text.partition(" as ")
        form = None if " !" not in text else -1 if text.endswith("! last") else 0
        yield Wanted(page, address.split(" ")[0], rest.split(" ")[0], form)


def send_form(person: driver.Visitor, which: int) -> bool:
    """Send one of the page's own forms as it is, proving again who it is where asked; False where there is none."""
    if person.page.locator("main form[method=post]").count() == 0:
        return False
    with person.page.expect_navigation():
        person.page.evaluate(
            f"[...document.querySelectorAll('main form[method=post]')].at({which}).submit()"
        )
    if "/reauthenticate/" in person.page.url:
        person.fill({"#id_password": demo.PASSWORD})
        with person.page.expect_navigation():
            person.page.locator("main form button").first.click()
    return True


class Walk:
    """Opens the pages of one state in one window that changes its person: each window is a process that begins cold."""

    def __init__(self, chromium: Browser, server: LiveServer, axe: Axe, state: State) -> None:
        self.axe, self.state = axe, state
        self.window = driver.Visitor(chromium, server, language=state.language)
        self.seen = Seen()

    def run(self) -> Seen:
        for page in wanted(self.state.column):
            self.open(page)
        self.window.close()
        return self.seen

    def open(self, wanted: Wanted) -> None:
        where = f"{wanted.page}: {wanted.path}"
        self.window.become(wanted.person)
        self.window.resize(self.state.widths[0])
        status = self.window.go(wanted.path).status
        if wanted.form is not None and not send_form(self.window, wanted.form):
            self.seen.unanswered.append(f"{where} has no form to send")
        due = 404 if wanted.page == "not found" else 200
        if status >= 500 or (self.state.column == FILLED and status != due):
            self.seen.unanswered.append(f"{where} answers {status}")
        if status < 500:
            self.look(where)

    def look(self, where: str) -> None:
        self.seen.opened += 1
        for width in self.state.widths:
            self.window.resize(width)
            over, faults = self.axe.look_at(self.window.page)
            if over > 0:
                self.seen.sideways.append(f"{where} runs {over}px sideways at {width}")
            self.seen.axe += [f"{where} ({width}) {fault}" for fault in faults]


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


@pytest.fixture(scope="module", params=STATES, ids=lambda state: state.name)
def seen(
    request: pytest.FixtureRequest,
    chromium: Browser,
    served: LiveServer,
    axe: Axe,
    django_db_blocker: DjangoDbBlocker,
) -> Seen:
    """What the pages of a state gave: each opened once."""
    state: State = request.param
    with django_db_blocker.unblock():
        databases.back_to("served")
        if state.name == "longest":
            specimens.named()  # found while their names are short
            specimens.lengthen()
        found = Walk(chromium, served, axe, state).run()
        connections.close_all()  # playwright's loop gives this thread connections of its own
    assert found.opened == sum(row[state.column] != "-" for row in PAGES.values())
    return found


@pytest.mark.parametrize(("width", "language"), [(1280, "ja"), (320, "en")])
def test_a_citizen_finds_what_reached_kiyota_in_three_clicks_without_javascript(
    visit: Visit, width: int, language: str
) -> None:
    """Menu, ward, programme: the sum, the firms that are public, and what came of it."""
    citizen = visit(javascript=False, width=width, language=language)
    citizen.go("/")
    menu = citizen.page.locator(".site-footer" if width == 320 else "#site-nav")
    menu.get_by_role("link", name=citizen.say("成果と統計")).click()
    citizen.page.locator("svg.tilemap a[href*='area=011100']").click()
    ward = citizen.page.locator("h1").inner_text()
    programme = citizen.page.locator("table.bars a[href*='programme=']").first
    if programme.count():
        programme.click()
        citizen.page.wait_for_url("**programme=**")  # and until it is there whole
    assert "area=011100" in citizen.page.url
    assert {"ja": "清田区", "en": "Kiyota"}[language] in ward
    assert citizen.sees("そのあと、事業者はどうなったか")
    assert citizen.sees("この数値の確かさ")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_menu_of_every_role_fits_its_window(visit: Visit, language: str) -> None:
    office, wider = visit(language=language), []
    for name in ("kitagawa", "sasaki", "ishii", "ueda", "nomura", "kudo", "abe", "kansa", "kanri"):
        office.become(name)
        office.go("/sign-ins/")
        for width in (1280, 1024, 800):
            office.resize(width)
            needed = office.page.evaluate("document.documentElement.scrollWidth")
            wider += [(name, width, needed)] if needed > width else []
    assert wider == []


def test_no_word_in_a_list_of_the_office_stands_letter_under_letter(visit: Visit) -> None:
    office, broken = visit(language="en"), []
    office.become("kansa")
    for path in ("/staff/budget/", "/cases/", "/payments/execution/", "/staff/challenges/"):
        office.go(path)
        for width in (1280, 1000):
            office.resize(width)
            broken += [(path, width, word) for word in office.page.evaluate(BROKEN_WORDS)]
    assert broken == []


def test_each_page_answers_and_each_form_is_there(seen: Seen) -> None:
    assert not seen.unanswered, "\n".join(seen.unanswered)


def test_axe_finds_nothing(seen: Seen) -> None:
    assert not seen.axe, "\n".join(seen.axe)


def test_nothing_runs_sideways(seen: Seen) -> None:
    assert not seen.sideways, "\n".join(seen.sideways)


def test_the_table_of_pages_names_every_address_of_ours() -> None:
    ours = {
        entry.name
        for _route, entry in routes()
        if entry.callback.__module__.split(".")[0] in FLOORS
    }
    assert ours <= {name.split(" ")[0] for name in PAGES} | NO_PAGE
