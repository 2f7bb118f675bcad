"""An officer writes a programme on screen, with no script and none needed."""

from django.core.management import call_command
from django.urls import reverse

from grants.programmes.models import Programme, Sketch
from tests.conftest import World
from tests.journeys import browser as driver
from tests.journeys.browser import Visit, Visitor

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


def test_a_new_programme_asks_three_questions_one_by_condition_and_scores_by_a_rubric(
    visit: Visit,
) -> None:
    base = Programme.objects.get(code="telework", state="approved")
    officer = visit("kitagawa", javascript=False)
    page = officer.page
    officer.go(reverse("programme_new", args=[base.pk]))
    officer.fill({"#id_ja": "ロボット導入補助金", "#id_en": "Robot subsidy"})
    officer.fill({"#id_code": "robot", "#id_letters": "RB"})
    officer.press("下書きを作る")
    for _question in ("purpose", "plan"):
        page.get_by_role("link", name="質問", exact=True).first.click()
        page.locator("#questions-0 a").click()
        officer.press("質問 1を消す")
        page.get_by_role("link", name="全体を見る").click()
    page.get_by_role("link", name="質問", exact=True).first.click()
    _add(officer, "質問を加える", {"label": ("進め方", "How")}, key="way", kind="choice")
    page.get_by_role("link", name="進め方").click()  # what is missing leads there
    _both(officer, {"choices-0": ("雇う", "Hire"), "choices-1": ("頼む", "Order")})
    officer.press("保存する")
    _add(officer, "質問を加える", {"label": ("雇う人", "Whom")}, key="whom", kind="line")
    page.get_by_role("link", name="雇う人").click()
    page.locator("[name=only_when-question]").select_option("way")
    officer.press("保存する")
    page.get_by_role("link", name="雇う人").click()
    page.locator("[name=only_when-value]").select_option("雇う")
    officer.press("保存する")
    page.get_by_role("link", name="全体を見る").click()
    page.get_by_role("link", name="審査と選び方").click()
    page.locator("[name=selection]").select_option("competitive")
    page.locator("[name=pass_mark]").fill("60")
    officer.press("保存する")
    texts = {"name": ("効果", "Effect"), "text": ("働き方が変わるか", "Does work change?")}
    _add(officer, "項目を加える", texts)
    page.get_by_role("link", name="全体を見る").click()
    page.get_by_role("link", name="申請の画面で試す").click()
    officer.fill({"[name=title]": "ロボット", "[name=q_people]": "3"})
    page.locator("[name=q_way]").select_option("雇う")
    officer.press("試す")
    assert officer.sees("この答えが要ります。")
    page.locator("[name=q_way]").select_option("頼む")
    officer.press("試す")
    assert officer.sees("断られるところはありません")
    page.get_by_role("link", name="全体を見る").click()
    page.get_by_role("link", name="版として提案する").click()
    officer.press("版として提案する")
    made = Programme.objects.get(code="robot").stated
    assert [question.key for question in made.asked] == ["people", "way", "whom"]
    assert made.asked[2].only_when is not None
    assert (made.selection, made.criteria[0].name.ja) == ("competitive", "効果")


def _add(officer: Visitor, name: str, texts: dict[str, tuple[str, str]], **plain: str) -> None:
    """A row of the list, on a page of its own: behind a press that keeps what stands on the page, if there is a form."""
    saves = officer.page.get_by_role("button", name=name, exact=True).count()
    (officer.press if saves else officer.follow)(name)
    _both(officer, texts)
    for field, value in plain.items():
        control = officer.page.locator(f"[name={field}]")
        control.select_option(value) if field == "kind" else control.fill(value)
    officer.press("保存する")


def _both(officer: Visitor, texts: dict[str, tuple[str, str]]) -> None:
    for field, (ja, en) in texts.items():
        officer.fill({f"[name={field}-ja]": ja, f"[name={field}-en]": en})
