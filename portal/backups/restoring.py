"""Back to the moment of a backup: into an empty database and an empty place for files."""

from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile

from django.core.files.base import File
from django.db import connection, transaction

from portal.audit.role import STRONG, is_strong, statements
from portal.backups import comparing, copying, erasures, facts, programs, taking, takings
from portal.backups.comparing import Said, said
from portal.backups.copying import Differs, Read, exactly
from portal.backups.manifest import GONE, Kept, Manifest
from portal.backups.programs import Unfit
from portal.backups.shelves import Shelf
from portal.correspondence import holding
from portal.documents import store

_IN_MEMORY = 32 << 20  # bytes; what is larger waits in a file


def chosen(shelf: Shelf, moment: str = "") -> Manifest:
    """The backup of that name, or the last one. Raises Unfit."""
    there = taking.moments(shelf)
    if not there or (moment and moment not in there):
        raise Unfit(f"No such backup; there are: {', '.join(there) or 'none'}.")
    return taking.read(shelf, moment or there[-1])


def checked(shelf: Shelf, manifest: Manifest) -> Iterator[Said]:
    """Is the backup itself whole? Reads all of it and changes nothing."""
    yield Said("dump", _fault_of_dump(shelf, manifest))
    names = {copying.name_of(kept.sha256): kept.sha256 for kept in manifest.files}
    wrong = [
        name
        for name, digest in copying.in_threads(lambda name: _hash_of(shelf, name), names)
        if digest != names[name]
    ]
    yield said(f"{len(names)} objects", wrong)
    yield said("objects that were at fault when it was made", manifest.faulty)


def refuse_what_is_not_empty(manifest: Manifest) -> None:
    """Raises Unfit."""
    if there := facts.tables():
        raise Unfit(
            f"The database is not empty (it has {len(there)} tables): make a new one"
            " (`createdb`), and name it in DATABASE_URL."
        )
    if next(store.objects(), None) is not None:
        raise Unfit(
            "There are files where documents lie: name an empty S3_BUCKET, or an empty DATA_DIR."
        )
    if other := facts.other_migrations(manifest.facts.migrations):
        raise Unfit(
            "The backup was made by another version of the portal: restore it with that version,"
            f" then upgrade. They differ by {len(other)} migrations, such as {other[0]}."
        )


def restore(shelf: Shelf, manifest: Manifest, noted: Shelf) -> Iterator[Said]:
    """`noted`: where erasures are noted. Raises Unfit where nothing was restored.

    Mails are held before anything else: a worker that somebody starts too soon sends none of them.
    """
    refuse_what_is_not_empty(manifest)
    program = programs.find("pg_restore")
    if fault := _fault_of_dump(shelf, manifest):
        raise Unfit(f"The dump is not the one that was made: {fault}")
    programs.restore(program, shelf.pieces(manifest.dump.key))
    mails = holding.hold()
    yield Said("database")
    yield _files(shelf, manifest)
    yield from comparing.compared(manifest)
    yield from _roles(manifest.facts.roles)
    yield Said("nobody is signed in: sessions are in no backup")
    yield Said(f"{mails} mails are held; `manage.py held_mails` lists them and lets them go")
    done = erasures.repeat(noted, datetime.fromisoformat(manifest.moment))
    yield from erased_again(done)
    yield from taken_again(takings.repeat(noted, datetime.fromisoformat(manifest.moment)))
    yield _taken_away(manifest)
    if done.cases or done.files:
        yield from comparing.is_whole()


def _files(shelf: Shelf, manifest: Manifest) -> Said:
    """What differs from its hash is not put in its place."""

    def back(kept: Kept) -> str:
        with SpooledTemporaryFile(_IN_MEMORY) as content:
            try:
                pieces = shelf.pieces(copying.name_of(kept.sha256))
                content.writelines(exactly(pieces, kept.sha256))
            except FileNotFoundError:
                return "not in the backup"
            except Differs:
                return "changed in the backup"
            content.seek(0)
            store.put_back(kept.key, File(content))
        return ""

    wrong = [f"{kept.key}: {why}" for kept, why in copying.in_threads(back, manifest.files) if why]
    wrong += [f"{fault} when the backup was made" for fault in manifest.faulty]
    return said("files put back", wrong)


def _roles(names: list[str]) -> Iterator[Said]:
    """The rights of web and workers, where their role is known to this server."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name in names:
            strong = is_strong(cursor, name)
            if strong is None:
                yield Said(f"role {name} is not here: `manage.py restrict_role {name}` makes it")
            elif strong:
                yield Said(f"role {name}", f"it {STRONG}")
            else:
                for statement in statements(name):
                    cursor.execute(statement.as_string())
                yield Said(f"role {name} has its rights again, and no others")


def erased_again(done: erasures.Erased) -> Iterator[Said]:
    yield Said(f"{len(done.cases)} cases erased again {' '.join(done.cases)}".strip())
    yield Said(f"{done.files} files forgotten again; {len(done.held)} are held by rows of then")


def taken_again(done: list[str]) -> Iterator[Said]:
    """Of anybody's access."""
    yield Said("; ".join(["access that was taken away since is taken away again", *done]))


def _taken_away(manifest: Manifest) -> Said:
    gone = [key for key, why in manifest.absent.items() if why == GONE]
    left = sorted(copying.still_stored(gone))
    return said(f"{len(left)} files taken away while the backup was made, and not erased", left)


def _fault_of_dump(shelf: Shelf, manifest: Manifest) -> str:
    found = _hash_of(shelf, manifest.dump.key)
    return "" if found == manifest.dump.sha256 else ("changed" if found else "missing")


def _hash_of(shelf: Shelf, name: str) -> str:
    try:
        return Read(shelf.pieces(name)).to_the_end()
    except FileNotFoundError:
        return ""
