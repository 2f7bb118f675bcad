"""What the storage holds: keys and sizes, and of a bucket with versions what stood there before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

from portal.documents.reach import reaching

PIECE = 1 << 20
VERSIONS, MARKERS = "Versions", "DeleteMarkers"  # as S3 calls them
_AT_ONCE = 1000  # as many as S3 removes by one request


def sizes() -> dict[str, int]:
    """All that is stored: key → bytes. Raises StorageAway."""
    with reaching():
        if isinstance(default_storage, FileSystemStorage):
            root = Path(default_storage.location)
            paths = (path for path in root.rglob("*") if path.is_file())
            return {path.relative_to(root).as_posix(): path.stat().st_size for path in paths}
        pages = client().get_paginator("list_objects_v2").paginate(Bucket=bucket())
        return {row["Key"]: row["Size"] for page in pages for row in page.get("Contents", ())}


def erase(keys: Iterable[str]) -> None:
    """Remove objects in each of their versions: a bucket that keeps older ones hides what is deleted,
    and would have it for ever. Raises StorageAway.
    """
    for key in keys:
        with reaching():
            if isinstance(default_storage, FileSystemStorage):
                default_storage.delete(key)
            else:
                _erase_versions(key)


def put_in_place(key: str, content: IO[bytes]) -> None:
    """Store an object under its key, whatever stands there. Raises StorageAway."""
    with reaching():
        if isinstance(default_storage, FileSystemStorage):
            default_storage.delete(key)
            default_storage.save(key, File(content))
        else:
            client().upload_fileobj(content, bucket(), key)


def _erase_versions(key: str) -> None:
    ids = [found.id for kind in (VERSIONS, MARKERS) for found in _versions(key, kind)]
    for start in range(0, len(ids), _AT_ONCE):
        some = [{"Key": key, "VersionId": one} for one in ids[start : start + _AT_ONCE]]
        answer = client().delete_objects(Bucket=bucket(), Delete={"Objects": some, "Quiet": True})
        if refused := answer.get("Errors"):
            raise OSError(f"{refused[0].get('Code')}: a version was not removed")


def earlier(key: str) -> Iterator[Iterator[bytes]]:
    """What stood under a key, the newest first; nothing where the storage keeps no older versions.

    Raises StorageAway.
    """
    if isinstance(default_storage, FileSystemStorage):
        return
    with reaching():
        found = sorted(_versions(key, VERSIONS), key=lambda one: one.at, reverse=True)
    for one in found:
        with reaching():
            stored = client().get_object(Bucket=bucket(), Key=key, VersionId=one.id)
        yield stored["Body"].iter_chunks(PIECE)


@dataclass(frozen=True)
class _Version:
    id: str
    at: datetime


def _versions(key: str, kind: str) -> Iterator[_Version]:
    """Also of a bucket without versions, which calls the one that it has `null`."""
    pages = client().get_paginator("list_object_versions").paginate(Bucket=bucket(), Prefix=key)
    for page in pages:
        for row in page.get(kind, ()):
            if row["Key"] == key:
                yield _Version(row["VersionId"], row["LastModified"])


def storage() -> Any:
    """The storage where it is S3: neither django-storages nor boto3 has types."""
    return default_storage


def client() -> Any:
    return storage().connection.meta.client


def bucket() -> str:
    return str(storage().bucket_name)
