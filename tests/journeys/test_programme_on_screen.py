"""An officer writes a programme on screen, with no script and none needed."""

from django.core.management import call_command

from grants.programmes.models import Programme, Sketch
from tests.conftest import World
from tests.journeys import browser as driver
from tests.journeys.browser import Visit

pytestmark = driver.needs_browser("journeys")


def people_the_world() -> None:
    World()
    call_command("make_demo_people")


def test_a_short_part_is_written_and_proposed(visit: Visit) -> None:
    base = Programme.objects.get(code="telework", state="approved")
    officer = visit("kitagawa", javascript=False)
    page = officer.page
    officer.go(base.get_absolute_url())
    officer.press("画面で書く")
    page.get_by_role("link", name="よくある質問").click()
    count = page.locator("#faq + ul > li, section:has(#faq) ul > li").count()
    page.get_by_role("link", name="質問と答えを加える").click()
    page.locator("#id_q-ja").fill("中古でもよいですか")
    officer.press("保存する")
    # kept, and what is missing leads to its row, and there to its field
    page.locator(".error-summary a").first.click()
    assert page.url.endswith(f"#faq-{count}")
    page.get_by_role("link", name="中古でもよいですか").click()
    page.locator(".error-summary a").first.click()
    assert page.url.endswith("#id_q-en")
    page.locator("#id_q-en").fill("May it be second-hand?")
    page.locator("#id_a-ja").fill("はい。")
    page.locator("#id_a-en").fill("Yes.")
    officer.press("保存する")
    assert page.locator(".error-summary").count() == 0
    # the hidden half of the name is a box of its own, hence the gap
    officer.press(f"上へ ：質問と答え {count + 1}")
    assert officer.sees("順番を変えました。")
    page.get_by_role("link", name="全体を見る").click()
    page.get_by_role("link", name="版として提案する").click()
    officer.press("版として提案する")
    made = Programme.objects.get(code="telework", revision=2)
    asked = [entry.q.ja for entry in made.stated.faq]
    assert asked[-2] == "中古でもよいですか"
    assert len(asked) == len(base.stated.faq) + 1
    assert Sketch.objects.get().made == made
