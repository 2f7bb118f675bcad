"""The database went back to a minute by its own log (deploy/archive/go_back.py): what belongs to it."""

import time
from collections.abc import Iterator
from datetime import datetime

from django.db import OperationalError, connection
from psycopg import sql

from portal import clock
from portal.backups import comparing, erasures, facts, takings
from portal.backups.comparing import Said, said
from portal.backups.programs import Unfit
from portal.backups.restoring import erased_again, taken_again
from portal.backups.shelves import Shelf
from portal.correspondence import holding
from portal.documents import reconciling

PATIENCE = 120.0  # seconds for which a server that is about to start may give no answer
_PAUSE = 0.5


def wait_until_it_reads_no_more() -> None:
    """The server takes writes once it has read its log up to the minute. Raises Unfit."""
    silent_since = time.monotonic()
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_is_in_recovery()")
                if not cursor.fetchone()[0]:
                    return
            silent_since = time.monotonic()
        except OperationalError:
            connection.close()
            if time.monotonic() - silent_since > PATIENCE:
                raise Unfit(
                    "The database does not answer: its log says why. Where it ends before the minute"
                    " was reached, the archive holds nothing later: go back to `latest`."
                ) from None
        time.sleep(_PAUSE)


def moment_of(asked: datetime | None, *, restarted: bool = False) -> datetime:
    """The minute, or without one the last act that the server read. Raises Unfit where the database is
    not back there. `restarted`: the server was, since it came back, and cannot say where it is.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_last_xact_replay_timestamp()")
        last: datetime | None = cursor.fetchone()[0]
    if last is None and not (restarted and asked):
        raise Unfit(
            "The server read no log of its own since it was started: this is no database that went"
            " back. Where it was started once more since, say the minute, and --restarted."
        )
    if asked is None or last is None:
        return asked or last or clock.now()
    if last > asked:
        raise Unfit(
            f"The database is at {last.isoformat()}, which is after {asked.isoformat()}."
            " Nothing was changed."
        )
    return asked


def carry_on(moment: datetime, noted: Shelf) -> Iterator[Said]:
    """`noted`: where erasures are noted. Raises Unfit where nothing was done.

    Mails are held before anything else: a worker that somebody starts too soon sends none of them.
    """
    if other := facts.other_migrations(facts.applied()):
        raise Unfit(
            "The database is of another version of the portal: start that one, then upgrade. They"
            f" differ by {len(other)} migrations, such as {other[0]}."
        )
    mails = holding.hold()
    _leave_out()
    yield Said("nobody is signed in")
    yield Said(f"{mails} mails are held; `manage.py held_mails` lists them and lets them go")
    # erased before files are looked for: nothing is put back for that
    yield from erased_again(erasures.repeat(noted, moment))
    yield from taken_again(takings.repeat(noted, moment))
    yield from of_files()
    yield from comparing.is_whole()


def of_files() -> Iterator[Said]:
    """The bucket went on while the database went back."""
    found = reconciling.looked_over(mend=True)
    yield Said(f"{len(found.mended)} objects put back {' '.join(found.mended[:10])}".strip())
    yield said(f"{found.rows} files with their objects, by name and size", found.faults)
    yield Said(f"{len(found.loose)} objects without a row: sent after the minute, they stay")


def _leave_out() -> None:
    """What no backup holds: sessions and the cache."""
    with connection.cursor() as cursor:
        for table in facts.left_out():
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
