"""A paper that cannot be drawn: the page says so, the log and a job keep it, and an administrator sees it."""

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.events import Event
from portal.notices import views
from portal.notices.models import Notice
from portal.outage import StorageAway
from portal.workflow.ports import papers
from reports.papers.notice import Paper
from tests.conftest import World
from tests.jobs import ended
from tests.lines import Lines, of


def _broken(_paper: Paper, *_given: object) -> None:
    raise ValueError("a paper that cannot be drawn")


def test_its_page_says_so_and_it_comes_before_the_administrators(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    application, person = world.submitted()
    notice = Notice.objects.get(case=application.case)
    client.force_login(person)
    with monkeypatch.context() as patch:
        patch.setattr(Paper, "foot", _broken)
        for _time in range(2):
            page = client.get(f"/notices/{notice.pk}.pdf")
            assert page.status_code == 500
            assert "いまこのPDFを作れません" in page.content.decode()
            assert page.headers["Cache-Control"] == "no-store"
    noted = of(lines, Event.PAPER_UNDRAWN)
    assert [(line["of"], line["code"]) for line in noted] == [(f"notice:{notice.pk}", "notice")] * 2
    job = ProcrastinateJob.objects.get(task_name="draw_paper")  # once, however often it is asked
    assert job.args == {"paper": "notice", "row": notice.pk}
    ended("draw_paper", "failed")
    assert client.get(f"/notices/{notice.pk}.pdf").content.startswith(b"%PDF")
    client.force_login(world.staff["administrator"])
    desk = client.get("/staff/jobs/").content.decode()
    assert f"job-{job.pk}" in desk
    assert "通知書などのPDF" in desk


def test_the_storage_that_is_away_is_no_fault_of_the_paper(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = world.submitted()
    notice = Notice.objects.get(case=application.case)
    client.force_login(person)

    def away(_notice: Notice) -> bytes:
        raise StorageAway

    monkeypatch.setattr(views, "paper_of", away)
    client.raise_request_exception = False
    assert client.get(f"/notices/{notice.pk}.pdf").status_code == 503
    assert not ProcrastinateJob.objects.filter(task_name="draw_paper").exists()


def test_the_job_draws_what_was_asked_for(world: World) -> None:
    application, _person = world.submitted()
    notice = Notice.objects.get(case=application.case)
    version = application.last_version
    assert version is not None
    assert papers["notice"](notice.pk).startswith(b"%PDF")
    assert papers["answers"](version.pk).startswith(b"%PDF")
