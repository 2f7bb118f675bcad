"""Open innovation by role in a real browser, in both languages: from a department's question to a contract, its own and another's."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from grants.applications.models import Application
from grants.programmes.models import Call, IntakePeriod
from grants.seats.models import Enrolment
from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.notices.models import Notice
from portal.workflow.door import begin
from startups.challenges.models import Challenge
from startups.matching.models import Match
from startups.pilots.models import Pilot
from startups.rollouts.models import Rollout
from tests.conftest import World
from tests.journeys import browser as driver
from tests.journeys.browser import Visit
from tests.journeys.test_money_journeys import day_into, decide, do, known, prove
from tests.startups import ERA
from tools.demonstration import simulation
from tools.demonstration.rooms import challenges, proposals, seats

pytestmark = driver.needs_browser("journeys")
WORLD: dict[str, Any] = {}


def people_the_world() -> None:
    """An open round, with a challenge of Eniwa in it; Sapporo's is written in the browser."""
    world = WORLD["here"] = World()
    call = challenges.round_of(world.staff)
    challenges.published(call, world.staff, "eniwa_owner", challenges.VISITORS)
    WORLD["course"] = seats.call_of(world.staff, clock.today() - timedelta(days=20), seats=3)
    call_command("make_demo_people")


def write(owner: driver.Visitor, call: Call) -> str:
    """A challenge, saved half-way, corrected, and handed in; returns its number."""
    owner.go("/staff/challenges/new/")
    owner.press("書き始める")
    number = owner.page.url.rstrip("/").split("/")[-2]
    owner.fill({"#id_title": challenges.SNOW["title"]})
    owner.press("保存する")
    assert owner.page.locator("#id_title").input_value() == challenges.SNOW["title"]
    owner.press("確かめて調整に回す")
    assert owner.page.locator(".error-summary").count() == 1
    typed = challenges.typed(challenges.SNOW, call)
    for name, value in typed.items():
        box = owner.page.locator(f"[name='{name}']")
        if name.endswith("_FORMS"):
            continue
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    owner.press("確かめて調整に回す")
    return number


def agree(
    concierge: driver.Visitor,
    owner: driver.Visitor,
    founder: driver.Visitor,
    decider: driver.Visitor,
    draft: str,
    number: str,
) -> Pilot:
    """From the agreed match to a running pilot: drafted, consented, signed, started."""
    concierge.go(f"/cases/{draft}/")
    with concierge.page.expect_navigation():
        concierge.page.locator(f"form[action*='/pilots/{number}/start/'] button").click()
    pilot = Pilot.objects.get(challenge__number=number)
    page, today = f"/cases/{pilot.case.number}/", clock.today()
    for row in pilot.indicators.all():
        owner.go(f"{page}ledger/indicators/{row.n}/")
        owner.fill({"#id_baseline": "11", "#id_target": "5"})
        owner.press("記録する")
    owner.go(page)
    owner.follow("協定の案を書く")
    for name, day in (
        ("starts_on", today),
        ("midterm_on", today + timedelta(days=30)),
        ("ends_on", today + timedelta(days=60)),
    ):
        day_into(owner, name, day)
    for box in owner.page.locator("main textarea").all():
        if not box.input_value():
            box.fill("協議のとおり")
    owner.press("協定の案を書く")
    assert Pilot.objects.get(pk=pilot.pk).terms, owner.text()
    do(founder, page, "協定の案に同意する")
    do(decider, page, "協定を結ぶ")
    do(owner, page, "実証を始める")
    assert owner.sees("実証中")
    return Pilot.objects.get(pk=pilot.pk)


def measure_and_report(owner: driver.Visitor, founder: driver.Visitor, pilot: Pilot) -> None:
    """Both sides write in the ledger; the city lends a site; the firm reports."""
    page, today = f"/cases/{pilot.case.number}/", clock.today()
    founder.go(f"{page}bookings/new/")
    founder.fill({"#id_what": f"除雪センターの会議室{pilot.pk}", "#id_purpose": "機器を置くため"})
    for name in ("starts_on", "ends_on"):
        day_into(founder, name, today)
    founder.press("記録する")
    do(owner, page, "約束する", answer="鍵は本庁舎で")
    do(owner, page, "引き渡した")
    founder.go(f"{page}ledger/readings/")
    founder.fill({"[name=value_1]": "x"})
    founder.press("記録する")
    assert founder.page.locator("[aria-invalid=true]").count() == 1
    for who, first, second in ((founder, "7.5", "9"), (owner, "4", "4")):
        who.go(f"{page}ledger/readings/")
        who.fill({"[name=value_1]": first, "[name=value_2]": second})
        who.press("記録する")
    founder.go(f"{page}ledger/incidents/")
    day_into(founder, "happened_on", today)
    founder.page.locator("[name=grave][value=slight]").check()
    founder.fill({"#id_text": "画面が消えた"})
    founder.press("記録する")
    owner.go(f"{page}ledger/incidents/{pilot.incidents.get().pk}/")
    owner.fill({"#id_settled": "電源を替えた"})
    owner.press("記録する")
    founder.go(page)
    founder.follow("実証の結果を報告する")
    for box in founder.page.locator("main textarea").all():
        box.fill("現場で確かめたとおり")
    founder.press("実証の結果を報告する")


def evaluate(
    owner: driver.Visitor,
    founder: driver.Visitor,
    board: driver.Visitor,
    decider: driver.Visitor,
    pilot: Pilot,
) -> None:
    """Three sides assess, another decides and publishes."""
    page = f"/cases/{pilot.case.number}/"
    for who, name in (
        (owner, "担当課の評価を書く"),
        (founder, "提案者の評価を書く"),
        (board, "ボードの評価を書く"),
    ):
        who.go(page)
        who.follow(name)
        who.page.locator("[name=mark][value=good]").check()
        who.fill({"[name=text]": "計測のとおり"})
        who.press(name)
    decider.go(page)
    decider.follow("評価を決定して公表する")
    prove(decider)
    decider.page.locator("[name=verdict][value=adopt]").check()
    decider.fill({"[name=summary]": "目標に届いた", "[name=lessons]": "路面の計測を組み合わせる"})
    decider.press("評価を決定して公表する")
    prove(decider)
    assert Pilot.objects.get(pk=pilot.pk).state == "evaluated"


def adopt(owner: driver.Visitor, decider: driver.Visitor, pilot: Pilot, town: str) -> None:
    """A municipality's own road from the public result to use."""
    owner.go(f"/pilots/{pilot.case.number}/")
    owner.follow("自分の市町村での導入を検討する")
    owner.fill({"#id_department": "維持管理課"})
    owner.press("検討を始める")
    rollout = Rollout.objects.get(pilot=pilot, municipality__name=town)
    page, today = f"/cases/{rollout.case.number}/", clock.today()
    owner.go(page)
    owner.follow("方法と時期を決める")
    owner.page.locator("[name=route][value=small_amount]").check()
    owner.press("方法と時期を決める")
    do(owner, page, "予算が付いたと記録する", fiscal_year=str(today.year), budget="2000000")
    do(owner, page, "仕様を決める", specification="12か所で計測する")
    for key, _label in Rollout.objects.get(pk=rollout.pk).tests:
        owner.go(f"{page}tests/{key}/")
        owner.fill({"#id_note": "見積書2通"})
        owner.press("確かめたと記録する")
    do(decider, page, "契約を決定する", contract_amount="1500000" if town == "札幌市" else "900000")
    owner.go(page)
    owner.follow("使い始めたと記録する")
    day_into(owner, "use_began_on", today)
    owner.press("使い始めたと記録する")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_one_proposal_before_two_municipalities(visit: Visit, language: str) -> None:
    world = WORLD["here"]
    call = Call.objects.get(programme__code="open_innovation")
    IntakePeriod.objects.filter(call=call).update(closes_at=clock.now() + timedelta(days=45))
    owner, neighbour, concierge, decider = (
        visit(name, language=language) for name in ("owner", "eniwa_owner", "concierge", "approver")
    )
    number = write(owner, call)
    do(concierge, f"/staff/challenges/{number}/", "公表する")
    assert concierge.sees("公表中")

    application, person = proposals.drafted(world.sim, call)
    founder = visit(known(person, f"founder{language}"), language=language)
    founder.go(f"/challenges/{number}/")
    founder.follow("質問する")
    founder.fill({"#id_text": "カメラの映像は何枚ですか。"})
    founder.press("質問を送る")
    question = Challenge.objects.get(number=number).questions.get()
    owner.go(f"/staff/challenges/{number}/questions/{question.pk}/")
    owner.fill({"#id_answer": "1分に1枚です。"})
    owner.press("答えを公表する")
    founder.go(f"/challenges/{number}/")
    assert founder.sees("1分に1枚です。")

    draft = application.case.number
    founder.go(f"/apply/{draft}/challenges/")
    for box in founder.page.locator("main input[type=checkbox]").all():
        box.check()
    founder.press("保存して次へ")
    founder.go(f"/apply/{draft}/secrecy/")  # an answered section is passed over
    founder.page.locator("[name=s_price]").check()
    founder.press("保存して次へ")
    founder.go(f"/apply/{draft}/review/")
    for box in founder.page.locator("main input[type=checkbox]").all():
        box.check()
    founder.press("提案する")

    officer = visit("officer", language=language)
    for row in Application.objects.get(pk=application.pk).checks.all():
        row.result, row.evidence = "clear", "照会の回答"  # the ledger has its own journey
        row.save()
    do(officer, f"/cases/{draft}/", "受理する")
    IntakePeriod.objects.filter(call=call).update(
        closes_at=clock.now()
    )  # the others can no longer propose
    concierge.go(f"/cases/{draft}/")
    concierge.press("マッチングを始める")

    for visitor, code, opinion, name in (
        (owner, "011002", "agree", "実証を決定する"),
        (neighbour, "012319", "decline", "見送りを決定する"),
    ):
        match = Match.objects.get(
            application=application,
            municipality=code,
            challenge__number=number if code == "011002" else f"CH{ERA}-001",
        )
        visitor.go(f"/do/match/{match.pk}/invite/")
        day_into(visitor, "day_1", call.decision_on)
        visitor.fill({"[name=place]": "本庁舎"})
        visitor.press("面談の日時を示す")
        founder.go(f"/do/match/{match.pk}/pick/")
        founder.page.locator("[name=slot]").first.check()
        founder.press("面談の日時を選ぶ")
        visitor.go(f"/do/match/{match.pk}/consider/")
        visitor.fill({"[name=minutes]": "現場の流れを確かめた。"})
        visitor.page.locator(f"[name=opinion][value={opinion}]").check()
        visitor.press("記録と意見を書く")
        decider.go(f"/do/match/{match.pk}/{opinion}/")
        prove(decider)
        decider.fill({"[name=reason]": "現場で確かめたため"})
        decider.press(name)
        prove(decider)

    for match in Match.objects.filter(
        application=application, state="proposed"
    ):  # the other language's challenge
        founder.go(f"/do/match/{match.pk}/withdraw/")
        founder.press("提案を辞退する")
    assert Application.objects.get(pk=application.pk).state == "concluded"

    board, third = visit("reviewer", language=language), visit("ishikari_owner", language=language)
    pilot = agree(concierge, owner, founder, decider, draft, number)
    measure_and_report(owner, founder, pilot)
    evaluate(owner, founder, board, decider, pilot)
    adopt(owner, decider, pilot, "札幌市")
    adopt(third, decider, pilot, "石狩市")
    public = visit(language=language)
    public.go(f"/pilots/{pilot.case.number}/")
    assert public.page.locator("text=1,500,000").count() >= 1
    assert public.page.locator("text=900,000").count() >= 1
    assert {
        (r.municipality.name, r.is_adopted_on_evidence, r.is_in_use)
        for r in Rollout.objects.filter(pilot=pilot)
    } == {("札幌市", False, True), ("石狩市", True, True)}
    founder.go(f"/cases/{draft}/")
    assert founder.sees("実証へ進みます")
    assert founder.sees("見送り")
    kinds = set(Notice.objects.filter(case=application.case).values_list("kind", flat=True))
    assert {"match_agreed", "match_declined"} <= kinds
    assert User.objects.get(pk=person.pk).email.startswith("founder")


def test_a_seat_from_the_application_to_the_survey(visit: Visit) -> None:
    """AI training: applied for, granted, attended, completed, asked about."""
    call: Call = WORLD["course"]
    sim = WORLD["here"].sim
    firm, person = simulation.organisation(sim, call)
    application = begin(Application, by=person, call=call, organisation=firm)
    simulation.fill(sim, application, person, complete=True, skip=("costs",))
    learner, officer, director = (
        visit(known(person, "learner")),
        visit("officer"),
        visit("director"),
    )
    number = application.case.number
    learner.go(f"/apply/{number}/participants/")
    learner.fill({"#id_name_1": "北村 遥", "#id_work_1": "受注"})
    learner.press("保存して次へ")
    learner.go(f"/apply/{number}/review/")
    for box in learner.page.locator("main input[type=checkbox]").all():
        box.check()
    learner.press("申し込む")
    number = Case.objects.get(draft_number=number).number
    for row in Application.objects.get(pk=application.pk).checks.all():
        row.result, row.evidence = "clear", "照会の回答"
        row.save()
    do(officer, f"/cases/{number}/", "受理する")
    decide(officer, director, "enrol", number)
    assert Application.objects.get(pk=application.pk).state == "awarded"
    officer.go(f"/staff/calls/{call.pk}/course/")
    officer.page.locator("details summary").first.click()
    officer.fill({"#id_title": "任せる仕事を選ぶ", "#id_place": "研修室"})
    day_into(officer, "day", clock.today())
    officer.press("加える")
    officer.go(f"/staff/calls/{call.pk}/course/1/")
    officer.page.locator("[name=present]").first.check()
    officer.press("出席を記録する")
    do(officer, f"/cases/{number}/", "修了とする")
    seat = Enrolment.objects.get(application=application)
    assert seat.state == "completed"
    learner.go(f"/cases/{number}/")
    assert learner.sees("修了証")
    learner.go(f"/cases/{number}/survey/{seat.pk}/")
    learner.page.locator("[name=used][value=daily]").check()
    learner.fill({"[name=hours_saved]": "12"})
    learner.press("答える")
    assert learner.sees("ひと月に12時間減った")
