"""The objects in the storage: the one way in for files, and the one way out."""

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO

from botocore.exceptions import FlexibleChecksumError
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents import contents
from portal.documents.kinds import ENDINGS, Unfit
from portal.documents.models import Document, StoredFile
from portal.documents.ports import forgotten
from portal.documents.reach import reaching
from portal.outage import StorageAway

PIECE = 1 << 20  # bytes that are handed on at a time
SPOILT = "spoilt"  # equal to no hash
INCOMING = "incoming/"  # what a browser sent straight to the storage and nobody has taken in yet


def put(data: bytes, content_type: str, *, prefix: str) -> StoredFile:
    """Store one file and read it back; what was sent to us is checked later.

    Raises OSError where the storage fails.
    """
    key, digest = keep(data, content_type, prefix=prefix)
    return StoredFile.objects.create(
        key=key, sha256=digest, sent_sha256=digest, size=len(data), content_type=content_type
    )


def put_own(data: bytes, content_type: str, *, prefix: str) -> StoredFile:
    """Store a paper that the portal drew itself: nothing in it is anybody else's."""
    file = put(data, content_type, prefix=prefix)
    file.checked_at, file.scan = clock.now(), "unscanned"
    file.save(update_fields=["checked_at", "scan"])
    return file


def put_made(path: Path, content_type: str, *, prefix: str) -> StoredFile:
    """Store a file that the portal made on its disk, piece by piece: it may be large.

    Raises OSError where the storage fails.
    """
    with path.open("rb") as made:
        digest = hashlib.file_digest(made, "sha256").hexdigest()
        made.seek(0)
        with reaching():
            key = default_storage.save(f"{prefix}/{uuid.uuid4().hex}", File(made))
    return StoredFile.objects.create(
        key=key,
        sha256=digest,
        sent_sha256=digest,
        size=path.stat().st_size,
        content_type=content_type,
        checked_at=clock.now(),
        scan="unscanned",
    )


def streamed(file: StoredFile) -> Iterator[bytes]:
    return pieces(file.key)


def pieces(key: str) -> Iterator[bytes]:
    """An object piece by piece; a slow reader holds no turn at the storage between two pieces.

    Raises FileNotFoundError, or StorageAway.
    """
    with reaching():
        stored = default_storage.open(key, "rb")
    return _read_in_turns(stored)


def _read_in_turns(stored: IO[bytes]) -> Iterator[bytes]:
    with stored:
        while True:
            with reaching():
                piece = stored.read(PIECE)
            if not piece:
                return
            yield piece


def put_back(key: str, content: "File[bytes]") -> None:
    """Store an object of a backup under the key that it had."""
    with reaching():
        default_storage.save(key, content)


def keep(data: bytes, content_type: str, *, prefix: str) -> tuple[str, str]:
    """(key, SHA-256) of a new object, read back. Raises OSError where the storage fails."""
    digest = hashlib.sha256(data).hexdigest()
    ending = ENDINGS.get(content_type, ("sent",))[0]
    key = f"{prefix}/{digest[:2]}/{uuid.uuid4().hex}.{ending}"
    with reaching():
        key = default_storage.save(key, ContentFile(data))
    if sha256_of(key) != digest:
        raise StorageAway("the stored object differs from what was sent")
    return key, digest


def check_size(size: int) -> None:
    """Raises Unfit for a file of more than UPLOAD_MAX_BYTES bytes."""
    if size > settings.UPLOAD_MAX_BYTES:
        raise Unfit("too_large")


def sha256_of(key: str) -> str:
    """SHA-256 of a stored object, read back; "" when it is not there, SPOILT where the storage itself
    says that its bytes are not those that were sent.
    """
    digest = hashlib.sha256()
    try:
        with reaching(), default_storage.open(key, "rb") as stored:
            for chunk in iter(lambda: stored.read(1 << 20), b""):
                digest.update(chunk)
    except FileNotFoundError:
        return ""
    except StorageAway as away:
        if isinstance(away.__cause__, FlexibleChecksumError):
            return SPOILT
        raise
    return digest.hexdigest()


def read(file: StoredFile) -> bytes:
    with reaching(), default_storage.open(file.key, "rb") as stored:
        data: bytes = stored.read()
    return data


@transaction.atomic
def remove(document: Document, *, by: User) -> None:
    """Take a document out of a draft. What a submission froze stays, only no longer current."""
    document.removed_at = clock.now()
    document.removed_by = by
    document.save(update_fields=["removed_at", "removed_by"])
    document.note("remove", by, gettext_noop("書類を外しました"))


def destroy(case: Case) -> None:
    """Remove the documents of a case whose time is over, and their objects; for retention alone."""
    files = list(StoredFile.objects.filter(documents__case=case).distinct())
    Document.objects.filter(case=case).delete()
    forget(files)


def forget(files: Iterable[StoredFile]) -> None:
    """Remove stored files that nothing else refers to; their objects go once the transaction is
    through.
    """
    gone: list[str] = []
    for file in files:
        key, keys = file.key, objects_of(file)
        try:
            with transaction.atomic():
                file.delete()
        except ProtectedError:
            continue  # another case has the same file
        transaction.on_commit(partial(delete_objects, keys))
        gone.append(key)
    if gone:
        for hear in forgotten.values():
            hear(gone)


def delete_objects(keys: list[str]) -> None:
    contents.erase(keys)


def page_image(file: StoredFile, page: int) -> bytes:
    """PNG of one page (0-based), never the original, as the job drew it. Raises IndexError where
    there is none.
    """
    if page >= file.pictures:
        raise IndexError(page)
    with reaching(), default_storage.open(_picture_key(file, page), "rb") as stored:
        data: bytes = stored.read()
    return data


def keep_pictures(file: StoredFile, pictures: Iterable[bytes]) -> None:
    """Keep the images of its pages; a second call, or one after a killed one, ends the same."""
    n = 0
    for n, picture in enumerate(pictures, 1):
        key = _picture_key(file, n - 1)
        contents.erase([key])
        with reaching():
            default_storage.save(key, ContentFile(picture))
    file.pictures, file.pictured_at = n, clock.now()
    file.save(update_fields=["pictures", "pictured_at"])


def _picture_key(file: StoredFile, page: int) -> str:
    return f"pages/{file.pk}/{page}.png"


def objects_of(file: StoredFile) -> list[str]:
    """The keys of all that is stored of a file."""
    return [file.key, *_picture_keys(file)]


def _picture_keys(file: StoredFile) -> list[str]:
    return [_picture_key(file, page) for page in range(file.pictures)]


def missing(documents: Sequence[Document]) -> list[Document]:
    """Those whose stored object is gone or is not the one verified at upload.

    Slow: reads every object.
    """
    return [
        document for document in documents if sha256_of(document.file.key) != document.file.sha256
    ]


def faults() -> list[str]:
    """`reconcile_documents`: rows without their object, and objects without a row, as sentences."""
    found = []
    there = set(objects())
    known: set[str] = set()
    for file in StoredFile.objects.filter(refusal="").iterator():
        digest = sha256_of(file.key)
        if digest != file.sha256:
            found.append(f"{file.key}: {'changed' if digest else 'missing'}")
        known.update(objects_of(file))
        found += [f"{key}: missing" for key in _picture_keys(file) if key not in there]
    found += [f"{key}: no row" for key in sorted(there - known) if not key.startswith(INCOMING)]
    return found


def objects(folder: str = "") -> Iterator[str]:
    """The keys of all that is stored in a folder and below."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}".lstrip("/")
    for name in folders:
        if name:
            yield from objects(f"{folder}/{name}".lstrip("/"))


def verification_code() -> str:
    """Sixteen letters without look-alikes, 80 bits, in groups of four."""
    letters = "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(16))
    return "-".join(letters[n : n + 4] for n in range(0, 16, 4))
