"""A paper that followed and the officer who sets it aside, at the same moment: it is one or the other."""

import threading
from collections.abc import Iterable

import pytest
from django.db import models

from grants.applications import instead, late_papers, submit
from grants.applications.models import Application
from grants.applications.versions import LatePaper
from portal import clock
from portal.documents import store
from portal.documents.models import Document
from portal.workflow.door import lock, perform
from portal.workflow.errors import Refused
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.ledger import all_clear
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach

KEY = "accounts"


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def at_once(world: World, monkeypatch: pytest.MonkeyPatch, *, locked: bool) -> list[object]:
    application, person = world.draft(call=world.call("dx_promotion"))
    for document in Document.objects.live().filter(case=application.case, key=KEY):
        store.remove(document, by=person)
    instead.promise(application, KEY, clock.today(), by=person)
    application = submit.submit(application, by=person)
    came = attach(application.case, key=KEY, name="決算書.pdf", data=paper("x"), by=person)
    row = LatePaper.objects.get()

    def slowly(rows: Iterable[models.Model]) -> None:
        if locked:
            lock(rows)

    was_open = late_papers.open_ones
    monkeypatch.setattr(late_papers, "lock", slowly)

    def looked(of: Application) -> list[LatePaper]:
        found = was_open(of)
        threading.Event().wait(0.5)
        return found

    monkeypatch.setattr(late_papers, "open_ones", looked)
    return together(
        lambda: late_papers.receive(application, KEY, [came], by=person),
        lambda: late_papers.set_aside(row, by=world.officer, reason="市にある"),
    )


def test_control_without_the_lock_it_is_both(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = at_once(committed_world, monkeypatch, locked=False)
    row = LatePaper.objects.get()
    assert (found, row.is_set_aside, row.came_at is not None) == ([True, None], True, True)


def test_it_came_or_is_set_aside(committed_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    came, aside = at_once(committed_world, monkeypatch, locked=True)
    row = LatePaper.objects.get()
    assert row.is_set_aside is not (row.came_at is not None)
    assert (came is True) is (row.came_at is not None)
    assert isinstance(aside, Refused) is (row.came_at is not None)


def test_what_is_accepted_awaits_nothing(committed_world: World) -> None:
    world = committed_world
    application, person = world.submitted(call=world.call("dx_promotion"))
    all_clear(application, by=world.officer)
    application = perform(application, "begin_amending", by=person)
    for document in Document.objects.live().filter(case=application.case, key=KEY):
        store.remove(document, by=person)
    instead.promise(application, KEY, clock.today(), by=person)
    found = together(
        lambda: submit.submit(fresh(application), by=person),
        lambda: perform(fresh(application), "accept", by=world.officer),
    )
    assert sum(isinstance(result, Refused) for result in found) == 1
    now = fresh(application)
    assert (now.state, LatePaper.objects.exists()) in (("accepted", False), ("submitted", True))
