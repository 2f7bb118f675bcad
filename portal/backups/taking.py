"""A backup: the database and the files of one moment.

One snapshot is read by pg_dump, by the list of files and by all that is counted. Files are written
once, so that one that is copied later is as it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction

from portal import clock
from portal.backups import copying, facts, programs
from portal.backups.copying import Copier, Read, Wanted
from portal.backups.manifest import FORM, GONE, LOST, Kept, Manifest, from_json, named, to_json
from portal.backups.programs import Unfit
from portal.backups.shelves import Shelf, whole

MOMENTS = "moments"
_SAYS = "manifest.json"


def take(shelf: Shelf) -> Manifest:
    """Raises Unfit, or what the storage raises: then there is no backup of this moment."""
    program = programs.find("pg_dump")
    with _alone():
        earlier = moments(shelf)
        known = {kept.key: kept for kept in (read(shelf, earlier[-1]).files if earlier else ())}
        copier = Copier(shelf, shelf.sizes(copying.FILES), known)
        with _snapshot() as snapshot:
            moment = clock.now()
            folder = f"{MOMENTS}/{named(moment)}"
            if named(moment) in earlier:
                raise Unfit(f"There is a backup of this second: {named(moment)}.")
            new, others = copying.wanted()
            copied = dict(_copied(copier, new))
            dump = Read(programs.dumped(program, snapshot, facts.left_out()))
            shelf.put(f"{folder}/portal.dump", dump)
            found = facts.all_of_them()
        copied |= _copied(copier, others)
        made = Manifest(
            form=FORM,
            moment=moment.isoformat(),
            facts=found,
            dump=Kept(f"{folder}/portal.dump", dump.sha256, dump.size),
            files=[kept for kept in copied.values() if isinstance(kept, Kept)],
            absent=_absent({key: why for key, why in copied.items() if isinstance(why, str)}),
        )
        shelf.put(f"{folder}/{_SAYS}", [to_json(made)])
        return made


def moments(shelf: Shelf) -> list[str]:
    """The backups of a shelf by name, the oldest first: those that were finished."""
    names = (name.split("/") for name in shelf.sizes(MOMENTS))
    return sorted(moment for _folder, moment, file in names if file == _SAYS)


def read(shelf: Shelf, moment: str) -> Manifest:
    return from_json(whole(shelf, f"{MOMENTS}/{moment}/{_SAYS}"))


def forget_older(shelf: Shelf, days: int) -> tuple[int, int]:
    """Remove the backups of more than so many days ago, never the last one, and what no other names;
    how many backups and how many objects.
    """
    first = named(clock.now() - timedelta(days=days))
    with _alone():
        *others, last = moments(shelf)
        old = [moment for moment in others if moment < first]
        stay = {*others, last} - {*old}
        needed = {
            copying.name_of(kept.sha256) for moment in stay for kept in read(shelf, moment).files
        }
        for name in sorted(shelf.sizes(MOMENTS)):  # a manifest before its dump
            moment = name.split("/")[1]
            if moment < first and moment not in stay:  # those that were never finished, too
                shelf.remove(name)
        loose = [name for name in shelf.sizes(copying.FILES) if name not in needed] if old else []
        for name in loose:
            shelf.remove(name)
    return len(old), len(loose)


@contextmanager
def _alone() -> Iterator[None]:
    """One backup at a time. Raises Unfit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('backup'))")
        if not cursor.fetchone()[0]:
            raise Unfit("Another backup is under way.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('backup'))")


@contextmanager
def _snapshot() -> Iterator[str]:
    """What is read inside is of one moment; its name lets another connection read the same."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _copied(copier: Copier, some: list[Wanted]) -> Iterator[tuple[str, Kept | str]]:
    for want, kept in copying.in_threads(copier.copy, some):
        yield want.key, kept


def _absent(why: dict[str, str]) -> dict[str, str]:
    """What is lost and no row of now names any more was taken away meanwhile."""
    lost = {key for key, reason in why.items() if reason == LOST}
    gone = lost - copying.still_stored(lost)
    return why | dict.fromkeys(gone, GONE)
