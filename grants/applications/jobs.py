"""Jobs of the applications room."""

from procrastinate.contrib.django import app

from grants.applications import formal
from portal import again, events
from portal.events import Event


@app.periodic(cron="20 19 * * *")  # 04:20 in Sapporo
@app.task(name="erase_officer_lists", retry=again.DAILY, queueing_lock="erase_officer_lists")
def erase_officer_lists(timestamp: int) -> None:
    """Erase the officers' lists whose purpose has ended."""
    erased = formal.erase_officer_lists()
    events.log(Event.RECORDS_ERASED, code="officer_lists", rows=erased)
