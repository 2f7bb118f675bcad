"""Support money for one challenge, town and firm, in two drafts about two calls that are decided at once."""

import pytest

from grants.applications.models import Application
from grants.awards.models import Award
from grants.programmes.models import Call
from portal import clock
from portal.workflow import door
from portal.workflow.door import perform
from portal.workflow.errors import Refused
from startups.pilots.starting import start_pilot
from tests.concurrency.test_races import slowly, together
from tests.conftest import World
from tests.startups.test_pilots import START, accepted, again
from tools.demonstration.rooms import pilots


def two_awards(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each in a call of its own, so that neither the line of the budget nor the call is common to both."""
    staff = world.staff
    first = pilots.running(accepted(world)[0], staff, clock.today() - START)
    second = start_pilot([again(world, first)], by=staff["concierge"])
    second = pilots.agreed(second, staff, clock.today())
    rows = [pilots.applied(first, world.sim)]
    call = rows[0].call
    Call.objects.filter(pk=call.pk).update(municipality_codes=["012319"])  # the next is another
    rows.append(pilots.applied(second, world.sim))
    Call.objects.filter(pk=call.pk).update(municipality_codes=call.municipality_codes)
    assert len({row.call_id for row in rows}) == 2
    approvals = [world.approval("award", [row]) for row in rows]
    slowly(monkeypatch, Application, "award")
    return together(*[lambda a=a: perform(a, "approve", by=world.director) for a in approvals])


def test_control_without_the_lock_it_is_paid_twice(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    two_awards(committed_world, monkeypatch)
    assert Award.objects.count() == 2


def test_two_drafts_at_once_pay_it_once(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = two_awards(committed_world, monkeypatch)
    assert Award.objects.count() == 1
    assert "すでに決定しています" in str(next(r for r in results if isinstance(r, Refused)))
