"""Whoever cuts costs or assesses them takes part in what is decided, and does not decide it."""

import pytest

from grants.applications.models import Application
from grants.awards import assessing
from grants.completion import cutting
from portal import clock
from portal.approvals import stations
from portal.workflow.door import perform
from portal.workflow.errors import Refused
from portal.workflow.models import Duty
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_assessing import CUT, two_items
from tests.grants.test_completion import awarded, inspected, reported


@begins(awarded)
def test_who_cut_costs_does_not_decide_what_is_fixed(world: World) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    world.director.staff_roles.create(
        role="inspector",
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
    )
    world.director.forget_roles()
    cutting.cut(report, by=world.director, item="1", amount=120_000, cite="x", reason="y")
    report = inspected(world, report)
    approval = world.approval("fix", [report])
    with pytest.raises(Refused, match="検査をしたあなたは"):
        perform(approval, "approve", by=world.director)


@begins(two_items)
def test_who_assessed_costs_does_not_decide_the_award(world: World) -> None:
    application, _person = world.begun(two_items)
    world.director.staff_roles.create(
        role="programme_officer",
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
    )
    world.director.forget_roles()
    assessing.assess(application, CUT, by=world.director)
    assert Duty.objects.filter(person=world.director, duty="assess_costs").exists()
    application = Application.objects.get(pk=application.pk)
    assert world.director not in stations.able("decide", [application.case])
    with pytest.raises(Refused, match=world.director.name):
        world.approval("award", [application])
