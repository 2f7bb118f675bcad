"""Jobs of the documents room."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from portal.documents import scanner, store
from portal.documents.models import StoredFile


@app.task(name="scan_file", retry=RetryStrategy(max_attempts=20, exponential_wait=3))
def scan_file(file_id: int) -> None:
    """Scan a file that could not be scanned when it came; idempotent."""
    file = StoredFile.objects.get(pk=file_id)
    if file.scan == "pending":
        file.scan = scanner.scan(store.read(file))
        file.save(update_fields=["scan"])
