"""The second half by role in a real browser, in both languages: from the award to the last yen, and back."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from grants.awards.models import Award
from grants.payments import jobs
from grants.payments.models import PaymentBatch, ResultImport
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts import demo
from portal.accounts.models import User
from portal.types import Given
from portal.workflow.door import perform
from tests.conftest import World
from tests.grants import test_completion as completion
from tests.grants import test_payments as payments
from tests.journeys import browser as driver
from tests.journeys.browser import Visit
from tools.demonstration.people import address

pytestmark = driver.needs_browser("journeys")
WORLD: dict[str, World] = {}


def people_the_world() -> None:
    """One call of the telework programme; each journey brings a case of its own to where it begins."""
    WORLD["here"] = World()
    call_command("make_demo_people")


@pytest.fixture
def world(visit: Visit) -> World:
    return WORLD["here"]


def known(person: User, name: str) -> str:
    """Give the applicant an address that the demonstration's sign-in lists."""
    person.email = address(name)
    person.save()
    return name


def day_into(person: driver.Visitor, name: str, day: date) -> None:
    for part, value in zip("ymd", (day.year, day.month, day.day), strict=True):
        person.page.locator(f"[name={name}_{part}]").fill(str(value))


def prove(person: driver.Visitor) -> None:
    """Say once more who it is, where asked; what was sent goes on by itself."""
    if "/reauthenticate/" in person.page.url:
        person.fill({"#id_password": demo.PASSWORD})
        with person.page.expect_navigation():
            person.page.locator("main form button").first.click()


def do(person: driver.Visitor, path: str, name: str, **typed: str) -> None:
    """Follow a button of a page to its own page, fill what it asks, and press it."""
    person.go(path)
    person.follow(name)
    prove(person)
    person.fill({f"[name={field}]": text for field, text in typed.items()})
    person.press(name)
    prove(person)


def decide(
    officer: driver.Visitor, director: driver.Visitor, act: str, number: str, **typed: str
) -> None:
    """Drafted by one, decided by the other."""
    officer.go(f"/approvals/new/?act={act}&case={number}")
    officer.choose("#id_decider", "佐々木 薫")
    for field, text in typed.items():
        one = f"[value='{text}']" if field in ("broken", "how") else ""
        box = officer.page.locator(f"[name='{number}-{field}']{one}")
        if one or text == "on":
            box.check()
        else:
            box.fill(text)
    officer.press("起案して回議に回す")
    do(director, officer.page.url.removeprefix(officer.base), "決裁する")
    assert director.sees("決裁済み")


def bank_says(
    world: World, accounting: driver.Visitor, second: driver.Visitor, path: Path, code: str
) -> None:
    """A batch made by finance; its orders looked at and sent by accounting, which takes in the bank's
    answer and closes it.
    """
    second.go("/payments/")
    total = second.page.locator("output[data-total]")
    assert total.inner_text().startswith("0")  # nothing is ticked beforehand
    second.page.get_by_role("button", name=second.say("送れるものをすべて選ぶ")).click()
    assert total.inner_text().startswith("1")  # added up while one ticks
    second.press("選んだ支払いで振込データを作る")
    where = second.page.url.removeprefix(second.base)
    do(second, where, "締め切って会計へ回す")
    accounting.go(f"{where}check/")
    accounting.page.get_by_role("button", name=accounting.say("すべて選ぶ")).click()
    for name in ("lawful", "debt_fixed", "complete"):
        accounting.page.locator(f"#id_{name}").check()
    accounting.press("審査済みにする")
    do(accounting, where, "銀行へ送るファイルを作る")
    batch = PaymentBatch.objects.get(pk=int(where.rstrip("/").rsplit("/", 1)[-1]))
    PaymentBatch.objects.filter(pk=batch.pk).update(
        pay_on=clock.today()
    )  # the day of transfer has come
    path.write_text(
        payments.answer(batch, code, "口座名義相違" if code != "0" else ""), encoding="utf-8"
    )
    accounting.go(where)
    accounting.page.locator("input[type=file]").set_input_files(str(path))
    accounting.press("取り込む")
    running = ResultImport.objects.latest("pk")
    jobs.import_result(running.pk)  # the worker's part
    do(accounting, where, "照合を終える")
    assert accounting.sees("結果を取込済み")


def declare(firm: driver.Visitor, organisation: int, number: str) -> None:
    firm.go(f"/organisations/{organisation}/account/")
    prove(firm)
    firm.page.locator("input[name=kind][value='1']").check()
    firm.fill(
        {
            "#id_bank_code": "0116",
            "#id_branch_code": "101",
            "#id_number": number,
            "#id_holder": "株式会社見本",
            "#id_holder_kana": "カブシキガイシャ　ミホン",
            "#id_explanation": "登録の名称を直しているところです。",
        }
    )
    firm.press("口座を届け出る")
    prove(firm)
    assert firm.sees("届出済み") or number[-3:] in firm.text()


def confirm_account(finance: driver.Visitor, path: str) -> None:
    """Of each thing that is open it is said why."""
    finance.go(path)
    finance.follow("口座を確認済みにする")
    prove(finance)
    for box in finance.page.locator("[name^='why_']").all():
        box.fill("原本を見た")
    finance.press("口座を確認済みにする")
    prove(finance)


@pytest.fixture(params=["ja", "en"])
def cast(request: pytest.FixtureRequest, visit: Visit, world: World) -> Given:
    """The office's people, in one language."""
    names = {
        "officer": "officer",
        "director": "director",
        "inspector": "inspector",
        "finance": "accountant",
        "second": "treasurer",
        "accounting": "accounting_officer",
    }
    return {role: visit(name, language=request.param) for role, name in names.items()} | {
        "language": request.param
    }


def test_a_case_is_changed_reported_corrected_fixed_claimed_bounced_reissued_and_followed_up(
    visit: Visit, world: World, cast: Given, sample: Path, tmp_path: Path
) -> None:
    award, person = completion.awarded(world)
    number, home, firm_id = (
        award.case.number,
        f"/cases/{award.case.number}/",
        award.case.organisation_id,
    )
    firm = visit(known(person, f"payee-{cast['language']}"), language=cast["language"])
    # changed: a fifth less of one item is only notified
    firm.go(f"{home}change/")
    firm.page.locator("input[name=kind][value=costs]").check()
    firm.fill({"#id_reason": "値引きを受けたため", "[name=item-0-amount]": "４００，０００"})
    firm.press("変更を申請する")
    assert firm.sees("届出（承認不要）") or "400,000" in firm.text()
    # reported
    firm.go(home)
    firm.press("実績報告を始める")
    day_into(firm, "finished_on", award.awarded_on)
    firm.fill(
        {
            "#id_result": "通勤の時間が減った。",
            "[name=item-0-vendor]": "有限会社架空事務機",
            "[name=item-0-payee]": "有限会社架空事務機",
            "[name=item-0-amount]": "400,000",
            "[name=item-0-amount_with_tax]": "440,000",
        }
    )
    firm.page.locator("[name=item-0-own_account][value=yes]").check()
    for name in ("quoted_on", "ordered_on", "delivered_on", "invoiced_on", "paid_on"):
        day_into(firm, f"item-0-{name}", award.awarded_on)
    firm.press("保存する")
    firm.go(f"{home}report/documents/")
    firm.attach(str(sample), "evidence_1")
    firm.go(f"{home}report/review/")
    firm.press("実績報告を提出する")
    # corrected in one pass
    do(cast["inspector"], home, "実績報告の補正を求める", reason="支払いの記録に日付がありません。")
    firm.go(home)
    assert "支払いの記録に日付がありません。" in firm.text()
    firm.go(f"{home}report/review/")
    firm.press("実績報告を提出する")
    # inspected, and fixed with a cut
    officer, inspector, finance, second = (
        cast[role] for role in ("officer", "inspector", "finance", "second")
    )
    officer.go(f"{home}report/cuts/1/")
    officer.fill(
        {"#id_amount": "30,000", "#id_cite": "要綱 第4条", "#id_reason": "送料は対象外です"}
    )
    officer.press("対象外にする")
    inspector.go(home)
    inspector.follow("検査する")
    day_into(inspector, "inspected_on", clock.today())
    inspector.page.locator("input[name=inspection_kind][value=paper]").check()
    inspector.fill({"#id_inspection_note": "現物と帳簿を確かめた。"})
    inspector.press("検査を終える")
    decide(officer, cast["director"], "fix", number)
    fixed = Award.objects.get(pk=award.pk)
    assert (fixed.state, fixed.fixed_amount) == ("amount_fixed", 246_000)
    # claimed
    declare(firm, firm_id, "1234567")
    firm.go(f"{home}claims/new/")
    assert "246,000" in firm.text()
    firm.press("請求する")
    confirm_account(finance, home)
    do(finance, home, "請求を確認済みにする")
    second.go(home)
    second.follow("支出命令を出す")
    second.press("支出命令を出す")
    # bounced, and reissued to another account
    bank_says(world, cast["accounting"], second, tmp_path / "result1.csv", "8")
    firm.go(home)
    assert firm.sees("振込ができませんでした。口座を確かめて、直してください。")
    do(finance, home, "振込不能を確認する", reason="銀行の結果のファイルを見た")
    declare(firm, firm_id, "7654321")
    confirm_account(finance, home)
    second.go(home)
    second.follow("もう一度支出命令を出す")
    second.press("もう一度支出命令を出す")
    bank_says(world, cast["accounting"], second, tmp_path / "result2.csv", "0")
    assert Award.objects.get(pk=award.pk).state == "closed"
    # followed up
    firm.go(home)
    assert firm.sees(
        "補助金を振り込みました。あとは、使い続けていることと効果を、期日ごとにお知らせください。"
    )
    firm.page.locator("form[action$='/filings/start/use/6/'] button").click()
    firm.page.wait_for_url("**/filings/*/")
    firm.page.locator("input[name=in_use][value=yes]").check()
    firm.fill({"#id_people": "３", "#id_how": "毎日の在宅勤務に使っている。"})
    firm.press("保存して書類へ進む")
    firm.attach(str(sample))
    firm.press("提出する")
    filing = award.filings.get()
    do(officer, f"{home}filings/{filing.pk}/", "受理する")
    assert award.filings.get().state == "accepted"


def test_an_advance_is_paid_and_its_surplus_comes_back(
    visit: Visit, world: World, cast: Given, tmp_path: Path
) -> None:
    award, person = completion.awarded(world)
    award.parameters["payment"] = ["settlement", "advance"]
    award.save()
    payments.account(world, person, number=f"22{award.pk:05}")
    home, number = f"/cases/{award.case.number}/", award.case.number
    firm = visit(known(person, f"advanced-{cast['language']}"), language=cast["language"])
    firm.go(home)
    firm.follow("概算払を請求する")
    firm.fill({"#id_amount": "２００，０００", "#id_reason": "資金繰りのため"})
    firm.press("請求する")
    do(cast["finance"], home, "請求を確認済みにする")
    cast["second"].go(home)
    cast["second"].follow("支出命令を出す")
    cast["second"].press("支出命令を出す")
    bank_says(world, cast["accounting"], cast["second"], tmp_path / "advance.csv", "0")
    report = completion.inspected(world, completion.reported(world, award, person, 150_000))
    assert report.state == "inspected"
    decide(cast["officer"], cast["director"], "fix", number)
    firm.go(home)
    assert "100,000" in firm.text()
    decide(cast["officer"], cast["director"], "surplus", number)
    recovery = Recovery.objects.get(award=award)
    cast["finance"].go(f"/recoveries/{recovery.pk}/receive/")
    cast["finance"].press("納付を記録する")
    do(cast["second"], home, "納付を確認して終える")  # another than who recorded it
    assert Award.objects.get(pk=award.pk).state == "closed"
    firm.go(home)
    assert firm.sees("納付済み")


def test_a_part_is_revoked_and_recovered_with_surcharge(
    visit: Visit, world: World, cast: Given
) -> None:
    award, person = recoveries_paid(world)
    home, number = f"/cases/{award.case.number}/", award.case.number
    typed = {
        "broken": "10",
        "reason": "承認を受けずに貸し付けたため",
        "how": "written",
        "asked_on_y": f"{clock.today() - timedelta(days=20)}",
        "answer_by_y": f"{clock.today() - timedelta(days=6)}",
        "heard": "管理の誤りであったとの弁明があった。",
        "amount": "１００，０００",
        "with_surcharge": "on",
    }
    decide(cast["officer"], cast["director"], "revoke_part", number, **typed)
    firm = visit(known(person, f"debtor-{cast['language']}"), language=cast["language"])
    firm.go(home)
    assert firm.sees("期限までに補助金を返す必要があります。")
    assert firm.sees("加算金")
    recovery = Recovery.objects.get(award=award)
    finance = cast["finance"]
    finance.go(f"/recoveries/{recovery.pk}/receive/")
    finance.press("納付を記録する")
    do(cast["second"], home, "納付を確認して終える")  # another than who recorded it
    assert Recovery.objects.get(pk=recovery.pk).state == "closed"
    firm.go(home)
    assert firm.sees("納付済み")


def recoveries_paid(world: World) -> tuple[Award, User]:
    """A case paid in full, its account unlike the others'."""
    award, person = payments.fixed(world)
    payments.account(world, person, number=f"33{award.pk:05}")
    batch = payments.batched(world, payments.ordered(world, award, person))
    payments.taken_in(world, batch, payments.answer(batch))
    perform(batch, "reconcile", by=world.staff["accounting_officer"])
    return Award.objects.get(pk=award.pk), person
