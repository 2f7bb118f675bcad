"""Each form that stands on a page is sent with what nobody types: an answer, never a fault, and nothing of it in the log; what is refused says why, and what is kept is whole.

The forms are those of the pages in the table of addresses, and what the other addresses and the transitions look up
(tests/journeys/crawling.py), so that a new one is among them or refused.
"""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from django.core.signals import got_request_exception
from django.db import connection
from django.http import HttpResponseBase
from pytest_django import Settings

from portal import jptext
from portal.audit.verifying import first_fault
from reports.statistics.pipeline import frames
from reports.statistics.pipeline.reconciling import reconcile
from tests.beginning import begins
from tests.conftest import World
from tests.journeys.crawling import Found, as_before, learned, on_pages, undone
from tests.journeys.sending import MARK, NUL, Sent, hostile, meant, post
from tests.journeys.test_odd_input import Kept, is_answer, log
from tests.journeys.test_urls import addresses, named
from tests.journeys.test_writing_rights import UNANSWERED, undraw, unlimited

__all__ = ["addresses", "log", "unlimited"]  # fixtures

FIELDS = 3  # of a form are changed one by one; all of them at once besides
# of each room that the reading of pages must not lose
MET = {"application_section", "approval_edit", "budget_layout", "change_new", "recovery_demand"}
# how the library says it
ENGLISH = re.compile(
    r"This field|Enter a |Select a valid|Ensure th|ManagementForm|is not (one|a valid)"
)
PLAIN = re.compile(r'<(?:p|div|ul)[^>]*class="[^"]*(?:field__error|error-summary)[^"]*"')


class Watch:
    """What becomes of a form: the fault that was raised, and texts with signs that nobody sees."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.kept: list[str] = []

    def fault(self, **_given: object) -> None:
        self.faults.append("".join(traceback.format_exc().splitlines(keepends=True)[-3:]))

    def written(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.startswith(("INSERT", "UPDATE")) and "django_session" not in sql:
            for text in (p for p in params or () if isinstance(p, str)):
                if MARK in text and jptext.has_refused_sign(text):
                    self.kept.append(sql.split('"')[1])
        return execute(sql, params, many, context)


@contextmanager
def watched() -> Iterator[Watch]:
    watch = Watch()
    got_request_exception.connect(watch.fault)
    with connection.execute_wrapper(watch.written):
        yield watch
    got_request_exception.disconnect(watch.fault)


def said_badly(answer: HttpResponseBase) -> Iterator[str]:
    """What is wrong with how a refusal is said."""
    if answer.status_code in (302, 400, 403, 404, 405, 413, 429) or answer.streaming:
        return
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    page = answer.getvalue().decode(errors="replace")
    if found := ENGLISH.search(page):
        yield f"English: {page[found.start() - 80 : found.end() + 60]!r}"
    if answer.status_code == 422 and not PLAIN.search(page):
        yield "refused without a word"


def is_whole() -> Iterator[str]:
    if fault := first_fault():
        yield f"audit: {fault}"
    yield from (f"money: {fault}" for fault in reconcile(frames.read_money()).faults)


def tried(
    found: Found, sent: Sent, log: Kept, taken: set[str], *, thoroughly: bool
) -> Iterator[str]:
    found.client.raise_request_exception = False
    log.lines.clear()
    with as_before(found.client), undone(), watched() as watch:
        answer = post(found.client, found.form.action, sent)
        if not is_answer(found.form.action, answer.status_code):
            yield f"{answer.status_code}: {' '.join(watch.faults)}"
        yield from said_badly(answer)
        yield from (f"unseen signs are kept in {table}" for table in set(watch.kept))
        if thoroughly and answer.status_code == 302:
            taken.add(found.form.action)
            yield from is_whole()
    if any(MARK in line or "9" * 30 in line for line in log.lines):
        yield f"the log holds it: {[line[:300] for line in log.lines if MARK in line or '9' * 30 in line]}"


def faults_of(found: Found, log: Kept, taken: set[str], *, one_by_one: int = FIELDS) -> list[str]:
    """What is wrong with how one form is answered; `taken` gets it where it is, sent as it is meant."""
    wrong = []
    usual, fields = meant(found.form), list(found.form.fields.values())
    chance = Random(f"{found.name} {sorted(found.form.fields)}")  # noqa: S311  the same in every run
    every = {one.name: hostile(one, chance) for one in fields}
    some = chance.sample(fields, min(one_by_one, len(fields)))
    tries = [usual, every, *({**usual, one.name: hostile(one, chance)} for one in some)]
    for n, sent in enumerate(tries):
        for fault in tried(found, sent, log, taken, thoroughly=n == 0):
            changed = {k: v for k, v in sent.items() if v != usual.get(k)}
            wrong.append(f"{found.name} {found.form.action}: {fault} {str(changed)[:300]}")
    with as_before(found.client), undone():
        if (status := post(found.client, found.form.action, {"x": [NUL]}).status_code) != 400:
            wrong.append(f"{found.name} {found.form.action}: {status} to a NUL sign")
    return wrong


@pytest.fixture
def everywhere(unlimited: None, settings: Settings, world: World) -> None:
    settings.API_PER_MINUTE = 10**6
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@begins(named)
def test_every_form_answers_whatever_is_sent(
    world: World,
    addresses: dict[str, str],
    everywhere: None,
    log: Kept,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = list(on_pages(world, addresses))
    known = {one.name for one in found}
    assert known >= MET
    taken: set[str] = set()
    wrong = [fault for one in found for fault in faults_of(one, log, taken)]
    # else what is drawn is turned away at the door, and no view reads it
    assert len(taken) > len({one.form.action for one in found}) / 2
    undraw(monkeypatch)  # what stands on no page
    monkeypatch.setattr("tests.journeys.test_every_form.is_whole", list)
    monkeypatch.setattr("tests.journeys.test_every_form.said_badly", lambda _answer: ())
    others = dict(learned(world, addresses, known))
    for one in filter(None, others.values()):
        wrong += faults_of(one, log, taken, one_by_one=1)
    assert not wrong, "\n".join(wrong)
    assert {key for key, one in others.items() if one is None} <= set(UNANSWERED)
