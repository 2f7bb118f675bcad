"""Jobs of the payments room."""

from django.db import transaction
from procrastinate.contrib.django import app

from grants.payments import awaited, results
from grants.payments.models import ResultImport
from portal import again, clock
from portal.workflow.jobs import undisturbed

STEP = 500  # rows a transaction


@app.task(name="import_result", retry=again.DATABASE)
def import_result(import_id: int) -> None:
    """Take in a result file from where it stopped; how far it is, is stored with the rows.

    A second run changes nothing more.
    """
    running = ResultImport.objects.select_related("batch", "started_by").get(pk=import_id)
    rows, _faults = results.read(running.text, running.columns)
    while running.done < len(rows):
        step = rows[running.done : running.done + STEP]
        with undisturbed(), transaction.atomic():
            said = results.apply(step, batch=running.batch, by=running.started_by)
            running.report += [[row.place, *answer] for row, answer in zip(step, said, strict=True)]
            running.done += len(step)
            running.save(update_fields=["done", "report"])
    if running.ended_at is None:
        running.ended_at = clock.now()
        running.save(update_fields=["ended_at"])


@app.periodic(cron="25 18 * * *")  # 03:25 in Sapporo
@app.task(name="gather_awaited", retry=again.DAILY, queueing_lock="gather_awaited")
def gather_awaited(timestamp: int) -> None:
    """What a day's changes of awards and orders add up to."""
    awaited.gather()
