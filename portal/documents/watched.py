"""What whoever runs the portal watches of files: `portal.health.ports`."""

import os

from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import Count, Max, Min

from portal import clock
from portal.documents.models import StoredFile
from portal.documents.reach import reaching
from portal.health.ports import Figures, Metric, Probe

UP = "portal_storage_up"
UNCHECKED, OLDEST, HIGHEST = (
    "portal_files_unchecked",
    "portal_files_unchecked_oldest_seconds",
    "portal_files_highest_number",
)
NOTHING = "health"  # a key under which nothing lies


def _storage() -> Figures:
    """A folder that is not there holds no file yet."""
    with reaching():
        if not isinstance(default_storage, FileSystemStorage):
            default_storage.exists(NOTHING)
        elif os.path.lexists(default_storage.location):
            os.scandir(default_storage.location).close()
    return {(UP, ""): 1}


def _files() -> Figures:
    waiting = StoredFile.objects.filter(checked_at=None)
    rows = waiting.aggregate(n=Count("pk"), oldest=Min("stored_at"))
    oldest = (clock.now() - rows["oldest"]).total_seconds() if rows["oldest"] else 0
    return {(UNCHECKED, ""): rows["n"], (OLDEST, ""): oldest}


def _uploads() -> Figures:
    return {(HIGHEST, ""): StoredFile.objects.aggregate(n=Max("pk"))["n"] or 0}


PROBES = {
    "storage": Probe(
        metrics={UP: Metric(says="1 where the document storage answers")},
        ask=_storage,
        asks_database=False,
        kept=15,
    ),
    "files": Probe(
        metrics={
            UNCHECKED: Metric(says="files that wait to be looked into"),
            OLDEST: Metric(says="seconds for which the oldest of them waits"),
        },
        ask=_files,
    ),
    "uploads": Probe(
        metrics={HIGHEST: Metric(says="the number of the newest file: how fast it grows")},
        ask=_uploads,
    ),
}
