"""Jobs of the case room."""

from procrastinate.contrib.django import app

from portal.accounts.models import User
from portal.cases import retention


@app.periodic(cron="40 19 * * *")  # 04:40 in Sapporo
@app.task(name="dispose_records", queueing_lock="dispose_records")
def dispose_records(timestamp: int) -> None:
    """Dispose of the cases whose time is over, each in its own transaction; idempotent."""
    for case in retention.due():
        retention.dispose(case, by=User.objects.system())
