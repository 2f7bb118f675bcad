"""Jobs of the correspondence room."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from portal.correspondence import post, reminders


@app.task(name="send_mail", retry=RetryStrategy(max_attempts=12, exponential_wait=3))
def send_mail(mail_id: int) -> None:
    """Send one mail; a second run of a sent one does nothing."""
    post.deliver(mail_id)


@app.periodic(cron="5 23 * * *")  # 08:05 in Sapporo
@app.task(name="remind", queueing_lock="remind")
def remind(timestamp: int) -> None:
    reminders.remind()
    reminders.escalate()
