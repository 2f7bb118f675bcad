"""An act as if it were done: it happens for real, is looked at, and never was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from portal import events
from portal.workflow.door import door
from portal.workflow.gathering import Run

if TYPE_CHECKING:
    from django.db.models import Model

    from portal.types import User

R = TypeVar("R")


class _Undone(Exception):
    """Takes everything back that was done inside the door."""


def rehearse(
    act: Callable[[], object], read: Callable[[Run], R], *, by: User, locks: Iterable[Model] = ()
) -> R:
    """What `read` finds once `act` was done as `by`, before all of it is undone: no event, no number,
    no mail, no job and no line of the log stays. Raises what the act raises.
    """
    found: list[R] = []
    try:
        with events.unsaid(), door(by, locks) as run:
            act()
            run.write_down()
            found.append(read(run))
            raise _Undone
    except _Undone:
        return found[0]
