"""Work in the background that fails: each job names a kind, and a kind is tried again as it says."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from procrastinate.contrib.django import app

from portal.again import KINDS, OFTEN, Kind

ROOT = Path(__file__).resolve().parents[2]
OURS = {
    name: task
    for name, task in app.tasks.items()
    if "builtin" not in name and not task.func.__module__.startswith("tools.")
}


def test_each_job_names_a_kind() -> None:
    assert len(OURS) == 43
    assert [name for name, task in OURS.items() if task.retry_strategy not in KINDS] == []


def test_what_comes_by_the_clock_is_done_by_its_next_turn_or_within_the_day() -> None:
    by_the_clock = {row.task.name for row in app.periodic_registry.periodic_tasks.values()}
    named = {name: str(getattr(task.retry_strategy, "name", "")) for name, task in OURS.items()}
    assert {name for name, kind in named.items() if kind in ("daily", "often")} == by_the_clock


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_all_waits_together_are_what_the_table_says(kind: Kind) -> None:
    decisions = [
        kind.get_retry_decision(exception=OSError(), job=SimpleNamespace(attempts=n))  # type: ignore[arg-type]
        for n in range(kind.times + 1)
    ]
    assert [decision is None for decision in decisions] == [*[False] * kind.times, True]
    total = sum(kind.waits, type(kind.over)())
    assert kind.over <= total < kind.over + kind.longest or kind is OFTEN
    assert kind.waits == sorted(kind.waits)


def test_the_deployment_page_lists_every_kind() -> None:
    page = (ROOT / "docs/deployment.md").read_text(encoding="utf-8")
    for kind in KINDS:
        jobs = ", ".join(
            f"`{name}`" for name, task in sorted(OURS.items()) if task.retry_strategy is kind
        )
        assert f"| {kind.name} | {jobs} | {_said(kind)} |" in page


def _said(kind: Kind) -> str:
    """How often and over how long, as the page says it."""
    if not kind.times:
        return "not: its next turn does it"
    hours = round(kind.over.total_seconds() / 3600)
    return f"{kind.times} times in {hours} hours, at least every {_span(kind)}"


def _span(kind: Kind) -> str:
    minutes = round(kind.longest.total_seconds() / 60)
    return "hour" if minutes == 60 else f"{minutes} minutes"
