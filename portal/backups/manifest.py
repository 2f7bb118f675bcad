"""What a backup says of itself, as JSON; arithmetic alone.

It is written last: a folder without one is no backup.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import TypeAdapter

FORM = 1  # of this file; another one is not read


def named(moment: datetime) -> str:
    """The name of the backup of a moment; later ones sort behind it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")


@dataclass(frozen=True)
class Kept:
    """An object as it is kept: its name where it came from, SHA-256 and size."""

    key: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the database said of itself. `lsn`: where the server's log stood; `roles`: who else than
    the owner may use the tables; `counts`: rows of each table that is kept; `sums`: yen that rooms
    named; `seal`: day and hash of the last seal.
    """

    server: int
    lsn: str
    migrations: list[str]
    roles: list[str]
    counts: dict[str, int]
    sums: dict[str, int]
    seal: list[str]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A backup at one moment. `files`: what was copied; `absent`: keys of the moment that were not
    there as they should be, and why (LOST, CHANGED, GONE).
    """

    form: int
    moment: str
    facts: Facts
    dump: Kept
    files: list[Kept]
    absent: dict[str, str]

    @property
    def name(self) -> str:
        return named(datetime.fromisoformat(self.moment))

    @property
    def faulty(self) -> list[str]:
        """Objects that were lost or changed before this backup: somebody has to look after them."""
        return [f"{key}: {why}" for key, why in self.absent.items() if why != GONE]


LOST, CHANGED = "lost", "changed"
GONE = "gone"  # taken away while the backup was made: erased, or replaced by its checked copy

_JSON = TypeAdapter(Manifest)


def to_json(manifest: Manifest) -> bytes:
    return _JSON.dump_json(manifest, indent=1)


def from_json(text: bytes) -> Manifest:
    """Raises ValueError for what is no manifest of this form."""
    manifest = _JSON.validate_json(text)
    if manifest.form != FORM:
        raise ValueError(f"the manifest has form {manifest.form}; this version reads {FORM}")
    return manifest


def differing(kept: Mapping[str, object], found: Mapping[str, object]) -> Iterator[str]:
    """Each name under which something else was kept than is found, as a sentence."""
    for name in sorted({*kept, *found}):
        if kept.get(name) != found.get(name):
            yield f"{name}: {kept.get(name, 'nothing')} kept, {found.get(name, 'nothing')} found"
