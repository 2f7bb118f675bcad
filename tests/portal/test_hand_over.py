"""Cases follow a role that was handed over, from its day on."""

from datetime import timedelta

import pytest

from portal import clock
from portal.accounts import roles
from portal.accounts.models import RoleProposal, User
from portal.cases import assignment, hand_over, interests, jobs
from portal.cases.models import Case
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.portal.test_roles import entered


def held(world: World, *, closed: bool = False) -> Case:
    case = world.submitted()[0].case
    assignment.assign(case, world.officer, by=world.officer)
    if closed:
        Case.objects.filter(pk=case.pk).update(closed_at=clock.now())
    return case


def handed_over(world: World, receiver: User, days: int) -> None:
    first, second = world.staff["administrator"], world.staff["second_administrator"]
    on = clock.today() + timedelta(days=days)
    for proposal in roles.hand_over(world.officer, receiver, by=first, on=on):
        roles.confirm(proposal, by=second)


def newcomer() -> User:
    return User.objects.create_user("successor@city.example", name="後任", office="課")


def officer_of(case: Case) -> User | None:
    return Case.objects.select_related("assigned_to").get(pk=case.pk).assigned_to


def test_open_cases_follow_from_the_given_day_on_and_ended_ones_stay(world: World) -> None:
    receiver, case, ended = newcomer(), held(world), held(world, closed=True)
    handed_over(world, receiver, days=3)
    jobs.pass_time(0)
    assert officer_of(case) == world.officer
    with clock.at(clock.now() + timedelta(days=3)):
        jobs.pass_time(0)
        assert hand_over.pass_cases() == 0
    assert (officer_of(case), officer_of(ended)) == (receiver, world.officer)


def test_a_case_in_which_the_successor_has_an_interest_stays_and_is_found(world: World) -> None:
    receiver, case, other = newcomer(), held(world), held(world)
    interests.step_back(case, by=receiver, detail="親族")
    handed_over(world, receiver, days=0)
    assert hand_over.pass_cases() == 1
    assert (officer_of(case), officer_of(other)) == (world.officer, receiver)


def test_a_proposal_that_nobody_confirmed_passes_nothing(world: World) -> None:
    receiver, case = newcomer(), held(world)
    roles.hand_over(world.officer, receiver, by=world.staff["administrator"], on=clock.today())
    assert hand_over.pass_cases() == 0
    assert officer_of(case) == world.officer


def test_no_role_is_handed_over_on_a_day_that_is_past(world: World) -> None:
    receiver, administrator = newcomer(), world.staff["administrator"]
    yesterday = clock.today() - timedelta(days=1)
    with pytest.raises(NotReady, match="今日からあとの日"):
        roles.hand_over(world.officer, receiver, by=administrator, on=yesterday)
    client = entered(administrator)
    typed = {"on_y": yesterday.year, "on_m": yesterday.month, "on_d": yesterday.day}
    page = client.post(
        "/staff/roles/hand-over/", typed | {"pairs": f"{world.officer.email},{receiver.email}"}
    )
    assert page.status_code == 422
    assert page.context["form"].errors == {"on": ["引き継ぐ日は、今日からあとの日にしてください。"]}
    assert not RoleProposal.objects.filter(person=receiver).exists()
