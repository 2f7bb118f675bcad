"""Jobs of the backups room."""

from procrastinate.contrib.django import app

from portal import again
from portal.backups import erasures, takings


@app.task(name="note_erasure", retry=again.OUTSIDE)
def note_erasure(at: str, cases: list[str], keys: list[str]) -> None:
    """Write beside the backups what was erased; idempotent."""
    erasures.note(at, cases, keys)


@app.task(name="note_taking", retry=again.OUTSIDE)
def note_taking(at: str, kind: str, key: int, person: int, until: str) -> None:
    """Write beside the backups what access was taken away; idempotent."""
    takings.note(at, kind, key, person, until)
