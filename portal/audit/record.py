"""The one way to write an audit event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

from django.db import models, transaction

from portal import clock
from portal import events as log
from portal.audit import chain as arithmetic
from portal.audit.models import Event, Payload, new_salt
from portal.events import Event as LogEvent

if TYPE_CHECKING:
    from portal.types import User

DISPOSED = "case.dispose"  # the act after which the payloads of its chain are erased

_held: ContextVar[list[Event] | None] = ContextVar("held", default=None)


def record(
    *,
    chain: str,
    action: str,
    subject: str,
    by: User,
    before: str = "",
    after: str = "",
    capacity: str = "",
    **content: object,
) -> Event:
    """Append one event inside the caller's transaction; inside a door it is stored at its end.

    `content` holds reasons and names (erasable).
    """
    text = arithmetic.write(
        {key: value for key, value in content.items() if value not in (None, "")}
    )
    salt = new_salt()
    event = Event(
        chain=chain,
        at=clock.now(),
        actor=by,
        capacity=capacity,
        action=action,
        subject=subject,
        before=before,
        after=after,
        payload_hash=arithmetic.payload_hash(salt, text),
    )
    event.payload = Payload(salt=salt, content=text)
    held = _held.get()
    if held is None:
        _write([event])
    else:
        held.append(event)
    return event


class Recorded(Protocol):
    """A row that knows its chain, and its name in it."""

    @property
    def audit_chain(self) -> str: ...

    @property
    def subject_key(self) -> str: ...


def record_about(
    row: Recorded,
    action: str,
    *,
    by: User,
    before: str = "",
    after: str = "",
    capacity: str = "",
    **content: object,
) -> Event:
    """Append one event about what happened to a row beside its transitions."""
    return record(
        chain=row.audit_chain,
        action=action,
        subject=row.subject_key,
        by=by,
        before=before,
        after=after,
        capacity=capacity,
        **content,
    )


def _write(events: list[Event]) -> None:
    """Store events in their order; the trigger numbers and chains them one by one."""
    Event.objects.bulk_create(events, batch_size=500)
    for event in events:
        event.payload.event = event
    Payload.objects.bulk_create([event.payload for event in events], batch_size=500)
    transaction.on_commit(partial(_tell, events))


def _tell(written: list[Event]) -> None:
    """One line of the log for each kind of act, however many rows it was done to."""
    of_kind = attrgetter("action")
    for action, same in groupby(sorted(written, key=of_kind), key=of_kind):
        first, *others = same
        log.log(
            LogEvent.ACT_RECORDED,
            user=first.actor_id,
            of=first.subject,
            act=action,
            rows=1 + len(others),
        )


@contextmanager
def gathered() -> Iterator[list[Event]]:
    """Hold back what is recorded inside, and write it in its order at the end of the block (not
    when it raises).
    """
    held: list[Event] = []
    token = _held.set(held)
    try:
        yield held
    finally:
        _held.reset(token)
    _write(held)


def erase_payloads(events: models.QuerySet[Event]) -> int:
    """Empty the payloads whose time has come; the chain stays whole. Returns how many."""
    return Payload.objects.filter(event__in=events, erased_at=None).update(
        content="", salt="", erased_at=clock.now()
    )
