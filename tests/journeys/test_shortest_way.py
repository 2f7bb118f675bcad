"""How many pages lie between the first page and the receipt, as a person walks them on a phone."""

import random
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from playwright.sync_api import Response

from portal.accounts import demo
from portal.accounts.models import Organisation
from tests.conftest import World
from tests.journeys import browser as driver
from tests.journeys.browser import Visit
from tools.demonstration import simulation
from tools.demonstration.people import address
from tools.demonstration.simulation import firms

pytestmark = driver.needs_browser("journeys")

PHONE = 390
PASSWORD = "kitanosora-ringo-7731"


def people_the_world() -> None:
    """An open call."""
    World()
    call_command("make_demo_people")


class Walk:
    """The pages that a person was shown; one that comes back under its own address is the same page."""

    def __init__(self, person: driver.Visitor) -> None:
        self.person, self.seen = person, list[str]()
        person.page.on("response", self._note)

    def _note(self, answer: Response) -> None:
        is_page = answer.request.is_navigation_request() and answer.status not in range(300, 400)
        path = urlsplit(answer.url).path
        if is_page and self.seen[-1:] != [path]:
            self.seen.append(path)

    def choose(self, **answers: str) -> None:
        for name, value in answers.items():
            self.person.page.locator(f"input[name={name}][value={value}]").check()

    def day(self, name: str, year: int, month: int, day: int) -> None:
        for part, number in zip("ymd", (year, month, day), strict=True):
            self.person.page.locator(f"[name={name}_{part}]").fill(str(number))

    def send_code(self) -> None:
        """The demonstration shows the code of the mail beside where it is typed."""
        code = self.person.page.locator(".callout strong.num").inner_text()
        self.person.fill({"[name=code]": code})


def sign_in(walk: Walk, name: str) -> None:
    walk.person.fill({"#id_login": address(name), "#id_password": demo.PASSWORD})
    with walk.person.page.expect_navigation():
        walk.person.page.locator("main form button[type=submit]").first.click()


def sign_up(walk: Walk, name: str) -> Organisation:
    """A shop without a number that the portal has never seen; at the counter it is shown to be itself."""
    person = walk.person
    person.fill(
        {
            "#id_name": "大通 花",
            "#id_email": address(name),
            "#id_password1": PASSWORD,
        }
    )
    person.press("登録して進む")
    person.page.wait_for_url("**/accounts/confirm-email/")
    walk.send_code()
    person.press("確かめて進む")
    person.page.locator("[name=sole]").check()
    person.press("次へ")
    person.fill(
        {
            "#id_name": "大通コーヒー",
            "#id_address": "札幌市中央区大通西1丁目",
            "#id_employees": "3",
            "#id_representative_name": "大通 花",
            "#id_phone": "011-000-0002",
        }
    )
    person.page.locator("[name=area]").select_option(label="札幌市中央区")
    person.page.locator("[name=industry]").select_option("76")
    person.page.locator("[name=tax_basis]").select_option("exempt")
    person.press("登録する")
    person.follow("先に下書きを始める")
    firm = Organisation.objects.get(name="大通コーヒー")
    firms.prove(firm, firm.memberships.get().user, 2)  # at the counter
    return firm


def second_proof(walk: Walk) -> None:
    """A code of a mail beside the password of the sign-in; whoever just signed up has shown both."""
    walk.person.press("確認コードをメールで送る")
    walk.send_code()
    walk.person.press("確かめて続ける")


@pytest.mark.parametrize(("is_new", "pages"), [(False, 12), (True, 14)], ids=["proved", "new"])
def test_from_the_first_page_to_the_receipt(
    visit: Visit, sample: Path, *, is_new: bool, pages: int
) -> None:
    name = f"walker{int(is_new)}"
    if not is_new:
        world = simulation.World(random.Random(1), {}, serial=950)  # noqa: S311  no secret
        _firm, known = simulation.organisation(world)
        known.email = address(name)
        known.set_password(demo.PASSWORD)
        known.save()
        EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    person = visit(width=PHONE)
    walk = Walk(person)
    person.go("/")
    person.fill({"main [name=q]": "テレワーク"})
    person.page.locator("main [name=q]").first.press("Enter")
    person.page.wait_for_url("**/programmes/?*")
    person.page.locator(".call__name a").first.click()
    person.press("申請する")
    (sign_up if is_new else sign_in)(walk, name)
    person.fill(
        {"#id_p-0-name": "大通 花", "#id_p-0-kana": "オオドオリ ハナ", "#id_p-0-address": "札幌市"}
    )
    walk.day("p-0-born_on", 1970, 4, 1)
    person.page.locator("[name=p-0-sex]").select_option("X")
    person.press("保存して次へ")
    walk.choose(tax_paid="yes", no_antisocial="yes", received_before="no")
    person.press("保存して次へ")
    person.fill(
        {
            "#id_title": "在宅勤務の導入",
            "#id_q_purpose": "通勤の負担を減らす",
            "#id_q_plan": "端末と勤怠の仕組みを入れる",
            "#id_q_people": "３",
        }
    )
    person.press("保存して次へ")
    walk.choose(frame="standard")
    person.fill({"#id_item-0-what": "ノートパソコン", "#id_item-0-amount": "420,000"})
    ends = World().calls["telework"].project_ends_on
    walk.day("item-0-order_on", ends.year, ends.month, ends.day)
    person.press("保存して次へ")
    person.attach(str(sample), "quote")
    walk.choose(tax_lookup="yes", **({} if is_new else {"registry_lookup": "yes"}))
    person.press("保存して次へ")
    for pledge in ("truth", "rules", "antisocial"):
        person.page.locator(f"[name={pledge}]").check()
    person.press("申請する")
    if not is_new:
        second_proof(walk)
    assert person.sees("受付番号")
    assert len(walk.seen) == pages, walk.seen
