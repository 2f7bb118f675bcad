"""What is asked of many rows of one model before they change, and stored afterwards, in few queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from django.db import models

from portal.workflow import duties, trace
from portal.workflow.errors import NotReady, Refused
from portal.workflow.graph import LifeCycle, Spec
from portal.workflow.ports import known_interests

if TYPE_CHECKING:
    from portal.types import User


def loaded(row: models.Model) -> dict[str, object]:
    """The columns of a row as they are in memory now; those not read from the database are left
    out.
    """
    names = [field.attname for field in row._meta.concrete_fields]
    return {name: row.__dict__[name] for name in names if name in row.__dict__}


def store(rows: Sequence[models.Model], was: Sequence[dict[str, object]]) -> None:
    """Store what changed since `loaded`, each row by one UPDATE: constraints of the database look at
    a row after every one.
    """
    model = type(rows[0])
    names = [
        name
        for name in was[0]
        if any(getattr(row, name) != old[name] for row, old in zip(rows, was, strict=True))
    ]
    same = {
        name: getattr(rows[0], name)
        for name in names
        if len({repr(getattr(row, name)) for row in rows}) == 1
    }
    if len(same) == len(names):
        model._default_manager.filter(pk__in=[row.pk for row in rows]).update(**same)
    else:
        model._default_manager.bulk_update(rows, names, batch_size=500)


@contextmanager
def row_by_row(
    by: User, name: str
) -> Iterator[Callable[[LifeCycle], AbstractContextManager[None]]]:
    """Go on to the next row where one is refused; at the end all are, each refusal named by its
    case.
    """
    refused: list[str] = []

    @contextmanager
    def each(obj: LifeCycle) -> Iterator[None]:
        try:
            with trace.refusals(by, obj, name):
                yield
        except Refused as error:
            refused.extend(f"{getattr(obj, 'case', obj)}: {text}" for text in error.reasons)

    yield each
    if refused:
        raise NotReady(*refused, is_noted=True)  # row by row


def done_before(by: User, rows: Sequence[LifeCycle], spec: Spec) -> dict[str, set[str]]:
    """The duties that the person has done on all rows, found at once; none where none is asked."""
    if not spec.asked_duty:
        return {}
    return duties.done(by, [subject for obj in rows for subject in obj.duty_subjects()])


def ask_before(by: User, rows: Sequence[LifeCycle]) -> None:
    """Let each case keep what permissions will ask about it, found for all rows at once."""
    cases = [case for row in rows if (case := getattr(row, "case", None)) is not None]
    known_interests.value.fill(by, cases)
