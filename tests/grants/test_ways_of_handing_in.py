"""What a room asks of one way of handing in an application it asks of each."""

import inspect
from collections import defaultdict

from grants.applications.models import Application
from grants.applications.submit import WAYS
from portal.workflow.ports import joined_requirements


def test_a_way_is_what_takes_a_version_over() -> None:
    """`submit` performs these; another transition that takes a version over is a way, too."""
    found = {
        name
        for name in Application.specs()
        if "self._take_over(" in inspect.getsource(getattr(Application, name))
    }
    assert found == set(WAYS)


def test_what_is_joined_to_one_way_is_joined_to_all() -> None:
    asked = defaultdict(set)
    for way in WAYS:
        for requirement in joined_requirements.of(Application, way):
            asked[requirement.name, requirement.reasons].add(way)
    assert asked
    assert {name: ways for (name, _reasons), ways in asked.items() if ways != set(WAYS)} == {}
