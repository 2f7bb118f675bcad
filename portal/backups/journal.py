"""What is written beside the backups and nowhere else, by keys alone: each entry a file of its own, which
nothing changes afterwards.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings

from portal.backups.manifest import named
from portal.backups.shelves import Shelf, shelf_at, whole
from portal.types import Given, Json

# how long before a backup's moment something may have been noted that its snapshot does not show yet
_MARGIN = timedelta(days=1)


def put(folder: str, entry: Mapping[str, Json]) -> None:
    """`entry` has its moment under "at"; a second run writes the same under the same name."""
    text = json.dumps(entry).encode()
    name = f"{named(datetime.fromisoformat(str(entry['at'])))}-{sha256(text).hexdigest()[:16]}.json"
    shelf_at(settings.BACKUPS).put(f"{folder}/{name}", [text])


def since(shelf: Shelf, folder: str, moment: datetime) -> Iterator[Given]:
    """What a database of that moment may not know, in order."""
    first = f"{folder}/{named(moment - _MARGIN)}"
    for name in sorted(shelf.sizes(folder)):
        if name >= first:
            yield json.loads(whole(shelf, name))
