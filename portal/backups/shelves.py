"""Where backups lie: a folder, or s3://bucket/prefix. What stands there under a name is whole."""

import io
import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from django.conf import settings

PIECE = 1 << 20
# of a stream whose end nobody knows: ten thousand of these, 320 GB
_SENDING = TransferConfig(multipart_chunksize=32 * PIECE, max_concurrency=2)


class Shelf(Protocol):
    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Put it there whole or not at all, in place of what stood there."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """Raises FileNotFoundError."""

    def sizes(self, folder: str) -> dict[str, int]:
        """All that stands in a folder of the shelf and below: name → bytes."""

    def remove(self, name: str) -> None: ...


def shelf_at(place: str) -> Shelf:
    part = urlsplit(place)
    if part.scheme == "s3":
        return BucketShelf(part.netloc, part.path.strip("/"))
    return FolderShelf(Path(place))


def whole(shelf: Shelf, name: str) -> bytes:
    return b"".join(shelf.pieces(name))


class FolderShelf:
    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_name(f".{uuid.uuid4().hex}")
        try:
            with open(os.open(partial, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(path)
        finally:
            partial.unlink(missing_ok=True)

    def pieces(self, name: str) -> Iterator[bytes]:
        with (self.root / name).open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def sizes(self, folder: str) -> dict[str, int]:
        return {
            path.relative_to(self.root).as_posix(): path.stat().st_size
            for path in (self.root / folder).rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }

    def remove(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)


class BucketShelf:
    def __init__(self, bucket: str, prefix: str) -> None:
        self.bucket, self.prefix = bucket, f"{prefix}/" if prefix else ""
        self.client = boto3.client(
            "s3",
            endpoint_url=settings.S3_OPTIONS["endpoint_url"],
            region_name=settings.S3_OPTIONS["region_name"],
            config=settings.S3_OPTIONS["client_config"],
        )

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        source = io.BufferedReader(_Stream(pieces), PIECE)
        self.client.upload_fileobj(source, self.bucket, self.prefix + name, Config=_SENDING)

    def pieces(self, name: str) -> Iterator[bytes]:
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                raise FileNotFoundError(name) from error
            raise
        yield from found["Body"].iter_chunks(PIECE)

    def sizes(self, folder: str) -> dict[str, int]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=f"{self.prefix}{folder}/" if folder else self.prefix
        )
        return {
            row["Key"].removeprefix(self.prefix): row["Size"]
            for page in pages
            for row in page.get("Contents", ())
        }

    def remove(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)


class _Stream(io.RawIOBase):
    """Pieces as a file to be read once."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            self._left = next(self._pieces, b"")
        n = min(len(buffer), len(self._left))
        buffer[:n], self._left = self._left[:n], self._left[n:]
        return n
