"""Jobs of the frame."""

from importlib import import_module

from django.conf import settings
from procrastinate.contrib.django import app

from portal import again
from portal.ui import limits


@app.periodic(cron="17 * * * *")
@app.task(name="forget_rate_windows", retry=again.OFTEN, queueing_lock="forget_rate_windows")
def forget_rate_windows(timestamp: int) -> None:
    limits.forget()


@app.periodic(cron="43 18 * * *")  # 3:43 in Sapporo
@app.task(name="clear_sessions", retry=again.DAILY, queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Remove the sessions that are over, with what was kept in them."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
