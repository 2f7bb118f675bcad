"""Lost factors, with two threads: confirmed once, and never after its owner stopped it."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.utils import is_mfa_enabled
from django.db.models import QuerySet

from portal import clock
from portal.accounts import lost_factors, roles
from portal.accounts.models import FactorRemoval, User
from portal.audit.models import Event
from portal.workflow.errors import NotReady
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.portal.test_lost_factors import proposed
from tests.portal.test_roles import administrators


@pytest.fixture
def ready(committed_world: World) -> FactorRemoval:
    """A proposal whose wait is over."""
    removal = proposed(committed_world.officer, administrators(committed_world)[0])
    ago = clock.now() - timedelta(hours=3)
    FactorRemoval.objects.update(proposed_at=ago, waits_until=ago)
    return removal


def acts(person: User) -> list[str]:
    found = Event.objects.filter(chain=f"person:{person.pk}", action__startswith="factor.")
    return sorted(found.values_list("action", flat=True))


def test_two_confirm_at_once_and_one_does(committed_world: World, ready: FactorRemoval) -> None:
    world = committed_world
    third = world.outsider
    third.office = "課"
    third.save()
    roles.appoint(third, "administrator", starts_on=clock.today())
    second = administrators(world)[1]
    third = User.objects.get(pk=third.pk)
    found = together(
        lambda: lost_factors.confirm(ready, by=second),
        lambda: lost_factors.confirm(ready, by=third),
    )
    assert sorted(type(result).__name__ for result in found) == ["FactorRemoval", "NotReady"]
    assert acts(world.officer) == ["factor.propose", "factor.remove"]


def test_it_is_stopped_or_confirmed_and_never_both(
    committed_world: World, ready: FactorRemoval
) -> None:
    second = administrators(committed_world)[1]
    found = together(
        lambda: lost_factors.confirm(ready, by=second), lambda: lost_factors.stop(ready)
    )
    assert sorted(type(result).__name__ for result in found) == ["FactorRemoval", "NotReady"]
    outcome = FactorRemoval.objects.get().outcome
    person = User.objects.get(pk=committed_world.officer.pk)
    assert is_mfa_enabled(person) == (outcome == "stopped")
    assert len(acts(person)) == 2


def test_without_the_lock_both_would_happen(
    committed_world: World, ready: FactorRemoval, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same two, with nothing held between looking and writing."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    looked = FactorRemoval.held

    def slowly(removal: FactorRemoval, *beside: str) -> FactorRemoval:
        fresh = looked(removal, *beside)
        time.sleep(0.5)
        return fresh

    monkeypatch.setattr(FactorRemoval, "held", slowly)
    second = administrators(committed_world)[1]
    found = together(
        lambda: lost_factors.confirm(ready, by=second), lambda: lost_factors.stop(ready)
    )
    assert NotReady not in {type(result) for result in found}  # nobody is told it is over


def test_two_proposals_at_once_are_one(committed_world: World) -> None:
    first, second = administrators(committed_world)
    person = committed_world.officer
    found = together(lambda: proposed(person, first), lambda: proposed(person, second))
    assert sorted(type(result).__name__ for result in found) == ["FactorRemoval", "NotReady"]
    assert {type(result) for result in found} == {FactorRemoval, NotReady}
