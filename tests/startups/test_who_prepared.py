"""Whoever prepares what another presses has done it, too: a duty is noted with the work, and not with its last
press.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from portal import clock
from portal.accounts.models import StaffRole, User
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden
from portal.workflow.models import Duty
from reports.disclosure.receiving import receive
from startups.challenges.models import Challenge
from startups.pilots import ledger
from startups.pilots.models import Pilot
from startups.pilots.starting import start_pilot
from startups.rollouts import confirming
from startups.rollouts.models import Rollout
from tests.conftest import World
from tests.startups.test_pilots import accepted, proposed
from tools.demonstration.rooms import challenges, pilots, rollouts


def also(world: World, person: User, *roles: str) -> User:
    for role in roles:
        StaffRole.objects.create(
            person=person,
            role=role,
            starts_on=clock.today(),
            granted_by=world.staff["administrator"],
        )
    return User.objects.get(pk=person.pk)


@pytest.fixture
def rollout(world: World) -> Rollout:
    started = clock.today() - timedelta(days=40)
    running = pilots.running(accepted(world)[0], world.staff, started)
    evaluated = pilots.evaluated(running, world.staff, "adopt", clock.today())
    return rollouts.specified(
        evaluated, "011002", world.staff, clock.today(), unsure=("quotes", "whole")
    )


@pytest.mark.parametrize("act", ["plan", "fund", "confirm"])
def test_who_prepared_a_contract_does_not_sign_it(world: World, rollout: Rollout, act: str) -> None:
    both = also(world, world.approver, "challenge_owner")
    Rollout.objects.filter(pk=rollout.pk).update(
        state={"plan": "considered", "fund": "considered"}.get(act, "specified")
    )
    rollout = Rollout.objects.get(pk=rollout.pk)
    if act == "plan":
        given: Given = {"route": "small_amount", "contract_kind": "service", "department": "x"}
        perform(rollout, act, by=both, used_on=clock.today() + timedelta(days=200), **given)
    elif act == "fund":
        perform(rollout, act, by=both, fiscal_year=2026, budget=900_000)
    else:
        confirming.confirm(rollout, rollout.tests[0][0], note="x", by=both)
    Rollout.objects.filter(pk=rollout.pk).update(state="specified")
    with pytest.raises(Forbidden, match="仕様の作成をしたあなたは"):
        perform(
            Rollout.objects.get(pk=rollout.pk),
            "contract",
            by=both,
            contract_amount=1,
            contractor="x",
            contracted_on=clock.today(),
        )


def test_who_set_the_targets_of_an_agreement_does_not_sign_it(world: World) -> None:
    both = also(world, world.approver, "challenge_owner")
    pilot = start_pilot(accepted(world), by=world.staff["concierge"])
    pilot = pilots.drafted(pilot, world.staff, clock.today() + timedelta(days=5))
    row = pilot.indicators.all()[0]
    ledger.set_indicator(
        pilot,
        row.n,
        by=both,
        name=row.name,
        unit=row.unit,
        baseline=Decimal(2),
        target=Decimal(1),
        method=row.method,
    )
    pilot = Pilot.objects.get(pk=pilot.pk)
    pilot = perform(pilot, "consent", by=pilots.firm(pilot))
    with pytest.raises(Forbidden, match="協定の案の作成をしたあなたは"):
        perform(pilot, "sign", by=both)


def test_nobody_both_proposes_an_extension_and_decides_it(world: World) -> None:
    running = pilots.running(accepted(world)[0], world.staff, clock.today() - timedelta(days=40))
    both = also(world, world.approver, "challenge_owner")
    asked: Given = {"reason": "x", "ends_on": running.ends_on + timedelta(days=30)}
    with pytest.raises(Forbidden, match="協定の締結をしたあなたは"):
        perform(running, "propose_extension", by=both, **asked)
    owner = also(world, world.staff["owner"], "approver")
    pilot = proposed(running, world, running.ends_on + timedelta(days=30))
    pilot = perform(pilot, "agree_to_extension", by=pilots.firm(pilot))
    with pytest.raises(Forbidden, match="協定の案の作成をしたあなたは"):
        perform(pilot, "extend", by=owner)


def test_one_person_is_not_both_the_department_and_the_board(world: World) -> None:
    started = clock.today() - timedelta(days=40)
    pilot = pilots.running(accepted(world)[0], world.staff, started)
    pilot = pilots.reported(pilot, world.staff, clock.today())
    both = also(world, world.staff["owner"], "reviewer", "approver")
    pilot = perform(pilot, "assess_department", by=both, mark="good", text="x")
    with pytest.raises(Forbidden, match="実証の評価をしたあなたは"):
        perform(pilot, "assess_board", by=both, mark="good", text="x")
    reviewer = also(world, world.staff["reviewer"], "approver")
    pilot = perform(pilot, "assess_board", by=reviewer, mark="good", text="x")
    pilot = perform(pilot, "assess_firm", by=pilots.firm(pilot), mark="good", text="x")
    said: Given = {"verdict": "adopt", "summary": "x", "summary_en": "", "lessons": "x"}
    with pytest.raises(Forbidden, match="アドバイザリーボードの評価をしたあなたは"):
        perform(pilot, "conclude", by=reviewer, **said)


def test_who_lifted_a_mask_does_not_decide_the_copy(world: World) -> None:
    application, _person = world.submitted()
    made = receive(
        application.case,
        by=world.officer,
        request_number="1",
        asked="x",
        received_on=clock.today(),
    )
    both = also(world, world.approver, "programme_officer")
    line = next(n for n, (kind, _text, _spans) in enumerate(made.marked) if kind)
    perform(made, "mark", by=both, line=line, spans=[], why="x")
    subjects = made.duty_subjects()
    assert Duty.objects.filter(subject__in=subjects, duty="draft_disclosure", person=both).exists()


def test_a_concierge_who_wrote_the_draft_does_not_publish_it(world: World, client: Client) -> None:
    call = challenges.round_of(world.staff)
    row = begin(Challenge, by=world.staff["owner"], call=call, municipality_codes=["011002"])
    concierge = world.staff["concierge"]
    subject = row.duty_subjects()
    client.force_login(concierge)
    page = f"/staff/challenges/{row.number}/edit/"
    assert client.get(page).status_code == 200
    held = Duty.objects.filter(subject__in=subject, person=concierge)
    client.post(page, {"version": str(row.version)})
    assert not held.exists()  # nothing was typed
    row = Challenge.objects.get(pk=row.pk)
    client.post(page, {"version": str(row.version), "title": "除雪の課題"})
    assert held.get().duty == "write_challenge"
