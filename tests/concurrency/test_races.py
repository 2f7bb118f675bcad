"""Races with two threads on PostgreSQL: first the control that shows the race without the lock, then the same with it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from grants.applications import discarding, submit
from grants.applications.models import Application
from grants.awards.models import Award
from grants.budget.models import BudgetLine
from portal.audit.models import Event
from portal.audit.record import record
from portal.audit.verifying import first_fault
from portal.workflow import door
from portal.workflow.door import begin, perform
from portal.workflow.errors import Refused
from reports.statistics.models import Release
from reports.statistics.releasing import building
from tests.conftest import World, check_files
from tests.grants.test_decisions import accepted, line_of, small
from tools.demonstration import simulation


def together(*calls: Callable[[], object]) -> list[object]:
    """Run the calls at once; returns each one's result or exception."""
    barrier = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(n: int, call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[n] = call()
        except Exception as error:  # noqa: BLE001,RUF100  the test looks at it
            results[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, call)) for n, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def slowly(
    monkeypatch: pytest.MonkeyPatch, model: Any, name: str = "begin", seconds: float = 0.3
) -> None:
    """Widen the window between looking and writing of a transition."""
    original = getattr(model, name)

    def wait(self: Any, **given: Any) -> Any:
        result = original(self, **given)
        threading.Event().wait(seconds)
        return result

    wait.spec = original.spec  # type: ignore[attr-defined]
    monkeypatch.setattr(model, name, wait)


@pytest.fixture
def slow_door(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make the window between looking and writing wide enough to fall into, and the lock removable."""

    def unlock() -> None:
        monkeypatch.setattr(door, "lock", lambda _rows: None)

    slowly(monkeypatch, Application)
    return unlock


def two_drafts(world: World) -> list[object]:
    firm, person = simulation.organisation(world.sim)
    call = world.calls["telework"]
    return together(*[lambda: begin(Application, by=person, call=call, organisation=firm)] * 2)


def test_control_without_the_lock_one_firm_gets_two_applications(
    committed_world: World, slow_door: Callable[[], None]
) -> None:
    slow_door()
    results = two_drafts(committed_world)
    assert [type(r) for r in results] == [Application, Application]


def test_with_the_lock_the_second_is_told_of_the_first(
    committed_world: World, slow_door: Callable[[], None]
) -> None:
    results = two_drafts(committed_world)
    assert sum(isinstance(r, Application) for r in results) == 1
    assert "すでに申請" in str(next(r for r in results if isinstance(r, Refused)))


def two_awards(world: World) -> list[object]:
    small(world, 300_000)
    approvals = [world.approval("award", [accepted(world)]) for _ in range(2)]
    return together(*[lambda a=a: perform(a, "approve", by=world.director) for a in approvals])


def test_control_without_lock_and_constraint_the_budget_is_overdrawn(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grants_budget_budgetline DROP CONSTRAINT budget_no_overdraft")
    try:
        monkeypatch.setattr(door, "lock", lambda _rows: None)
        two_awards(committed_world)
        line = line_of(committed_world)
        assert (line.committed, line.appropriated) == (600_000, 300_000)
    finally:
        BudgetLine.objects.filter(committed__gt=300_000).update(appropriated=600_000)
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE grants_budget_budgetline ADD CONSTRAINT budget_no_overdraft CHECK (committed <= appropriated)"
            )


def test_two_approvals_at_once_never_overdraw_the_budget(committed_world: World) -> None:
    results = two_awards(committed_world)
    line = line_of(committed_world)
    assert (line.committed, Award.objects.count()) == (300_000, 1)
    assert sum(isinstance(r, Refused) for r in results) == 1


def two_releases(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Two drafts of one year approved at once, the first of them slow to publish."""
    drafts = [building.build(begin(Release, by=world.officer, fiscal_year=2026)) for _ in range(2)]
    original = Release.approve

    def wait(self: Any, **given: Any) -> Any:
        result = original(self, **given)
        threading.Event().wait(0.3)
        return result

    wait.spec = original.spec  # type: ignore[attr-defined]
    monkeypatch.setattr(Release, "approve", wait)
    return together(*[lambda d=d: perform(d, "approve", by=world.approver) for d in drafts])


def test_control_without_the_lock_two_approvals_collide_in_the_database(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    results = two_releases(committed_world, monkeypatch)
    assert sorted(type(r).__name__ for r in results) == ["IntegrityError", "Release"]


def test_two_approvals_at_once_leave_one_current_release(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = two_releases(committed_world, monkeypatch)
    assert Release.objects.filter(state="approved").count() == 1
    assert all(isinstance(r, Release | Refused) for r in results), results


def test_a_double_click_submits_once(committed_world: World) -> None:
    application, person = committed_world.submitted()
    results = together(*[lambda: perform(application, "withdraw", by=person, key="same")] * 2)
    assert [getattr(r, "state", r) for r in results] == ["withdrawn", "withdrawn"]
    assert Event.objects.filter(action="application.withdraw").count() == 1


def test_the_chain_stays_whole_under_eight_writers(committed_world: World) -> None:
    by = committed_world.officer
    together(
        *[lambda: [record(chain="case:9", action="a.b", subject="a:1", by=by) for _ in range(20)]]
        * 8
    )
    assert Event.objects.filter(chain="case:9").count() == 160
    assert first_fault() == ""


def test_a_draft_is_submitted_or_thrown_away_and_never_both(committed_world: World) -> None:
    application, person = committed_world.draft()
    check_files()
    found = together(
        lambda: submit.submit(application, by=person),
        lambda: discarding.discard(application, by=person),
    )
    failed = [result for result in found if isinstance(result, Exception)]
    assert len(failed) == 1, found
    fresh = Application.objects.select_related("case").get(pk=application.pk)
    assert (fresh.state == "withdrawn") == (fresh.case.disposed_on is not None)
    assert (fresh.state == "submitted") == fresh.sections.exclude(data={}).exists()
