"""Whoever was of a firm that passed its award on stays out of the case, and reads no mail of it."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

from grants.awards.models import Award
from portal import clock
from portal.accounts.models import Organisation, User
from portal.cases import interests
from portal.cases.models import Case, Interest
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.grants.test_firm import HEIR, merged


def kin(world: World, firm: Organisation, by: str) -> User:
    """The inspector once belonged to the firm, or advised it."""
    someone, today = world.staff["inspector"], clock.today()
    if by == "membership":
        firm.memberships.create(user=someone, role="member", left_at=clock.now())
    else:
        days = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=2)}
        granted_by = firm.memberships.get(left_at=None).user
        firm.delegations.create(adviser=someone, granted_by=granted_by, **days)
    return someone


def is_shut_out(someone: User, pk: int) -> bool:
    someone = User.objects.get(pk=someone.pk)
    case = Case.objects.get(pk=pk)
    filled = Case.objects.get(pk=pk)
    interests.fill(someone, [filled])
    ways = {
        bool(interests.known(someone, case)),
        bool(interests.known(someone, filled)),
        interests.among(someone, Case.objects.filter(pk=pk)) != [],
        someone.pk in interests.people([case]),
        (someone.pk, pk) in interests.people_by_case([case]),
        case not in Case.objects.visible_to(someone),
    }
    (answer,) = ways  # however it is asked
    return answer


@begins(awarded)
@pytest.mark.parametrize("by", ["membership", "mandate"])
@pytest.mark.parametrize("is_registered", [True, False])
def test_an_interest_in_the_former_firm_stays_with_the_case(
    world: World, tmp_path: Path, client: Client, by: str, is_registered: bool
) -> None:
    award, _person = world.begun(awarded)
    if is_registered:
        Organisation.objects.create(kind="corporation", corporate_number=HEIR, name="引き継ぎ")
    someone = kin(world, award.case.organisation, by)
    merged(award.case.organisation, tmp_path)
    assert is_shut_out(someone, award.case_id)
    world.decided("succeed", [award], {"reason": "吸収合併のため"})
    assert Award.objects.get(pk=award.pk).case.organisation.corporate_number == HEIR
    assert is_shut_out(someone, award.case_id)
    client.force_login(world.officer)
    page = client.get(f"/cases/{award.case.number}/duties/").content.decode()
    assert "前の事業者の関係者" in page


@begins(awarded)
def test_what_was_declared_before_a_succession_stands(world: World, tmp_path: Path) -> None:
    award, _person = world.begun(awarded)
    someone = kin(world, award.case.organisation, "membership")
    interests.declare(award.case, by=someone, detail="かつての勤め先")
    merged(award.case.organisation, tmp_path)
    world.decided("succeed", [award], {"reason": "吸収合併のため"})
    assert Interest.objects.get(person=someone).detail == "かつての勤め先"


@begins(awarded)
def test_a_case_that_passed_before_this_was_kept_gets_it_from_the_record(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    award, _person = world.begun(awarded)
    someone = kin(world, award.case.organisation, "mandate")
    merged(award.case.organisation, tmp_path)
    with monkeypatch.context() as before:
        before.setattr(interests, "people", lambda _cases: set())  # nothing was kept
        world.decided("succeed", [award], {"reason": "吸収合併のため"})
    assert not is_shut_out(someone, award.case_id)
    migration = import_module("grants.awards.migrations.0004_interests_of_former_firms")
    for _again in range(2):
        migration.keep(apps, None)
        assert is_shut_out(someone, award.case_id)
