"""Jobs of the end of records."""

from procrastinate.contrib.django import app

from portal import again, events
from portal.accounts.models import User
from portal.cases import retention
from portal.cases.models import Case
from portal.disposals.models import Disposal
from portal.disposals.states import DisposalState
from portal.events import Event
from portal.workflow.door import begin, perform


@app.periodic(cron="40 19 * * *")  # 04:40 in Sapporo
@app.task(name="note_records_over", retry=again.DAILY, queueing_lock="note_records_over")
def note_records_over(timestamp: int) -> None:
    """Cases whose time is over wait for a decision; idempotent."""
    system = User.objects.system()
    for case in retention.due():
        known = Disposal.objects.filter(case=case).first()
        if known is None:
            begin(Disposal, by=system, case=case, kept_until=retention.keep_until(case))
        elif known.state == DisposalState.EXTENDED:
            perform(known, "fall_due", by=system)


@app.periodic(cron="10 20 * * *")  # 05:10 in Sapporo
@app.task(name="dispose_records", retry=again.DAILY, queueing_lock="dispose_records")
def dispose_records(timestamp: int) -> None:
    """Erase what was decided to be destroyed, or lies in the archives; each case in its own
    transaction, idempotent. What must be kept again since, as while a request for disclosure is
    open, waits until that is over.
    """
    decided = Case.objects.filter(disposed_on=None, disposal__state__in=Disposal.FINAL)
    for case in decided.order_by("pk"):
        if not retention.is_over(case):
            continue
        retention.dispose(case, by=User.objects.system())
        events.log(Event.RECORDS_ERASED, of=case, code="case")
