"""Jobs of the correspondence room."""

from procrastinate.contrib.django import app

from portal import again
from portal.accounts import inviting
from portal.correspondence import digests, mailbox, post, reminders


@app.task(name="send_mail", retry=again.OUTSIDE)
def send_mail(mail_id: int) -> None:
    """Send one mail; a second run of a sent one does nothing."""
    post.deliver(mail_id)


@app.periodic(cron="5 23 * * *")  # 08:05 in Sapporo; named before the digests, so begun before them
@app.task(name="remind", retry=again.DAILY, queueing_lock="remind")
def remind(timestamp: int) -> None:
    reminders.remind()
    reminders.escalate()
    reminders.tell_of_failed_work()
    reminders.tell_of_lost_files()
    reminders.tell_of_proposed_roles()
    reminders.tell_of_lost_factors()
    reminders.tell_of_waiting()
    inviting.tell_of_lapsed()


@app.periodic(cron="30 23 * * *")  # 08:30 in Sapporo, after the reminders
@app.task(name="send_digests", retry=again.DAILY, queueing_lock="send_digests")
def send_digests(timestamp: int) -> None:
    """What waited for the morning."""
    digests.send_digests()


@app.periodic(cron="*/5 * * * *")
@app.task(name="read_bounces", retry=again.OFTEN, queueing_lock="read_bounces")
def read_bounces(timestamp: int) -> None:
    """What mail servers could not deliver."""
    mailbox.read_all()
