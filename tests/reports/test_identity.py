"""The version of the code that a release carries: it follows the computation, never the look or the
place of the code.
"""

from typing import Any

import pytest

from portal import clock, fiscal
from reports.statistics import identity
from reports.statistics.identity import digest
from reports.statistics.models import Release
from reports.statistics.releasing import building
from tests.conftest import World

RULES = '''
import numpy as np
from portal import clock
from reports.statistics import shares
from reports.statistics.bounds import LEAST, of as bound

LIMIT = 10

class Cell:
    count: int = 0

def shown(count: int) -> bool:
    """Is a count published?"""
    return count >= LEAST and np.isfinite(count) and shares.part(count) < bound(LIMIT)
'''
SHARES = "def part(count):\n    return count / 2\n"
BOUNDS = "LEAST = 3\n\ndef of(limit):\n    return limit * 2\n"
MODULES = {
    "reports.statistics.rules": RULES,
    "reports.statistics.shares": SHARES,
    "reports.statistics.bounds": BOUNDS,
}

# the same computation written anew: another layout, comments, no docstrings, other annotations, other files
REWRITTEN = {
    "reports.statistics.publishing.counts": '''
"""All about counts."""
from __future__ import annotations
import numpy
from portal import clock
from reports.statistics.publishing.parts import part
LIMIT = 10; LEAST = 3
class Cell:
    """One cell."""
    count: "Yen" = 0
def of(limit):  # twice
    return limit * 2
def shown(
    count,
):
    return (
        count >= LEAST
        and numpy.isfinite(count)
        and part(count) < of(LIMIT)
    )
''',
    "reports.statistics.publishing.parts": SHARES + "\n# the end\n",
}


def changed(old: str, new: str) -> dict[str, str]:
    assert sum(text.count(old) for text in MODULES.values()) == 1
    return {name: text.replace(old, new) for name, text in MODULES.items()}


def test_layout_comments_docstrings_annotations_and_files_do_not_change_the_version() -> None:
    assert digest(REWRITTEN) == digest(MODULES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LEAST = 3", "LEAST = 4"),
        ("count >= LEAST", "count > LEAST"),
        ("limit * 2", "limit * 2.0"),
        ("shares.part(count)", "bound(count)"),
        ("of as bound", "LIMIT as bound"),
        ("import numpy as np", "import pandas as np"),
        ("    count: int = 0", "    count = 0"),
        ("    return count / 2", "    print(count)\n    return count / 2"),
    ],
)
def test_a_changed_computation_changes_the_version(old: str, new: str) -> None:
    assert digest(changed(old, new)) != digest(MODULES)


def test_the_version_covers_every_step_of_the_pipeline_and_no_page() -> None:
    steps = {name.rpartition(".")[2] for name in identity.computing()}
    assert steps >= {
        "frames",
        "cases",
        "money",
        "dimensions",
        "measures",
        "reported",
        "activity",
        "unlisted",
        "disclosure",
        "guards",
        "proprietors",
        "effects",
        "tables",
        "lists",
    }
    assert steps >= {"columns", "snapshot", "reconciling", "differences", "building"}
    assert steps.isdisjoint(
        {"models", "public", "office", "board", "charts", "wording", "urls", "downloads"}
    )


def test_a_published_release_keeps_the_version_it_was_made_with(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.submitted()
    year = fiscal.fiscal_year(clock.today())
    people: dict[str, Any] = {"by": world.officer, "approved_by": world.approver}
    monkeypatch.setattr(
        building, "code_version", lambda: "0123456789abcdef"
    )  # made by the text of the modules
    before = building.publish(year, **people)
    monkeypatch.undo()
    after = building.publish(year, **people)
    before = Release.objects.get(pk=before.pk)
    assert (before.code_version, after.code_version) == (
        "0123456789abcdef",
        identity.code_version(),
    )
    for release in (before, after):
        tables = {table.name: {"sha256": table.sha256} for table in release.tables.all()}
        assert building.fingerprint(tables) == release.sha256
