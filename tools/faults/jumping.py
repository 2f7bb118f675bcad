"""A clock that can be moved: what the portal takes for now is read with the seconds that a file holds.

The real one is nobody's to move. What libraries measure by it (time-outs, sessions) stays as it is.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

_real = timezone.now


def begin(file: Path) -> None:
    known = [0, 0]  # when the file was written last, in nanoseconds, and what it held

    def now() -> datetime:
        written = file.stat().st_mtime_ns if file.exists() else 0
        if written != known[0]:
            known[:] = [written, int(file.read_text() or 0) if written else 0]
        return _real() + timedelta(seconds=known[1])

    timezone.now = now


def move(file: Path, seconds: int) -> None:
    """In one step: who reads finds the old or the new one."""
    beside = file.with_suffix(".new")
    beside.write_text(str(seconds))
    beside.rename(file)
