"""A request for disclosure is of a whole case: of one before several towns it is for whoever covers each of them."""

import pytest

from portal import clock
from portal.accounts.models import StaffRole, User
from portal.cases import kept_apart
from portal.cases.models import Case, Turn
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden
from reports.disclosure import access
from reports.disclosure.models import Disclosure
from reports.disclosure.states import DisclosureState
from reports.disclosure.turns import TODO
from startups.matching.models import Match
from startups.pilots import terms
from startups.pilots.models import Pilot
from tests.conftest import World
from tests.reports.test_public_copies import drafted, entered, received
from tests.roles import granted
from tests.startups.test_matching import matched as matched
from tests.startups.test_matching import slots
from tests.startups.test_pilots import START, accepted
from tools.demonstration.rooms import pilots

INSIDE = "恵庭だけの内輪の評価"
TOWNS = ["011002", "012319"]


@pytest.fixture
def shared(world: World, matched: tuple[list[Match], User]) -> Case:
    """A proposal before two towns, of which one wrote down what it thinks."""
    rows, person = matched
    owner = world.staff["eniwa_owner"]
    match = perform(rows[1], "invite", by=owner, slots=slots(), place="市役所")
    match = perform(match, "pick", by=person, slot=match.slots[1])
    perform(match, "consider", by=owner, minutes=INSIDE, opinion="decline")
    case = Case.objects.get(pk=match.case_id)
    assert case.municipality_codes == TOWNS
    return case


def of_town(person: User, *towns: str) -> User:
    """With all their roles in these towns alone."""
    held = list(person.staff_roles.values_list("role", flat=True))
    granted(person.staff_roles.all(), municipality=towns[0])
    for town in towns[1:]:
        for role in held:
            StaffRole.objects.create(
                person=person,
                role=role,
                municipality_id=town,
                starts_on=person.staff_roles.all()[0].starts_on,
                granted_by=User.objects.system(),
            )
    return User.objects.get(pk=person.pk)


def test_one_town_reads_no_request_and_decides_none(world: World, shared: Case) -> None:
    row = received(world, shared)  # by an officer over all towns
    assert INSIDE in str(row.lines)
    sapporo, auditor = (
        of_town(person, "011002") for person in (world.approver, world.staff["auditor"])
    )
    for person in (sapporo, auditor):
        client = entered(person)
        assert client.get(shared.get_absolute_url()).status_code == 200
        assert list(access.rows_for(person)) == []
        for path in ("", "preview/", "copy.pdf", "lines/3/"):
            answer = client.get(f"{row.get_absolute_url()}{path}")
            assert answer.status_code in (403, 404), path
            assert INSIDE not in answer.content.decode()
        assert client.get(f"/do/disclosure/{row.pk}/decide/").status_code == 403
        page = client.get(f"{shared.get_absolute_url()}disclosures/").content.decode()
        assert "すべての市町村を受け持つ職員だけ" in page
    row = drafted(world, row)
    with pytest.raises(Forbidden):
        perform(row, "decide", by=sapporo)
    assert sapporo not in access.deciders(row)
    turn = Turn.objects.get(case=shared, what=TODO[DisclosureState.DRAFTED][1])
    assert kept_apart.open_to(sapporo, shared, [turn]) == []
    both = of_town(world.director, *TOWNS)
    assert list(access.rows_for(both)) == [row]
    assert both in access.deciders(row)
    assert entered(both).get(row.get_absolute_url()).status_code == 200
    assert perform(row, "decide", by=both).state == "decided"


def test_one_town_receives_none_of_a_shared_case(world: World, shared: Case) -> None:
    granted(world.officer.staff_roles.all(), municipality="011002")
    world.officer = User.objects.get(pk=world.officer.pk)
    with pytest.raises(Forbidden):
        received(world, shared)
    Case.objects.filter(pk=shared.pk).update(municipality_codes=["011002"])
    assert received(world, Case.objects.get(pk=shared.pk)).state == "received"
    assert Disclosure.objects.count() == 1


def test_the_secret_parts_of_an_agreement_are_proposed_to_be_withheld(world: World) -> None:
    (match,) = accepted(world, secret=("price", "costs"))
    pilot = pilots.running(match, world.staff, clock.today() - START)
    assert terms.secret(pilot) == {"price_after", "costs"}
    said = {"price_after": "1台あたり月2,700円から。\n2年目は2割引き。", "costs": "機器は提案者。"}
    Pilot.objects.filter(pk=pilot.pk).update(terms=pilot.terms | said)
    row = received(world, Case.objects.get(pk=pilot.case_id))
    for text in said.values():
        found = [spans for _kind, line, spans in row.marked if text in line]
        assert found, text
        assert all(found), text
