"""One transition on many rows, each by itself: what is refused on one leaves the others done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.workflow.door import perform
from portal.workflow.errors import Refused
from portal.workflow.graph import LifeCycle

if TYPE_CHECKING:
    from portal.types import User


@dataclass(frozen=True)
class Outcome:
    """One row of a bulk run: the object, and the reasons it was refused (empty = done)."""

    obj: LifeCycle
    reasons: list[str]


def perform_each(objects: Iterable[LifeCycle], name: str, *, by: User) -> list[Outcome]:
    """Row by row, each in its own transaction, with a report per row."""
    report = []
    for obj in objects:
        try:
            report.append(Outcome(perform(obj, name, by=by), []))
        except Refused as refused:
            report.append(Outcome(obj, refused.reasons))
    return report
