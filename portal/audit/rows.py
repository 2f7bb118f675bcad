"""Rows that nobody changes unseen: each has a print, taken by a trigger when it came (`Print`), and
the prints of a day are an event of the chain "rows", which the day's seal covers.
"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from portal.audit.models import Event, Print
from portal.audit.ports import Kept, faults, kept_rows
from portal.audit.record import DISPOSED, record

if TYPE_CHECKING:
    from portal.types import User

CHAIN = "rows"
_DIGEST = """
SELECT count(*), encode(sha256(convert_to(COALESCE(string_agg(
  concat_ws(' ', kept, row_id, columns, hash), E'\\n' ORDER BY id), ''), 'UTF8')), 'hex')
FROM portal_audit_print WHERE id > %s AND id <= %s
"""
# a row of its own, or a print without one, whose two hashes differ
_WRONG = """
SELECT COALESCE(t.id, p.row_id), t.id IS NULL, p.id IS NULL
FROM (SELECT * FROM portal_audit_print WHERE kept = %s AND of_end = %s) AS p
FULL JOIN {table} AS t ON t.id = p.row_id
WHERE CASE WHEN t.id IS NULL THEN true WHEN p.id IS NULL THEN {since}
  ELSE p.hash <> portal_audit_row_hash(to_jsonb(t), string_to_array(p.columns, ',')) END
ORDER BY 1 LIMIT 1
"""


def _digest(after: int, last: int) -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, [after, last])
        rows, digest = cursor.fetchone()
    return {"after": after, "last": last, "rows": rows, "digest": digest}


@transaction.atomic
def last_print() -> int:
    """The number of the last print before which none is still being written. The lock is let go at
    once: who writes may hold it and wait for that of the events.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_audit_quiet('portal_audit_print')")
    return Print.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _recorded_until() -> int:
    found = Event.objects.filter(chain=CHAIN).order_by("-seq").select_related("payload").first()
    return _last_of(found) if found else 0


def _last_of(event: Event) -> int:
    printed = event.payload.data().get("printed")
    return int(printed["last"]) if isinstance(printed, dict) else 0


def record_prints(last: int) -> None:
    """Record the digest of what was printed since the last time, where there is anything."""
    after = _recorded_until()
    if last <= after:
        return
    by: User = get_user_model().objects.system()
    record(
        chain=CHAIN,
        action="rows.printed",
        subject=CHAIN,
        by=by,
        capacity="system",
        printed=_digest(after, last),
    )


def fault_of_rows() -> str:
    """The first kept row that is not as it came, as a sentence, or ""."""
    return next(
        (fault for label, kept in kept_rows.items() if (fault := _fault_of(label, kept))), ""
    )


def fault_of_sums() -> str:
    """The first number or text of a room that does not agree with what it was made of."""
    return next((fault for ask in faults.values() if (fault := ask())), "")


def tables() -> list[str]:
    """The tables of kept rows."""
    return [apps.get_model(label)._meta.db_table for label, _kept in kept_rows.items()]


def _fault_of(label: str, kept: Kept) -> str:
    table = apps.get_model(label)._meta.db_table
    for of_end, since in kept.prints().items():
        with connection.cursor() as cursor:
            cursor.execute(_WRONG.format(table=table, since=since), [table, of_end])
            found = cursor.fetchone()
        if found is not None:
            pk, is_gone, is_unprinted = found
            past = "ended around its trigger" if of_end else "came around its trigger"
            said = "was removed" if is_gone else past if is_unprinted else "was changed"
            return f"{label} {pk}: {said}"
    return ""


def fault_of_prints() -> str:
    after = 0
    for event in Event.objects.filter(chain=CHAIN).order_by("seq").select_related("payload"):
        last = _last_of(event)
        if event.payload.data().get("printed") != _digest(after, last):
            return f"{event.chain} #{event.seq}: the prints are not those recorded"
        after = last
    return ""


def disposed_chains() -> dict[str, int]:
    """Chain → number of the event that says its case's records were erased."""
    return dict(Event.objects.filter(action=DISPOSED).values_list("chain", "seq"))


def fault_of_erasures() -> str:
    disposed = disposed_chains()
    erased = Event.objects.exclude(payload__erased_at=None).order_by("pk")
    for chain, seq in erased.values_list("chain", "seq").iterator(chunk_size=2000):
        if seq > disposed.get(chain, 0):
            return f"{chain} #{seq}: its payload was erased without a disposal"
    return ""
