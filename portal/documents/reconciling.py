"""Rows of files and objects of the storage, side by side; what is lost is looked for elsewhere."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

from botocore.exceptions import BotoCoreError, ClientError
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from portal import clock, events
from portal.documents import contents, store
from portal.documents.models import StoredFile
from portal.documents.ports import copies
from portal.events import Event
from portal.workflow.door import defer

NIGHTS = 28  # in which every object is read once
_IN_MEMORY = 32 << 20  # bytes; what is larger waits in a file


@dataclass(frozen=True)
class Looked:
    """`rows`: how many files there are; `faults`: objects that are not as their rows say, as
    sentences; `loose`: objects without a row; `mended`: keys of those that were put back.
    """

    rows: int
    faults: list[str]
    loose: list[str]
    mended: list[str] = field(default_factory=list)


def looked_over(*, mend: bool = False, read: int = 0) -> Looked:
    """By names and sizes, which reads nothing; and by their hashes so many as were not read for
    longest. Raises StorageAway.
    """
    files = list(_rows())
    there = contents.sizes()
    named = {key for file in files for key in store.objects_of(file)}
    loose = sorted(key for key in there.keys() - named if not key.startswith(store.INCOMING))
    suspects = {file.pk for file in files if any(_faults(file, there))}
    suspects |= {file.pk for file in files if file.lost_at}
    oldest = _rows().order_by(Coalesce("read_at", "stored_at"), "pk")[:read]
    suspects |= {file.pk for file in oldest if not _is_right(file)}
    looked = Looked(len(files), [], loose)
    # what was forgotten meanwhile was no fault
    for file in _rows().filter(pk__in=suspects):
        looked.mended.extend(_mended(file, there) if mend else ())
        looked.faults.extend(_left(file, there, looked.mended))
    return looked


def nightly() -> Looked:
    files = _rows().count()
    return looked_over(mend=True, read=-(-files // NIGHTS))


def _rows() -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(refusal="").order_by("pk")


def _faults(file: StoredFile, there: Mapping[str, int]) -> Iterator[str]:
    for key in store.objects_of(file):
        if key not in there:
            yield f"{key}: missing"
        elif key == file.key and there[key] != file.size:
            yield f"{key}: of another size"


def _is_right(file: StoredFile) -> bool:
    if store.sha256_of(file.key) != file.sha256:
        return False
    file.read_at, file.lost_at = clock.now(), None
    file.save(update_fields=["read_at", "lost_at"])
    return True


def _mended(file: StoredFile, there: Mapping[str, int]) -> Iterator[str]:
    if not _is_right(file):
        if not any(_put_back(file, pieces) for pieces in _elsewhere(file)):
            return
        _is_right(file)
        yield file.key
    gone = [key for key in store.objects_of(file) if key != file.key and key not in there]
    if gone:  # pictures are drawn anew
        file.pictured_at = None
        file.save(update_fields=["pictured_at"])
        defer("draw_pages", file_id=file.pk)
        yield from gone


def _elsewhere(file: StoredFile) -> Iterator[Iterator[bytes]]:
    """What may be its object: older versions, then copies in other places."""
    yield from contents.earlier(file.key)
    for pieces_of in copies.values():
        yield pieces_of(file.sha256)


def _put_back(file: StoredFile, pieces: Iterator[bytes]) -> bool:
    with SpooledTemporaryFile(_IN_MEMORY) as content:
        try:
            if _kept(content, pieces) != file.sha256:
                return False
        except (OSError, BotoCoreError, ClientError):
            return False  # a place that is away, or shut for whoever asks, has none
        content.seek(0)
        contents.put_in_place(file.key, content)
    return True


def _kept(content: IO[bytes], pieces: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        content.write(piece)
    return digest.hexdigest()


def _left(file: StoredFile, there: Mapping[str, int], mended: list[str]) -> Iterator[str]:
    """What is still wrong; a file that is lost from now on is noted once, to be told once."""
    if file.key not in mended and not _is_right(file):
        if file.lost_at is None:
            file.lost_at = clock.now()
            file.save(update_fields=["lost_at"])
            events.log(Event.OBJECT_MISSING, of=file)
        yield f"{file.key}: {'changed' if file.key in there else 'missing'}"
    for key in store.objects_of(file):
        if key != file.key and key not in there and key not in mended:
            yield f"{key}: missing"
