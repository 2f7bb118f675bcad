"""A role of one town decides nothing about a row of several: neither a draft on a shared case, nor a programme or call."""

import pytest
from django.test import Client

from grants.programmes.models import Programme
from portal.accounts.models import User
from portal.approvals import stations
from portal.cases.models import Case
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden
from startups.matching.models import Match
from tests.conftest import World
from tests.roles import granted
from tests.startups.test_matching import matched as matched
from tools.demonstration.rooms import challenges

ENIWA = "012319"


def of_eniwa(*people: User) -> list[User]:
    for person in people:
        granted(person.staff_roles.all(), municipality=ENIWA)
    return [User.objects.get(pk=person.pk) for person in people]


def test_a_draft_about_a_shared_case_asks_for_a_role_over_each_town(
    world: World, matched: tuple[list[Match], User]
) -> None:
    case = Case.objects.get(pk=matched[0][0].case_id)
    assert case.municipality_codes == ["011002", ENIWA]
    assert world.approver in stations.able("decide", [case])
    (approver,) = of_eniwa(world.approver)
    assert approver not in stations.able("decide", [case])
    alone = Case.objects.get(pk=case.pk)
    alone.municipality_codes = [ENIWA]
    assert approver in stations.able("decide", [alone])


def test_a_programme_of_many_towns_is_neither_changed_nor_approved_by_one(
    world: World, client: Client
) -> None:
    programme = Programme.objects.get(code="open_innovation", state="approved")
    assert len(programme.municipality_codes) > 1
    draft = begin(Programme, by=world.officer, text=programme.text)
    officer, approver = of_eniwa(world.staff["second_officer"], world.approver)
    client.force_login(officer)
    assert client.get(f"/staff/programmes/{programme.pk}/").status_code == 200  # reading stays
    assert client.get(f"/staff/programmes/{programme.pk}/edit/").status_code == 403
    with pytest.raises(Forbidden):
        perform(draft, "approve", by=approver)


def test_a_town_takes_no_programme_from_the_others(world: World) -> None:
    """By a revision that names it alone."""
    programme = Programme.objects.get(code="open_innovation", state="approved")
    draft = begin(Programme, by=world.officer, text=programme.text)
    draft.municipality_codes = [ENIWA]
    draft.save()
    (approver,) = of_eniwa(world.approver)
    with pytest.raises(Forbidden):
        perform(draft, "approve", by=approver)


def test_a_call_of_many_towns_is_not_announced_by_one(world: World) -> None:
    call = challenges.round_of(world.staff)
    assert len(call.municipality_codes) > 1
    (approver,) = of_eniwa(world.approver)
    with pytest.raises(Forbidden):
        perform(call, "suspend", by=approver, reason="x")
