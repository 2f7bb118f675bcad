"""Jobs of the open data room."""

from procrastinate.contrib.django import app

from reports.opendata import limits


@app.periodic(cron="17 * * * *")
@app.task(name="forget_rate_windows", queueing_lock="forget_rate_windows")
def forget_rate_windows(timestamp: int) -> None:
    limits.forget()
