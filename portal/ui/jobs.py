"""Jobs of the frame."""

from procrastinate.contrib.django import app

from portal import again
from portal.ui import limits


@app.periodic(cron="17 * * * *")
@app.task(name="forget_rate_windows", retry=again.OFTEN, queueing_lock="forget_rate_windows")
def forget_rate_windows(timestamp: int) -> None:
    limits.forget()
