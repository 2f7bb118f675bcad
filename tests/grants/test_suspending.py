"""A project is stopped for a while, and set going again, by draft and decision, and never by one person."""

import pytest
from django.test import Client

from grants.awards.models import Award
from portal.approvals.models import Approval
from portal.approvals.ports import acts
from portal.notices.models import Notice
from portal.workflow.door import actions, begin
from portal.workflow.errors import NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded

WHY = {"reason": "設置の場所が要綱に合わないおそれがあるため。"}


def fresh(award: Award) -> Award:
    return Award.objects.get(pk=award.pk)


@begins(awarded)
@pytest.mark.parametrize("name", ["suspend", "resume"])
def test_no_button_does_it(world: World, client: Client, name: str) -> None:
    award, _person = world.begun(awarded)
    if name == "resume":
        world.decided("suspend", [award], WHY)
    before = fresh(award)
    for person in (world.director, world.approver):
        assert name not in {action.spec.name for action in actions(person, before)}
        client.force_login(person)
        address = f"/do/award/{award.pk}/{name}/"
        assert client.post(address, WHY | {"seen": before.version}).status_code in (403, 404)
        assert fresh(award).state == before.state


@begins(awarded)
@pytest.mark.parametrize("name", ["suspend", "resume"])
def test_who_drafts_it_does_not_decide_it(world: World, name: str) -> None:
    award, _person = world.begun(awarded)
    if name == "resume":
        world.decided("suspend", [award], WHY)
    with pytest.raises(NotReady, match="受け持てません"):
        begin(
            Approval,
            by=world.director,
            act=name,
            title="t",
            rows=[(fresh(award), WHY)],
            steps=[("decide", world.director)],
        )


@begins(awarded)
def test_both_are_ordered_on_paper_with_the_reason(world: World) -> None:
    award, _person = world.begun(awarded)
    world.decided("suspend", [award], WHY)
    assert fresh(award).state == "suspended"
    world.decided("resume", [fresh(award)], {"reason": "場所を改めたため。"})
    assert fresh(award).state == "active"
    said = [str(n.facts) for n in Notice.objects.filter(kind__in=["suspension", "resumption"])]
    assert [WHY["reason"] in facts for facts in said].count(True) == 1
    assert ["場所を改めたため。" in facts for facts in said].count(True) == 1


@begins(awarded)
def test_each_is_drafted_only_in_its_state(world: World) -> None:
    award, _person = world.begun(awarded)
    assert acts["resume"].obstacles(award)
    assert not acts["suspend"].obstacles(award)
    world.decided("suspend", [award], WHY)
    assert acts["suspend"].obstacles(fresh(award))
    assert not acts["resume"].obstacles(fresh(award))
