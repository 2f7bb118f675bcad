"""Open innovation by role in a real browser, in both languages: from a department's question to each municipality's answer."""

from typing import Any

import pytest
from django.core.management import call_command

from grants.applications.models import Application
from grants.programmes.models import Call
from portal.accounts.models import User
from portal.notices.models import Notice
from startups.challenges import rehearsal as challenges
from startups.challenges.models import Challenge
from startups.matching.models import Match
from startups.proposals import rehearsal as proposals
from tests.conftest import World
from tests.journeys import browser as driver
from tests.journeys.test_money_journeys import day_into, do, known, prove
from tests.startups import ERA

pytestmark = driver.needs_browser
WORLD: dict[str, World] = {}


def people_the_world() -> None:
    """An open round, with a challenge of Eniwa in it; Sapporo's is written in the browser."""
    world = WORLD["here"] = World(codes=())
    call = challenges.round_of(world.staff)
    challenges.published(call, world.staff, "sugawara", challenges.VISITORS)
    call_command("make_demo_people")


def write(owner: driver.Visitor, call: Call) -> str:
    """A challenge, saved half-way, mended, and handed in; returns its number."""
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


@pytest.mark.parametrize("language", ["ja", "en"])
def test_one_proposal_before_two_municipalities(visit: Any, language: str) -> None:
    world = WORLD["here"]
    call = Call.objects.get(programme__code="open_innovation")
    owner, neighbour, concierge, decider = (visit(name, language=language) for name in ("abe", "sugawara", "kudo", "takahashi"))  # fmt: skip
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
    founder.page.locator("[name=s_price]").check()
    founder.press("保存して次へ")
    founder.go(f"/apply/{draft}/review/")
    for box in founder.page.locator("main input[type=checkbox]").all():
        box.check()
    founder.press("申請する")

    officer = visit("kitagawa", language=language)
    for row in Application.objects.get(pk=application.pk).checks.all():
        row.result, row.evidence = "clear", "照会の回答"  # the ledger has its own journey
        row.save()
    do(officer, f"/cases/{draft}/", "受理する")
    concierge.go(f"/cases/{draft}/")
    concierge.press("マッチングを始める")

    for visitor, code, opinion, name in ((owner, "011002", "agree", "実証を決定する"), (neighbour, "012319", "decline", "見送りを決定する")):  # fmt: skip
        match = Match.objects.get(application=application, municipality=code, challenge__number=number if code == "011002" else f"CH{ERA}-001")  # fmt: skip
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

    for match in Match.objects.filter(application=application, state="proposed"):  # the other language's challenge
        founder.go(f"/do/match/{match.pk}/withdraw/")
        founder.press("提案を辞退する")
    assert Application.objects.get(pk=application.pk).state == "concluded"
    founder.go(f"/cases/{draft}/")
    assert founder.sees("実証へ進みます")
    assert founder.sees("見送り")
    kinds = set(Notice.objects.filter(case=application.case).values_list("kind", flat=True))
    assert {"match_agreed", "match_declined"} <= kinds
    assert User.objects.get(pk=person.pk).email.startswith("founder")
