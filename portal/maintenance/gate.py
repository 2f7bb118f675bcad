"""Whether the portal is closed now: a file says so, which the operator's command writes. It is asked of
nobody else, so that the database may be away.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from portal import clock

SHORTEST, LONGEST = (
    timedelta(minutes=1),
    timedelta(hours=1),
)  # after which one is asked to come again


@dataclass(frozen=True)
class Closed:
    """`until`: when it opens again, as the operator said."""

    until: datetime | None

    @property
    def retry_after(self) -> int:
        """Seconds; of a moment that is not known, or has passed, a few minutes."""
        left = self.until - clock.now() if self.until else timedelta()
        if left <= timedelta():
            left = 5 * SHORTEST
        return int(min(max(left, SHORTEST), LONGEST).total_seconds())

    @property
    def is_late(self) -> bool:
        return self.until is not None and self.until <= clock.now()


def closed() -> Closed | None:
    """A file that says nothing we can read closes, too: whoever put it there meant to."""
    try:
        said = settings.MAINTENANCE_FILE.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError:
        return Closed(None)
    try:
        return Closed(datetime.fromisoformat(json.loads(said)["until"]))
    except (ValueError, KeyError, TypeError):
        return Closed(None)


def close(until: datetime | None) -> None:
    """Close every process that reads the file, at its next request."""
    said = {"until": clock.stamp(until)} if until is not None else {}
    place = settings.MAINTENANCE_FILE
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f"{place.name}.new")
    new.write_text(json.dumps(said), encoding="utf-8")
    new.replace(place)


def open_again() -> None:
    settings.MAINTENANCE_FILE.unlink(missing_ok=True)
