"""What a transition asks of its row, and what it locks: its own room's requirements, and those that later
rooms joined.
"""

from django.db import models

from portal.types import Given, Row
from portal.workflow.graph import LifeCycle, Requirement, Spec
from portal.workflow.ports import joined_requirements


def unmet(obj: LifeCycle, spec: Spec) -> list[str]:
    """What is missing before the transition may run, this room's requirements and those joined by
    later rooms.
    """
    return [reason for requirement in _asked(obj, spec) for reason in requirement.reasons(obj)]


def touches(obj: LifeCycle, name: str, given: Given) -> list[models.Model]:
    """What a transition locks beside the cases whose turns hang on its row."""
    return [obj, *obj.specs()[name].locks(obj, given), *asked_about(obj, name)]


def asked_about(obj: LifeCycle, name: str) -> list[models.Model]:
    """The other rows that the requirements of a transition ask about: whoever performs it inside a door
    of their own locks them, too.
    """
    asked = _asked(obj, obj.specs()[name])
    return [row for requirement in asked for row in requirement.locks(obj)]


def _asked(obj: LifeCycle, spec: Spec) -> list[Requirement[Row]]:
    return [*spec.requirements, *joined_requirements.of(type(obj), spec.name)]
