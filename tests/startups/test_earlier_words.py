"""What was said of a pilot or a roll-out and is written over keeps its words in the record."""

from datetime import timedelta

import pytest
from django.test import Client

from portal import clock
from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases.models import Case
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden
from portal.workflow.shown import mark
from startups.pilots import ledger
from startups.pilots.models import Evaluation, Pilot
from tests.conftest import World
from tests.startups.test_pilots import accepted
from tools.demonstration.rooms import pilots, rollouts

SHORT = "融雪に三倍の時間がかかり、目標に届かなかった。"


@pytest.fixture
def running(world: World) -> Pilot:
    return pilots.running(accepted(world)[0], world.staff, clock.today() - timedelta(days=40))


@pytest.fixture
def reported(world: World, running: Pilot) -> Pilot:
    return pilots.reported(running, world.staff, clock.today())


def recorded(case: Case, action: str = "") -> str:
    events = Event.objects.filter(chain=f"case:{case.pk}", action__startswith=action)
    return "\n".join(str(event.payload.data().get("text", "")) for event in events)


def by_the_board(pilot: Pilot, by: User) -> Pilot:
    return perform(pilot, "assess_board", by=by, mark="short", text=SHORT)


def test_an_evaluation_that_is_sent_back_with_the_report(
    world: World, reported: Pilot, client: Client
) -> None:
    reviewer = world.staff["reviewer"]
    pilot = by_the_board(reported, reviewer)
    assert SHORT not in recorded(pilot.case)
    pilot = perform(pilot, "send_back", by=world.staff["owner"], reason="数値の誤り")
    assert not Evaluation.objects.exists()
    kept = recorded(pilot.case, "pilot.earlier")
    assert f"アドバイザリーボード　{reviewer.name}　届かなかった　{SHORT}" in kept
    pilot = perform(pilot, "hand_in", by=pilots.firm(pilot), report={"done": "書き直した結果"})
    assert "現場で確かめたとおり。" in recorded(pilot.case, "pilot.earlier")
    client.force_login(world.staff["owner"])
    assert SHORT in client.get(f"/cases/{pilot.case.number}/").content.decode()
    client.force_login(pilots.firm(pilot))  # what is not published yet is the office's
    assert SHORT not in client.get(f"/cases/{pilot.case.number}/").content.decode()


def test_an_evaluation_that_is_written_anew(world: World, reported: Pilot) -> None:
    pilot = by_the_board(reported, world.staff["reviewer"])
    perform(pilot, "assess_board", by=world.staff["reviewer"], mark="good", text="よい")
    assert SHORT in recorded(pilot.case, "pilot.earlier")


def test_what_was_done_about_an_incident(world: World, running: Pilot) -> None:
    """Its words are no act of the pilot, which a reviewer reads."""
    owner, person = world.staff["owner"], pilots.firm(running)
    made = ledger.report_incident(
        running, by=owner, happened_on=clock.today(), grave="data", text="名簿が見えた"
    )
    ledger.settle_incident(made, by=owner, settled="本人に知らせた", seen=mark(""))
    ledger.settle_incident(made, by=person, settled="何もなかった", seen=mark("本人に知らせた"))
    assert "本人に知らせた" in recorded(running.case, "incident.earlier")
    assert "本人に知らせた" not in recorded(running.case, "pilot.")


def test_once_the_pilot_is_over_the_office_alone_says_what_was_done(
    world: World, running: Pilot, client: Client
) -> None:
    owner, person = world.staff["owner"], pilots.firm(running)
    made = ledger.report_incident(
        running, by=owner, happened_on=clock.today(), grave="data", text="名簿が見えた"
    )
    pilot = pilots.evaluated(running, world.staff, "adopt", clock.today())
    with pytest.raises(Forbidden):
        ledger.settle_incident(made, by=person, settled="何もなかった", seen=mark(""))
    link = f"/cases/{pilot.case.number}/ledger/incidents/{made.pk}/"
    page = f"/cases/{pilot.case.number}/"
    for reader, is_offered in ((person, False), (owner, True)):
        client.force_login(reader)
        assert (link in client.get(page).content.decode()) is is_offered
    ledger.settle_incident(made, by=owner, settled="本人に知らせた", seen=mark(""))


def test_a_month_that_is_said_anew(world: World, running: Pilot) -> None:
    for went in ("遅れている", "順調"):
        ledger.say_status(
            running, clock.today(), by=pilots.firm(running), went=went, stuck="部品が届かない"
        )
    assert "遅れている　部品が届かない" in recorded(running.case, "status.earlier")


def test_a_specification_that_is_rewritten_and_what_was_confirmed_of_it(
    world: World, running: Pilot
) -> None:
    evaluated = pilots.evaluated(running, world.staff, "adopt", clock.today())
    rollout = rollouts.specified(evaluated, "011002", world.staff, clock.today())
    owner, earlier = world.staff["owner"], rollout.specification
    assert "open_spec" in rollout.confirmed
    rollout = perform(rollout, "specify", by=owner, specification=earlier)
    assert "open_spec" in rollout.confirmed  # nothing was changed
    rollout = perform(rollout, "specify", by=owner, specification="この会社だけの方式で行う。")
    assert earlier in recorded(rollout.case, "rollout.earlier")
    assert "open_spec" not in rollout.confirmed
    assert rollout.confirmed
