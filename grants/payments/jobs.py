"""Jobs of the payments room."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from grants.payments import results
from grants.payments.models import ResultImport
from portal import clock

STEP = 50


@app.task(name="import_result", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def import_result(import_id: int) -> None:
    """Take in a result file, row by row from where it stopped; a second run changes nothing more."""
    running = ResultImport.objects.select_related("batch", "started_by").get(pk=import_id)
    rows, _faults = results.read(running.text)
    for n in range(running.done, len(rows)):
        outcome, text = results.apply(rows[n], batch=running.batch, by=running.started_by)
        running.report.append([rows[n].place, outcome, text])
        running.done = n + 1
        if running.done % STEP == 0 or running.done == len(rows):
            running.save(update_fields=["done", "report"])
    if running.ended_at is None:
        running.ended_at = clock.now()
        running.save(update_fields=["ended_at"])
