"""Journeys of applicant and office in a real browser, with JavaScript and without, in both languages."""

import hashlib
import random
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from grants.applications.models import Application
from grants.reviews.models import Review
from portal.accounts import demo
from portal.cases.models import Case
from portal.documents import store
from portal.types import Given
from tests.conftest import World
from tests.grants import test_reviews as reviews
from tests.journeys import browser as driver
from tests.journeys.browser import Visit
from tools.demonstration import simulation
from tools.demonstration.people import address

pytestmark = driver.needs_browser("journeys")


def people_the_world() -> None:
    """An open call with a draft to it, a panel whose reviews wait, and a sign-in for each of the people."""
    world = World()
    world.draft(complete=False)
    reviews.convened(world, 1)
    call_command("make_demo_people")


def apply(firm: driver.Visitor, sample: Path, title: str) -> str:
    """From the public list to the receipt, as the representative; returns the case number."""
    firm.go("/programmes/?q=テレワーク&open=on")
    firm.page.locator(".call__name a").first.click()
    firm.press("申請する")
    number = firm.page.url.rstrip("/").rsplit("/", 2)[-2]
    assert firm.page.url.endswith("/officers/")  # the firm and who asks for it are known
    firm.fill(
        {
            "#id_p-0-name": "三上 健一",
            "#id_p-0-kana": "みかみ けんいち",
            "#id_p-0-address": "札幌市",
        }
    )
    for part, value in zip("ymd", ("1970", "4", "1"), strict=True):
        firm.page.locator(f"[name=p-0-born_on_{part}]").fill(value)
    firm.page.locator("[name=p-0-sex]").select_option("X")
    firm.press("保存して次へ")
    for name, value in (("tax_paid", "yes"), ("no_antisocial", "yes"), ("received_before", "no")):
        firm.page.locator(f"input[name={name}][value={value}]").check()
    firm.press("保存して次へ")
    firm.fill(
        {
            "#id_title": title,
            "#id_q_purpose": "通勤の負担を減らす",
            "#id_q_plan": "端末と勤怠の仕組みを入れる",
            "#id_q_people": "３",
        }
    )
    firm.press("保存して次へ")
    day = Application.objects.get(case__number=number).call.project_ends_on
    firm.page.locator("input[name=frame][value=standard]").check()
    firm.fill({"#id_item-0-what": "ノートパソコン 3台", "#id_item-0-amount": "４２０，０００"})
    for part, number_of in zip("ymd", (day.year, day.month, day.day), strict=True):
        firm.page.locator(f"[name=item-0-order_on_{part}]").fill(str(number_of))
    firm.press("保存して次へ")
    firm.go(f"/apply/{number}/costs/")
    assert "280,000" in firm.text()
    firm.go(f"/apply/{number}/documents/")
    firm.attach(str(sample), "quote")
    for name in ("tax_lookup", "registry_lookup"):
        firm.page.locator(f"input[name={name}][value=yes]").check()
    firm.press("保存して次へ")
    assert firm.page.url.endswith("/review/")
    for name in ("truth", "rules", "antisocial"):
        firm.page.locator(f"[name={name}]").check()
    firm.press("申請する")
    assert firm.sees("受付番号")
    return Application.objects.get(case__draft_number=number).case.number


def clear(officer: driver.Visitor, number: str) -> None:
    """The officer notes two of the checks, then the others, and accepts."""
    officer.go(f"/cases/{number}/")
    for field in officer.page.locator("[name^=evidence-]").all():
        field.fill("")
    for kind in ("tax", "repeat"):
        officer.page.locator(f"[name=evidence-{kind}]").fill("照会の回答")
        officer.page.locator(f"[name=result-{kind}]").select_option("clear")
    officer.press("記録する")
    for field in officer.page.locator("[name^=evidence-]").all():
        field.fill("照会の回答")
    for field in officer.page.locator("[name^=result-]").all():
        field.select_option("clear")
    officer.page.locator("[name=result-antisocial]").select_option("not_needed")
    officer.press("記録して受理する")


@pytest.mark.parametrize(
    ("javascript", "language"),
    [(True, "ja"), (False, "ja"), (True, "en")],
    ids=["script", "no-script", "english"],
)
def test_from_the_first_visit_to_the_award(
    visit: Visit, sample: Path, javascript: bool, language: str
) -> None:
    name = f"journey-{language}{int(javascript)}"
    way: Given = {"javascript": javascript, "language": language}
    world = simulation.World(
        random.Random(1),  # noqa: S311  no secret
        {},
        serial=900 + int(javascript) + 2 * (language == "en"),
    )
    _firm, person = simulation.organisation(world)
    person.email = address(name)
    person.save()
    firm = visit(name, **way)
    number = apply(firm, sample, "在宅勤務の導入")
    officer = visit("officer", **way)
    officer.go(f"/cases/{number}/")
    officer.page.locator("details.mark summary").first.click()
    officer.fill({"#cite-1": "要綱 第3条", "#text-1": "登記のとおりの名称にしてください。"})
    with officer.page.expect_navigation():
        officer.page.locator("details.mark form button").first.click()
    officer.go(f"/cases/{number}/")
    officer.follow("補正を依頼する")
    officer.press("補正を依頼する")
    firm.go(f"/cases/{number}/")
    assert "登記のとおりの名称にしてください。" in firm.text()
    firm.follow("直して提出する")
    firm.page.locator(".defect details summary").first.click()
    firm.fill({"#answer-1": "登記のとおりの名称です。"})
    firm.press("答えを保存する")
    firm.go(f"/apply/{number}/review/")
    for field in ("truth", "rules", "antisocial"):
        firm.page.locator(f"[name={field}]").check()
    firm.press("申請する")
    officer.go(f"/cases/{number}/")
    with officer.page.expect_navigation():
        officer.page.locator(f"button:has-text('{officer.say('直ったことにする')}')").click()
    clear(officer, number)
    officer.go(f"/approvals/new/?act=award&case={number}")
    officer.choose("#id_decider", "佐々木 薫")
    officer.press("起案して回議に回す")
    approval = officer.page.url.rstrip("/").rsplit("/", 1)[-1]
    director = visit("director", **way)
    director.go(f"/approvals/{approval}/")
    director.follow("決裁する")
    director.press("決裁する")
    director.fill(
        {"#id_password": demo.PASSWORD}
    )  # a decision asks once more who it is, then goes on by itself
    with director.page.expect_navigation():
        director.page.locator("main form button").first.click()
    assert director.sees("決裁済み")
    firm.go(f"/cases/{number}/")
    assert firm.sees("交付が決まりました。事業を行い、終わったら実績を報告してください。")
    assert "280,000" in firm.text()
    with firm.page.expect_download() as download:
        firm.page.locator(f"a:has-text('{firm.say('補助金交付決定通知書')}')").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def a_draft(name: str) -> Case:
    """The draft of the world, whose writer signs in by this name."""
    case = Case.objects.filter(state="draft", kind="application").first()
    assert case is not None
    person = case.organisation.memberships.order_by("pk")[0].user
    person.email = address(name)
    person.save()
    return case


def test_what_is_typed_is_saved_by_itself_and_a_second_tab_is_told(visit: Visit) -> None:
    case, one, two = a_draft("typist"), visit("typist"), visit("typist")
    for tab in (one, two):
        tab.go(f"/apply/{case.number}/contact/")
    one.page.locator("#id_department").fill("総務部")
    one.page.locator("#id_department").press("Tab")
    one.page.wait_for_selector("text=（自動）")
    two.page.locator("#id_department").fill("経理部")
    two.page.locator("#id_department").press("Tab")
    two.page.wait_for_selector("text=ほかの画面で先に保存され")
    two.press("保存して次へ")
    assert "経理部" in two.text()
    assert two.page.locator("#id_department").input_value() == "総務部"


def test_a_refused_page_is_loaded_again_without_sending_it_again(visit: Visit) -> None:
    """An answer that saved itself after the refusal stands; nobody else is said to have been there."""
    case, firm = a_draft("writer"), visit("writer")
    firm.go(f"/apply/{case.number}/plan/")
    firm.fill({"#id_title": "", "#id_q_plan": "端末と勤怠の仕組みを入れる"})
    firm.press("保存して次へ")
    assert firm.page.locator("#id_title[aria-invalid=true]").count() == 1
    with firm.page.expect_response(lambda sent: "/autosave/" in sent.url):
        firm.fill({"#id_title": "テレワークの環境を整える"})
        firm.page.locator("#id_title").blur()
    firm.page.reload()
    assert not firm.sees("ほかの画面で先に保存されました。違うところを確かめてください。")
    assert firm.page.locator("#id_title").input_value() == "テレワークの環境を整える"


def test_a_file_goes_straight_to_the_storage_from_a_real_browser(
    visit: Visit, sample: Path, s3: ThreadedMotoServer, settings: Settings
) -> None:
    origin = settings.S3_DIRECT_ORIGIN
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": policy | {"connect-src": [*policy["connect-src"], origin]}
    }
    case = Case.objects.filter(state="draft", kind="application").first()
    assert case is not None
    person = case.organisation.memberships.order_by("pk")[0].user
    person.email = "sender@demo.example"
    person.save()
    sender = visit("sender")
    sender.go(f"/apply/{case.number}/documents/")
    sent: list[str] = []
    sender.page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    sender.attach(str(sample), "other")
    assert [line for line in sent if line.startswith(f"POST {origin}")] == [
        f"POST {origin}/documents"
    ]
    document = case.documents.get(key="other", name="見積書.pdf")
    assert document.file.sha256 == hashlib.sha256(sample.read_bytes()).hexdigest()
    store.remove(document, by=person)


def test_a_passkey_is_made_and_opens_the_door(visit: Visit) -> None:
    """Chromium's own authenticator: registered as a second factor, then signed in with, without a password."""
    officer = visit("approver")
    link = officer.context.new_cdp_session(officer.page)
    link.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    link.send("WebAuthn.addVirtualAuthenticator", {"options": options | able})
    officer.go("/accounts/2fa/webauthn/add/")
    officer.fill({"#id_password": demo.PASSWORD})
    with officer.page.expect_navigation():
        officer.page.locator("main form button").first.click()
    officer.fill({"#id_name": "執務室の端末"})
    officer.page.locator("#id_passwordless").check()
    with officer.page.expect_navigation():
        officer.page.locator("#mfa_webauthn_add").click()
    assert (
        Authenticator.objects.filter(user__email=address("approver"), type="webauthn").count() == 1
    )
    officer.context.clear_cookies()
    officer.go("/accounts/login/?next=/inbox/")
    with officer.page.expect_navigation():
        officer.page.locator("#passkey_login").click()
    officer.page.wait_for_url("**/inbox/")
    assert "わたしの番" in officer.text()


def test_the_page_of_the_demonstration_lets_one_in_as_anyone(visit: Visit) -> None:
    """The other journeys begin with the session that this button gives."""
    person = visit()
    person.go("/demo/")
    with person.page.expect_navigation():
        person.page.locator(f"tr:has-text('{address('officer')}') button").click()
    person.page.wait_for_url("**/inbox/")
    assert "わたしの番" in person.text()


def test_a_keyboard_reaches_the_content_first(visit: Visit) -> None:
    person = visit()
    person.go("/")
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.activeElement.className") == "skip"
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.id") == "main"


def test_a_reviewer_declares_and_scores(visit: Visit) -> None:
    review = Review.objects.filter(state="assigned").first()
    assert review is not None
    reviewer = visit(review.reviewer.email.split("@")[0])
    reviewer.go(f"/reviews/{review.pk}/")
    reviewer.follow("利益相反はない")
    reviewer.press("利益相反はない")
    for fieldset in reviewer.page.locator(".score-form fieldset").all():
        fieldset.locator("input[type=radio]").last.check()
    for box in reviewer.page.locator(".score-form textarea").all():
        box.fill("根拠が数字で示されている")
    with reviewer.page.expect_response(lambda sent: "/autosave/" in sent.url):
        reviewer.page.locator(".score-form textarea").last.press("End")
        reviewer.page.locator(".score-form textarea").last.type("。")
    reviewer.page.get_by_text("最終保存").first.wait_for()  # said after the answer came
    reviewer.press("見直しに進む")
    assert "根拠が数字で示されている" in reviewer.text()
    assert Review.objects.get(pk=review.pk).state == "declared"  # nothing yet
    reviewer.press("この採点を提出する")
    assert Review.objects.get(pk=review.pk).total == 100
