"""A paper that cannot be drawn: the page says so, the log and a job keep it, and an administrator sees it."""

import inspect
import io
import zipfile
from unittest.mock import Mock

import pytest
from django.test import Client, RequestFactory
from procrastinate.contrib.django.models import ProcrastinateJob

from grants.reviews import record_views, recording
from grants.reviews.records import SelectionRecord
from portal.cases import turns
from portal.cases.models import Turn
from portal.events import Event
from portal.notices import jobs, views
from portal.notices.models import Notice
from portal.outage import StorageAway
from portal.ui.alone import PUBLIC, Taken, alone
from portal.workflow import papers as workflow_papers
from portal.workflow.jobs import draw_paper
from portal.workflow.ports import papers
from reports.papers import application as application_paper
from reports.papers.notice import Paper
from reports.statistics.models import Release
from reports.statistics.page import releases
from reports.statistics.paper import annual
from reports.statistics.views import downloads
from tests.conftest import World
from tests.grants.test_reviews import convened
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

    monkeypatch.setattr(views, "kept", away)
    client.raise_request_exception = False
    assert client.get(f"/notices/{notice.pk}.pdf").status_code == 503
    assert not ProcrastinateJob.objects.filter(task_name="draw_paper").exists()


def test_one_paper_is_drawn_at_once_and_one_that_is_kept_waits_for_none(
    world: World, client: Client, lines: Lines
) -> None:
    application, person = world.submitted()
    notice = Notice.objects.get(case=application.case)
    client.force_login(person)
    with alone():
        taken = client.get(f"/notices/{notice.pk}.pdf")
        assert (taken.status_code, taken["Retry-After"]) == (503, "5")
    assert not of(lines, Event.PAPER_UNDRAWN)
    assert not ProcrastinateJob.objects.filter(task_name="draw_paper").exists()
    with alone(PUBLIC):  # what a stranger has drawn keeps nobody from their own
        assert client.get(f"/notices/{notice.pk}.pdf").content.startswith(b"%PDF")
    jobs.draw_notice(notice.pk)
    with alone():
        assert client.get(f"/notices/{notice.pk}.pdf").content.startswith(b"%PDF")


def test_strangers_wait_for_each_other_alone(
    db: None, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Release(number="R8-1")
    monkeypatch.setattr(releases, "published", lambda _number: release)
    monkeypatch.setattr(annual, "pdf", lambda _release: b"%PDF")
    monkeypatch.setattr(workflow_papers, "paper_drawn", Mock())
    report = inspect.unwrap(downloads.report)
    with alone():
        assert report(rf.get("/"), "R8-1").content == b"%PDF"
    with alone(PUBLIC), pytest.raises(Taken):
        report(rf.get("/"), "R8-1")


def test_the_job_draws_what_was_asked_for(world: World) -> None:
    application, _person = world.submitted()
    notice = Notice.objects.get(case=application.case)
    version = application.last_version
    assert version is not None
    assert papers["notice"](notice.pk).startswith(b"%PDF")
    assert papers["answers"](version.pk).startswith(b"%PDF")


def test_it_comes_before_the_office_of_its_case_until_it_is_drawn(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, _person = world.submitted()
    world.submitted()
    notice = Notice.objects.get(case=application.case)

    def asked() -> list[str]:
        turns = Turn.objects.filter(what__contains="PDF")
        return [turn.case.number for turn in turns.select_related("case")]

    with monkeypatch.context() as patch:
        patch.setattr(Paper, "foot", _broken)
        for _time in range(2):
            with pytest.raises(ValueError, match="cannot be drawn"):
                jobs.draw_notice(notice.pk)
    assert asked() == [application.case.number]
    client.force_login(world.officer)
    words = "PDFを作れなかった通知書を開いて確かめ"
    assert words in client.get("/inbox/").content.decode()
    assert words in client.get(f"/cases/{application.case.number}/").content.decode()
    jobs.draw_notice(notice.pk)
    assert asked() == []
    assert words not in client.get("/inbox/").content.decode()


def test_a_storage_that_is_away_makes_it_nobodys_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, _person = world.submitted()
    notice = Notice.objects.get(case=application.case)

    def away(*_given: object) -> None:
        raise StorageAway

    monkeypatch.setattr(Paper, "foot", away)
    with pytest.raises(StorageAway):
        jobs.draw_notice(notice.pk)
    assert not Turn.objects.filter(what__contains="PDF").exists()


def test_whatever_is_drawn_of_a_case_comes_before_its_office_until_it_is_drawn(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, _person = world.submitted()
    page = f"/cases/{application.case.number}/case.zip"
    words = "PDFを作れなかった書類を開いて確かめ"
    client.force_login(world.officer)

    def packed() -> set[str]:
        """The folders of the ZIP."""
        pack = io.BytesIO(b"".join(client.get(page).streaming_content))  # type: ignore[attr-defined]
        return {name.partition("/")[0] for name in zipfile.ZipFile(pack).namelist()}

    with monkeypatch.context() as patch:
        patch.setattr(application_paper, "draw", _broken)
        for _time in range(2):
            assert {
                "answers",
                "notices",
                "入れられなかったファイル.txt",
            } <= packed()  # its CSV is there
    assert Turn.objects.filter(what__startswith=words).count() == 1
    assert words in client.get("/inbox/").content.decode()
    assert words in client.get(f"/cases/{application.case.number}/").content.decode()
    assert turns.differing() == []
    assert application.last_version
    draw_paper(paper="answers", row=application.last_version.pk)
    assert not Turn.objects.filter(what__startswith=words).exists()
    assert words not in client.get("/inbox/").content.decode()
    assert turns.differing() == []


def test_a_paper_about_no_case_stands_beside_the_inbox_of_who_answers_for_it(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _panel, (application, _other) = convened(world, 2)
    recording.keep(application, world.director)
    record = SelectionRecord.objects.get()
    words = "PDFを作れなかった書類が1件あります"
    client.force_login(world.officer)
    with monkeypatch.context() as patch:
        patch.setattr(record_views, "_drawn", _broken)
        assert client.get(f"/staff/selections/{record.pk}/pdf/").status_code == 500
    inbox = client.get("/inbox/").content.decode()
    assert words in inbox
    assert record.get_absolute_url() in inbox
    client.force_login(world.staff["accountant"])
    assert words not in client.get("/inbox/").content.decode()
    client.force_login(world.officer)
    assert client.get(f"/staff/selections/{record.pk}/pdf/").status_code == 200
    assert words not in client.get("/inbox/").content.decode()
