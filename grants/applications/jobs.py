"""Jobs of the applications room."""

from procrastinate.contrib.django import app

from grants.applications import ending, formal, submit
from portal import again, events
from portal.accounts.models import User
from portal.events import Event
from portal.workflow.door import perform
from portal.workflow.writing import trying


@app.periodic(cron="20 19 * * *")  # 04:20 in Sapporo
@app.task(name="erase_officer_lists", retry=again.DAILY, queueing_lock="erase_officer_lists")
def erase_officer_lists(timestamp: int) -> None:
    """Erase the officers' lists whose purpose has ended."""
    erased = formal.erase_officer_lists()
    events.log(Event.RECORDS_ERASED, code="officer_lists", rows=erased)


@app.periodic(cron="50 18 * * *")  # 03:50 in Sapporo
@app.task(name="end_drafts", retry=again.DAILY, queueing_lock="end_drafts")
def end_drafts(timestamp: int) -> None:
    """Tell of drafts that nobody finishes, and erase those that were told of long ago."""
    events.log(Event.RECORDS_ERASED, code="drafts", rows=ending.look())


@app.periodic(cron="7 * * * *")
@app.task(name="end_amendments", retry=again.OFTEN, queueing_lock="end_amendments")
def end_amendments(timestamp: int) -> None:
    """What was written anew and not handed in by the end of its intake is put back."""
    for application in submit.left_over():
        with trying():  # somebody else ended it meanwhile
            perform(application, "stop_amending", by=User.objects.system())
