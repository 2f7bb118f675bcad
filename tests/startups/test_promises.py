"""The portal's promises, kept for pilots, roll-outs and seats as for subsidies: nobody alone, each change explained, secrets kept, few queries."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from portal import clock
from portal.audit.models import Event
from portal.audit.verifying import first_fault
from portal.cases import proof, retention, turns
from portal.cases.interests import declare
from portal.cases.models import Case
from portal.notices.models import Notice
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden
from startups.pilots import ledger
from startups.pilots.models import Pilot
from startups.pilots.starting import start_pilot
from startups.rollouts import evidence
from startups.rollouts.models import Rollout
from startups.rollouts.ports import draw_report
from tests.conftest import World
from tests.journeys.test_queries import count
from tests.startups.test_pilots import accepted
from tests.startups.test_proposals import everything
from tools.demonstration import simulation
from tools.demonstration.rooms import pilots, rollouts

SECRET = "一台あたり月額八千円です"


@pytest.fixture
def whole(world: World) -> tuple[Pilot, Rollout]:
    """A pilot from its match to a contract, its price after the pilot secret and typed into the agreement."""
    match = accepted(world, secret=("price",))[0]
    staff, starts_on = world.staff, clock.today() - timedelta(days=150)
    with clock.at(simulation.at(starts_on - timedelta(days=10), 10)):
        pilot = pilots.drafted(start_pilot([match], by=staff["concierge"]), staff, starts_on)
        pilot = perform(
            pilot,
            "draft_terms",
            by=staff["owner"],
            terms=pilot.terms | {"price_after": SECRET},
            starts_on=pilot.starts_on,
            midterm_on=pilot.midterm_on,
            ends_on=pilot.ends_on,
            supports={},
            title=pilot.title,
            title_en="",
        )
        pilot = perform(
            perform(pilot, "consent", by=pilots.firm(pilot)), "sign", by=staff["approver"]
        )
    with clock.at(simulation.at(starts_on, 10)):
        pilot = perform(pilot, "start", by=staff["owner"])
    pilots.measured(pilot, staff, (4.0, 3.5, 3.1), (11, 8, 5))
    pilots.kept(pilot, staff)
    pilot = pilots.evaluated(pilot, staff, "adopt", starts_on + timedelta(days=100))
    return pilot, rollouts.contracted(pilot, "011002", staff, clock.today() - timedelta(days=61))


def test_a_secret_price_reaches_nobody_it_is_closed_to(
    world: World, whole: tuple[Pilot, Rollout], client: Client
) -> None:
    pilot, rollout = whole
    number = pilot.case.number
    public = [
        f"/pilots/{number}/",
        "/pilots/",
        f"/pilots/?q={SECRET}",
        f"/pilots/{number}/readings.csv",
        "/pilots.csv",
        "/pilots.json",
        "/",
        "/offers/",
        pilot.challenge.public_url,
    ]
    for path in public:
        assert SECRET not in everything(client.get(path)).replace(f'value="{SECRET}"', ""), path
    for name in (
        "reviewer",
        "ishikari_owner",
        "eniwa_owner",
    ):  # a board member without clearance; other municipalities
        client.force_login(world.staff[name])
        for path in (
            f"/cases/{number}/",
            f"/cases/{number}/case.zip",
            f"/cases/{rollout.case.number}/",
            *public,
        ):
            assert SECRET not in everything(client.get(path)).replace(f'value="{SECRET}"', ""), (
                name,
                path,
            )
    for notice in Notice.objects.filter(case__in=[pilot.case, rollout.case]):
        assert SECRET not in str(notice.facts), notice
    assert SECRET not in str(evidence.facts(rollout))
    client.force_login(world.staff["owner"])
    assert (
        SECRET in client.get(f"/cases/{number}/").content.decode()
    )  # the department that must know it
    client.force_login(pilots.firm(pilot))
    assert SECRET in client.get(f"/cases/{number}/").content.decode()


def test_every_change_has_a_who_and_a_when_and_the_chain_is_whole(
    world: World, whole: tuple[Pilot, Rollout]
) -> None:
    for row in whole:
        events = list(Event.objects.filter(chain=row.audit_chain).order_by("seq"))
        assert {event.action for event in events} >= {f"{row._meta.model_name}.begin"}
        assert all(event.actor_id for event in events)
    assert first_fault() == ""
    stopped = pilots.running(accepted(world)[0], world.staff, clock.today() - timedelta(days=20))
    stopped = pilots.stop_proposed(stopped, world.staff, "x")
    perform(stopped, "stop", by=world.approver, reason="理由", lessons="x")
    assert Event.objects.get(action="pilot.stop").payload.data()["reason"] == "理由"


def test_nobody_decides_alone(world: World, whole: tuple[Pilot, Rollout], client: Client) -> None:
    for case, wanted in zip(
        (whole[0].case, whole[1].case),
        ({"協定の案の作成", "実証の評価", "アドバイザリーボードの評価"}, {"仕様の作成"}),
        strict=True,
    ):
        rows, _interested = proof.of_case(case)
        assert {str(r.first) for r in rows} == wanted
        assert {r.verdict for r in rows} == {proof.APART}
        client.force_login(world.officer)
        assert client.get(f"/cases/{case.number}/duties/").status_code == 200


def test_an_interest_forbids_every_duty_of_a_pilot(world: World) -> None:
    pilot = pilots.running(accepted(world)[0], world.staff, clock.today() - timedelta(days=20))
    declare(pilot.case, by=world.staff["owner"], detail="知人の会社")
    with pytest.raises(Forbidden):
        perform(pilot, "judge", by=world.staff["owner"], gate="go", gate_text="x")
    with pytest.raises(Forbidden):
        ledger.measure(pilot, on=clock.today(), values={}, by=world.staff["owner"])


def test_turns_are_those_of_the_graphs(world: World, whole: tuple[Pilot, Rollout]) -> None:
    assert turns.differing() == []


def test_pages_of_pilots_and_roll_outs_stay_within_their_queries(
    world: World, whole: tuple[Pilot, Rollout], client: Client
) -> None:
    pilot, rollout = whole
    client.force_login(world.staff["owner"])
    limits = {
        f"/cases/{pilot.case.number}/": 25,
        f"/cases/{rollout.case.number}/": 18,
        "/staff/challenges/": 10,
    }
    found = {path: count(client, path) for path in limits}
    assert {path: n for path, n in found.items() if n > limits[path]} == {}
    anonymous = Client()
    one = {
        path: count(anonymous, path)
        for path in ("/pilots/", f"/pilots/{pilot.case.number}/", "/pilots.json", "/challenges/")
    }
    assert count(anonymous, "/") <= 12
    again = pilots.running(accepted(world)[0], world.staff, clock.today() - timedelta(days=30))
    pilots.measured(again, world.staff, (4.0, 3.5), (11, 8))
    rollouts.considered(pilot, "012351", world.staff, clock.today())
    assert {path: count(anonymous, path) for path in one} == one
    more = count(client, f"/cases/{pilot.case.number}/")
    assert more <= found[f"/cases/{pilot.case.number}/"] + 1


def test_records_of_a_pilot_are_disposed_of_in_their_time_and_its_result_stays(
    world: World, whole: tuple[Pilot, Rollout], client: Client
) -> None:
    pilot, _rollout = whole
    case = Case.objects.get(pk=pilot.case_id)
    until = retention.keep_until(case)
    assert until is not None
    assert retention.keep_until(Case.objects.get(pk=whole[1].case_id)) is None  # the contract runs
    retention.dispose(case, by=world.staff["administrator"])
    fresh = Pilot.objects.get(pk=pilot.pk)
    assert (fresh.terms, fresh.report) == ({}, {})
    assert not fresh.incidents.exclude(text="").exists()
    assert fresh.summary
    assert client.get(pilot.public_url).status_code == 200


def test_the_evidence_reads_as_a_report(whole: tuple[Pilot, Rollout]) -> None:
    facts = evidence.facts(whole[1])
    sections = facts["sections"]
    assert isinstance(sections, list)
    headings = [section["heading"] for section in sections if "heading" in section]
    assert [re.sub(r"^\d　", "", heading) for heading in headings] == [
        "実証のあらまし",
        "計測の結果",
        "評価",
        "報告",
        "出来事（1件）",
        "契約の方法と要件",
        "使い始める日から逆に数えた予定",
    ]
    assert len([section for section in sections if section.get("chart")]) == 2
    assert draw_report.value(facts).startswith(b"%PDF")
