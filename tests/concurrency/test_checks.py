"""A check of an application and what ends it, with two threads: first the control without the lock."""

import threading
from collections.abc import Callable

import pytest
from django.db.models import Model

from grants.applications import formal
from grants.applications.models import Application, Check
from portal.accounts import permissions
from portal.accounts.models import User
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from tests.concurrency.test_races import together
from tests.conftest import World

Act = Callable[[World, Check], object]


def noted(world: World, row: Check) -> object:
    return formal.check(row, by=world.officer, result="clear", evidence="照会の回答")


def gone_on(world: World, row: Check) -> object:
    return formal.go_on(row, by=world.approver, reason="別人と確かめた")


def withdrawn_meanwhile(world: World, monkeypatch: pytest.MonkeyPatch, act: Act) -> object:
    """What the act answers where the applicant withdraws between its look and its writing."""
    application, person = world.submitted()
    formal.inquiry_rows([application], by=world.officer)
    row = application.checks.get(kind="antisocial")
    formal.check(row, by=world.officer, result="concern", evidence="警察からの連絡")
    looked, ended = threading.Event(), threading.Event()
    demand = permissions.demand

    def look(by: User, about: Model, *roles: str) -> None:
        demand(by, about, *roles)
        looked.set()
        ended.wait(10)

    def withdraw() -> object:
        looked.wait(10)
        try:
            return perform(Application.objects.get(pk=application.pk), "withdraw", by=person)
        finally:
            ended.set()

    row = Check.objects.select_related("application__case").get(pk=row.pk)
    monkeypatch.setattr(formal, "demand", look)
    answer, done = together(lambda: act(world, row), withdraw)
    assert isinstance(done, Application), done
    return answer


ACTS = pytest.mark.parametrize("act", [noted, gone_on])


@ACTS
def test_control_without_the_lock_a_check_of_a_withdrawn_application_is_rewritten(
    committed_world: World, monkeypatch: pytest.MonkeyPatch, act: Act
) -> None:
    monkeypatch.setattr(formal, "_held", lambda _row: None)
    assert isinstance(withdrawn_meanwhile(committed_world, monkeypatch, act), Check)


@ACTS
def test_a_check_waits_for_what_ends_its_application(
    committed_world: World, monkeypatch: pytest.MonkeyPatch, act: Act
) -> None:
    answer = withdrawn_meanwhile(committed_world, monkeypatch, act)
    assert isinstance(answer, NotReady)
