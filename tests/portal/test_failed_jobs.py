"""Work that has failed for good turns up before an administrator, who has it done again."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from portal import clock
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.workflow import failed
from portal.workflow.door import defer
from tests.conftest import World
from tests.jobs import ended


def test_an_administrator_sees_it_and_has_it_done_again(world: World, client: Client) -> None:
    defer("send_mail", mail_id=1)
    job = ended("send_mail", "failed")
    client.force_login(world.staff["administrator"])
    page = client.get("/staff/jobs/").content.decode()
    assert f"job-{job}" in page
    assert "メールが届いていないか" in page
    assert client.post(f"/staff/jobs/{job}/again/").status_code == 302
    again = ProcrastinateJob.objects.get(pk=job)
    assert (again.status, again.attempts) == ("todo", 1)
    assert "止まった処理はありません" in client.get("/staff/jobs/").content.decode()
    assert client.post(f"/staff/jobs/{job}/again/").status_code == 404


def test_what_comes_by_the_clock_drops_out_once_a_later_turn_was_done(
    world: World, client: Client
) -> None:
    jobs: list[int] = []
    for _turn in range(2):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock)"
                " VALUES ('default', 'remind', '{}', 'remind')"
            )
        jobs.append(ended("remind", "succeeded" if jobs else "failed"))
        if len(jobs) == 1:
            client.force_login(world.staff["administrator"])
            assert f"job-{jobs[0]}" in client.get("/staff/jobs/").content.decode()
            assert client.post(f"/staff/jobs/{jobs[0]}/again/").status_code == 404
    assert list(failed.jobs()) == []


def test_administrators_hear_of_it_the_next_morning_and_once(world: World) -> None:
    assert reminders.tell_of_failed_work() == 0
    defer("draw_notice", notice_id=1)
    ended("draw_notice", "failed")
    with clock.at(clock.now() + timedelta(hours=8)):
        assert [reminders.tell_of_failed_work(), reminders.tell_of_failed_work()] == [2, 0]
    mails = Mail.objects.filter(subject__contains="止まった処理", body__contains="/staff/jobs/")
    assert all(mail.to is not None and mail.to.has_role("administrator") for mail in mails)
    assert world.staff["administrator"] in [mail.to for mail in mails]
    with clock.at(clock.now() + timedelta(days=2)):
        assert reminders.tell_of_failed_work() == 0
