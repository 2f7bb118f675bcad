"""The one way to write an audit event, to seal a day, and to verify everything written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

from django.db import connection, models, transaction

from portal import clock
from portal import events as log
from portal.audit import chain as arithmetic
from portal.audit.models import Event, Head, Payload, Seal, new_salt
from portal.events import Event as LogEvent

if TYPE_CHECKING:
    from portal.types import User

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


def _heads_hash(heads: Iterator[tuple[str, int, str]]) -> tuple[str, int, int]:
    lines = [f"{name} {seq} {value}" for name, seq, value in heads]
    return (
        arithmetic.sha256("\n".join(lines)),
        len(lines),
        sum(int(line.rsplit(" ", 2)[1]) for line in lines),
    )


def _heads_until(last_event_id: int) -> Iterator[tuple[str, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT DISTINCT ON (chain COLLATE "C") chain, seq, hash FROM portal_audit_event WHERE id <= %s'
            ' ORDER BY chain COLLATE "C", seq DESC',
            [last_event_id],
        )
        yield from cursor.fetchall()


@transaction.atomic
def seal() -> Seal:
    """Seal all heads of the moment under today's date; a second call the same day returns the first
    seal.
    """
    with connection.cursor() as cursor:
        # no event is half-written while we count
        cursor.execute("LOCK TABLE portal_audit_event IN SHARE MODE")
    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    digest, chains, events = _heads_hash(_heads_until(last))
    found, _ = Seal.objects.get_or_create(
        day=clock.today(),
        defaults={
            "sealed_at": clock.now(),
            "chains": chains,
            "events": events,
            "last_event_id": last,
            "hash": digest,
        },
    )
    return found


def first_fault() -> str:
    """The first broken place, as a sentence, or "" when every chain, payload, head and seal is
    whole.
    """
    last_of: dict[str, tuple[int, str]] = {}
    events = Event.objects.order_by("chain", "seq").select_related("payload")
    for event in events.iterator(chunk_size=2000):
        fault = _fault_of(event, *last_of.get(event.chain, (0, "")))
        if fault:
            return f"{event.chain} #{event.seq} (event {event.pk}): {fault}"
        last_of[event.chain] = (event.seq, event.hash)
    for head in Head.objects.iterator():
        if last_of.pop(head.chain, None) != (head.seq, head.hash):
            return f"{head.chain}: the chain ends before its recorded head #{head.seq}"
    if last_of:
        return f"{next(iter(last_of))}: the chain has no recorded head"
    return _fault_of_seals()


def _fault_of(event: Event, last_seq: int, last_hash: str) -> str:
    if event.seq != last_seq + 1:
        return f"event #{last_seq + 1} is missing"
    if event.prev_hash != last_hash:
        return "does not follow the event before it"
    if event.hash != arithmetic.link(last_hash, event.canonical()):
        return "its text was changed"
    payload = getattr(event, "payload", None)
    if payload is None:
        return "its payload was removed"
    if (
        not payload.erased_at
        and arithmetic.payload_hash(payload.salt, payload.content) != event.payload_hash
    ):
        return "its payload was changed"
    return ""


def _fault_of_seals() -> str:
    for found in Seal.objects.order_by("day"):
        digest, chains, events = _heads_hash(_heads_until(found.last_event_id))
        if (digest, chains, events) != (found.hash, found.chains, found.events):
            return f"seal of {found.day}: the sealed heads are not those recorded"
    return ""
