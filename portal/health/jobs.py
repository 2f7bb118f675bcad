"""Jobs of the health room."""

from procrastinate.contrib.django import app

from portal import again
from portal.health import certificate


@app.periodic(cron="11 19 * * *")  # 04:11 in Sapporo
@app.task(name="look_at_certificate", retry=again.DAILY, queueing_lock="look_at_certificate")
def look_at_certificate(timestamp: int) -> None:
    certificate.look()
