"""Jobs of this room."""

from procrastinate.contrib.django import app

from grants.followup import clues
from portal import again


@app.periodic(cron="30 18 * * *")  # 03:30 in Sapporo
@app.task(name="look_for_clues", retry=again.DAILY, queueing_lock="look_for_clues")
def look_for_clues(timestamp: int) -> None:
    """Clues that came of what was done in other cases."""
    clues.look_over_all()
