"""A process killed between any two steps of submitting: nothing is half done, nothing is lost, and going on is enough."""

import os
import signal
from collections.abc import Callable

import pytest
from django.db import connections

from grants.applications import drafts, submit
from grants.applications.models import Application, ApplicationVersion, SubmissionAttempt
from portal.audit.verifying import first_fault
from portal.cases import turns
from portal.documents import apart, checking, jobs, kinds, receiving, store
from portal.documents.models import Document, StoredFile
from portal.notices.issue import draw
from portal.notices.jobs import draw_notice
from portal.notices.models import Notice
from portal.workflow import door
from tests.conftest import World
from tests.portal.test_hostile_files import HEIC

STEPS = {
    # where the process dies                     → (holder, name); the call itself still runs before the kill where "after"
    "before the files are looked up": (store, "missing", "before"),
    "after the files were looked up": (store, "missing", "after"),
    "inside the transaction, before the answers are frozen": (submit, "frozen_content", "before"),
    "after the transition, before the version is stored": (submit, "perform", "after"),
    "after the version, before the organisation learns": (drafts, "tell", "before"),
    "before the turns are rewritten and the notice is issued": (door, "_finish", "before"),
    "after everything but the commit": (door, "_finish", "after"),
    "after the commit, before the attempt is closed": (submit, "_close", "before"),
}


def die(*_args: object, **_options: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(holder: object, name: str, when: str, act: Callable[[], object]) -> None:
    """Run `act` in a process of its own, which ends by SIGKILL at the named step."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        original = getattr(holder, name)

        def run_then_die(*args: object, **options: object) -> None:
            original(*args, **options)
            die()

        setattr(holder, name, die if when == "before" else run_then_die)
        try:
            act()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("step", STEPS)
def test_killed_while_submitting_the_moment_stands_and_pressing_again_is_enough(
    committed_world: World, step: str
) -> None:
    application, person = committed_world.draft()
    killed(*STEPS[step], lambda: submit.submit(application, by=person, key="form-1"))
    attempt = SubmissionAttempt.objects.get(application=application)
    assert attempt.outcome == "begun"
    now = Application.objects.get(pk=application.pk)
    assert (now.state == "submitted") == (step == "after the commit, before the attempt is closed")
    assert ApplicationVersion.objects.filter(application=now).count() == (now.state == "submitted")
    assert Document.objects.live().filter(case=now.case).count() == 1
    if now.state == "draft":
        done = submit.submit(now, by=person, key="form-1")
        assert done.state == "submitted"
    assert ApplicationVersion.objects.filter(application=now).count() == 1
    assert Notice.objects.filter(case=now.case, kind="receipt").count() == 1
    assert (first_fault(), turns.differing(), store.faults()) == ("", [], [])


def test_killed_before_the_end_an_officer_may_honour_the_moment(committed_world: World) -> None:
    application, person = committed_world.draft()
    killed(submit, "frozen_content", "before", lambda: submit.submit(application, by=person))
    attempt = SubmissionAttempt.objects.get(application=application)
    done = submit.honour(attempt, by=committed_world.officer, reason="サーバーの停止のため")
    assert (done.state, done.arrived_at) == ("submitted", attempt.arrived_at)


@pytest.mark.parametrize(
    ("holder", "name", "when"), [(store, "put_own", "before"), (store, "put_own", "after")]
)
def test_killed_while_a_notice_is_drawn_the_job_draws_it_again(
    committed_world: World, holder: object, name: str, when: str
) -> None:
    application, _person = committed_world.submitted()
    notice = Notice.objects.get(case=application.case, kind="receipt")
    killed(holder, name, when, lambda: draw(notice))
    assert Notice.objects.get(pk=notice.pk).state == "issued"
    draw_notice(notice_id=notice.pk)
    assert Notice.objects.get(pk=notice.pk).state == "delivered"


@pytest.mark.parametrize(
    ("holder", "name"),
    [(apart, "examined"), (store, "keep"), (Document, "note"), (checking, "enqueue")],
)
def test_killed_while_a_file_is_checked_the_job_takes_it_in(
    committed_world: World, holder: object, name: str
) -> None:
    application, person = committed_world.draft(complete=False)
    document = receiving.receive(
        application.case, key="other", name="a.heic", data=HEIC, kind=kinds.HEIF, by=person
    )
    file = document.file
    killed(holder, name, "after", lambda: checking.check(file))
    assert StoredFile.objects.get(pk=file.pk).is_being_checked
    jobs.check_file(file.pk)
    assert StoredFile.objects.get(pk=file.pk).is_taken


def test_killed_between_two_page_images_the_job_ends_the_same(committed_world: World) -> None:
    application, _person = committed_world.submitted()
    file = StoredFile.objects.get(documents__case=application.case)
    killed(store, "_picture_key", "after", lambda: checking.draw(file))
    jobs.draw_pages(file.pk)
    assert StoredFile.objects.get(pk=file.pk).pictured_at is not None
    assert store.faults() == []
