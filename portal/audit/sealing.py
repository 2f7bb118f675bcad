"""Sealing a day, and verifying everything written."""

from collections.abc import Iterator

from django.db import connection, transaction

from portal import clock
from portal import events as log
from portal.audit import chain as arithmetic
from portal.audit import rows
from portal.audit.models import Event, Head, Seal
from portal.events import Event as LogEvent

Published = tuple[str, str]  # day and hash of a seal, as published


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


def seal() -> Seal:
    """Seal all heads of the moment under today's date, that of what was printed too; a second call
    the same day returns the first seal. Its line in the log is a copy outside the database.
    """
    printed = rows.last_print()
    with transaction.atomic():
        return _seal(printed)


def _seal(printed: int) -> Seal:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('seal'))")  # one at a time
        if found := Seal.objects.filter(day=clock.today()).first():
            return found
        rows.record_prints(printed)
        # no event is half-written while we count
        cursor.execute("SELECT portal_audit_quiet('portal_audit_event')")
    last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    digest, chains, events = _heads_hash(_heads_until(last))
    made = Seal.objects.create(
        day=clock.today(),
        sealed_at=clock.now(),
        chains=chains,
        events=events,
        last_event_id=last,
        hash=digest,
    )
    transaction.on_commit(lambda: _tell(made))
    return made


def _tell(made: Seal) -> None:
    log.log(LogEvent.DAY_SEALED, code=made.hash, day=made.day.isoformat(), rows=made.events)


def fault_of_chains() -> str:
    """The first event, payload or head that is not as it was recorded, as a sentence, or ""."""
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
    return ""


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


def fault_of_seals() -> str:
    for found in Seal.objects.order_by("day"):
        digest, chains, events = _heads_hash(_heads_until(found.last_event_id))
        if (digest, chains, events) != (found.hash, found.chains, found.events):
            return f"seal of {found.day}: the sealed heads are not those recorded"
    return ""


def fault_of_published(kept: list[Published]) -> str:
    """The first seal that was published and is here no more, or not the same: what a copy from
    outside shows of a record whose newest events were cut off together with their seals.
    """
    here = {found.day.isoformat(): found.hash for found in Seal.objects.all()}
    for day, digest in kept:
        if here.get(day) != digest:
            return f"seal of {day}: not the one that was published"
    return ""
