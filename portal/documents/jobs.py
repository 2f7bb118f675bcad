"""Jobs of the documents room. Whatever opens a file runs in a queue of its own, so that files never
hold up mails and papers; checks come before drawings.
"""

from datetime import timedelta

from procrastinate.contrib.django import app

from portal import again, clock, events
from portal.documents import checking, direct, reconciling, turns
from portal.documents.models import StoredFile
from portal.events import Event

FILES = "files"  # the queue; docs/deployment.md says who works on it


@app.task(name="check_file", queue=FILES, priority=turns.CHECK, retry=again.CHECKING)
def check_file(file_id: int) -> None:
    """Take in or refuse a file that has arrived; idempotent."""
    for file in StoredFile.objects.filter(pk=file_id):
        checking.check(file)


@app.task(name="scan_file", retry=again.OUTSIDE)
def scan_file(file_id: int) -> None:
    """Scan a file that could not be scanned when it came; idempotent."""
    checking.rescan(StoredFile.objects.get(pk=file_id))


@app.task(name="draw_pages", queue=FILES, retry=again.DRAWING)
def draw_pages(file_id: int) -> None:
    """Draw the page images of an uploaded file; idempotent."""
    for file in StoredFile.objects.filter(pk=file_id):
        checking.draw(file)


@app.periodic(cron="*/10 * * * *")
@app.task(name="watch_files", queueing_lock="watch_files", retry=again.OFTEN)
def watch_files(timestamp: int) -> None:
    """Say so where files wait long; outside their queue, since nobody may be working on it."""
    since = clock.now() - timedelta(minutes=10)
    if rows := StoredFile.objects.filter(checked_at=None, stored_at__lt=since).count():
        events.log(Event.FILES_WAITING, rows=rows)


@app.periodic(cron="25 18 * * *")  # 03:25 in Sapporo
@app.task(name="sweep_incoming", retry=again.DAILY, queueing_lock="sweep_incoming")
def sweep_incoming(timestamp: int) -> None:
    direct.sweep()


@app.periodic(cron="40 18 * * *")  # 03:40 in Sapporo
@app.task(name="look_over_files", retry=again.DAILY, queueing_lock="look_over_files")
def look_over_files(timestamp: int) -> None:
    """Every object by name and size, and a part of them by hash; what is lost is looked for."""
    reconciling.nightly()
