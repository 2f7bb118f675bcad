"""Objects on their way to a backup and back: each lies there once, under its hash."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.conf import settings

from portal.backups.manifest import CHANGED, LOST, Kept
from portal.backups.shelves import Shelf, shelf_at
from portal.documents import store
from portal.documents.models import StoredFile

FILES = "files"
_AT_ONCE = 500  # copies that are begun together

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Wanted:
    """An object of the moment; `sha256`: "" where no row tells it (pictures of pages)."""

    key: str
    sha256: str
    size: int


class Differs(Exception):
    """What was read is not what it should be."""


class Read:
    """Pieces handed on, and what they came to."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._digest = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._digest.update(piece)
            self.size += len(piece)
            yield piece

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def to_the_end(self) -> str:
        for _piece in self:
            pass
        return self.sha256


def name_of(sha256: str) -> str:
    return f"{FILES}/{sha256[:2]}/{sha256}"


def exactly(pieces: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """Raises Differs at the end, so that nothing is kept under a hash that it does not have."""
    read = Read(pieces)
    yield from read
    if read.sha256 != sha256:
        raise Differs(sha256)


def in_threads(do: Callable[[T], R], rows: Iterable[T]) -> Iterator[tuple[T, R]]:
    """As many at once as may wait for the storage; none of them asks the database."""
    left = iter(rows)
    with ThreadPoolExecutor(settings.STORAGE_AT_ONCE) as threads:
        while some := list(islice(left, _AT_ONCE)):
            yield from zip(some, threads.map(do, some), strict=True)


@dataclass(frozen=True)
class Copier:
    """`there`: what the shelf holds, name → size; `known`: what an earlier backup says of an object."""

    shelf: Shelf
    there: dict[str, int]
    known: dict[str, Kept]

    def copy(self, want: Wanted) -> Kept | str:
        """What is kept of it, or why nothing is (LOST, CHANGED)."""
        stated = Kept(want.key, want.sha256, want.size)
        kept = stated if want.sha256 else self.known.get(want.key)
        if kept is not None and self.there.get(name_of(kept.sha256)) == kept.size:
            return kept
        try:
            pieces = store.pieces(want.key)
        except FileNotFoundError:
            return LOST
        if not want.sha256:
            read = Read(pieces)
            picture = b"".join(read)
            self.shelf.put(name_of(read.sha256), [picture])
            return Kept(want.key, read.sha256, read.size)
        try:
            self.shelf.put(name_of(want.sha256), exactly(pieces, want.sha256))
        except Differs:
            return CHANGED
        return stated


def wanted() -> tuple[list[Wanted], list[Wanted]]:
    """What is stored as of now: files that nobody has looked into, and all others. The former may be
    replaced at any time by their checked copies, so they are copied first.
    """
    new: list[Wanted] = []
    others: list[Wanted] = []
    for file in StoredFile.objects.filter(refusal="").order_by("pk").iterator():
        some = others if file.checked_at else new
        some.append(Wanted(file.key, file.sha256, file.size))
        others += [Wanted(key, "", 0) for key in store.objects_of(file) if key != file.key]
    return new, others


def still_stored(keys: Iterable[str]) -> set[str]:
    """Those of the keys that the rows of now name."""
    asked = set(keys)
    if not asked:
        return set()
    return {want.key for some in wanted() for want in some if want.key in asked}


def beside_the_backups(sha256: str) -> Iterator[bytes]:
    """A file as a backup has it, or nothing. Raises FileNotFoundError, or what that storage does."""
    if settings.BACKUPS:
        yield from shelf_at(settings.BACKUPS).pieces(name_of(sha256))
