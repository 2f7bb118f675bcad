"""Jobs of the documents room."""

from procrastinate.contrib.django import app

from portal import again, events
from portal.documents import direct, scanner, store
from portal.documents.models import StoredFile
from portal.events import Event


@app.task(name="scan_file", retry=again.OUTSIDE)
def scan_file(file_id: int) -> None:
    """Scan a file that could not be scanned when it came; idempotent."""
    file = StoredFile.objects.get(pk=file_id)
    if file.scan == "pending":
        file.scan = scanner.scan(store.read(file))
        if file.scan == "infected":
            events.log(Event.UPLOAD_INFECTED, of=file, code="virus")
        file.save(update_fields=["scan"])


@app.task(name="draw_pages", retry=again.DRAWING)
def draw_pages(file_id: int) -> None:
    """Draw the page images of an uploaded file; idempotent."""
    store.draw_pages(StoredFile.objects.get(pk=file_id))


@app.periodic(cron="25 18 * * *")  # 03:25 in Sapporo
@app.task(name="sweep_incoming", retry=again.DAILY, queueing_lock="sweep_incoming")
def sweep_incoming(timestamp: int) -> None:
    direct.sweep()
