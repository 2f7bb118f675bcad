"""Whatever access somebody loses is noted beside the backups, by kinds and keys alone: what a restore
gives back of it is taken away again.
"""

from datetime import date, datetime

from django.conf import settings

from portal import clock
from portal.accounts import taking_again
from portal.accounts.taking_again import Taken
from portal.backups import journal
from portal.backups.shelves import Shelf
from portal.types import Json
from portal.workflow.jobs import enqueue

NOTED = "taken"


def note_taken(kind: str, key: int, /, *, person: int, until: date | None = None) -> None:
    """By a job of the same transaction, as an erasure is."""
    if settings.BACKUPS:
        last = until.isoformat() if until else ""
        entry: dict[str, Json] = {"kind": kind, "key": key, "person": person, "until": last}
        enqueue([("note_taking", {"at": clock.now().isoformat(), **entry})])


def note(at: str, kind: str, key: int, person: int, until: str) -> None:
    journal.put(NOTED, {"at": at, "kind": kind, "key": key, "person": person, "until": until})


def repeat(shelf: Shelf, moment: datetime) -> list[str]:
    """Take away again whatever was taken away since `moment`; what was done, one by one."""
    found = [
        Taken(
            kind=entry["kind"],
            key=entry["key"],
            person=entry["person"],
            until=date.fromisoformat(entry["until"]) if entry["until"] else None,
        )
        for entry in journal.since(shelf, NOTED, moment)
    ]
    return taking_again.take(found)
