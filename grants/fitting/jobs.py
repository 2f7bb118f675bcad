"""Jobs of the room of fitting."""

from procrastinate.contrib.django import app

from grants.fitting import telling
from portal import again


@app.periodic(cron="12 * * * *")
@app.task(name="tell_of_calls", retry=again.OFTEN, queueing_lock="tell_of_calls")
def tell_of_calls(timestamp: int) -> None:
    """Calls whose intake began, to whom they fit; days on which somebody wished to be reminded."""
    telling.tell()
