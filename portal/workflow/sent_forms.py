"""A form that arrives twice is done once, whatever page it stands on: a double press, a browser that
sends again, a network that lost the answer (docs/decisions/0055-a-page-knows-its-form-again.md).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal import clock
from portal.audit.chain import sha256
from portal.types import SignedIn
from portal.ui.alone import COME_AGAIN, PATIENCE, Taken
from portal.workflow.errors import Stale
from portal.workflow.models import SentForm

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of a field
KEPT = timedelta(days=1)
WAITING = 2  # forms of one person that wait at once; whoever waits holds a thread
LOOKS_AGAIN = 0.05  # seconds


class BeingDone(Taken):
    """Nothing was begun of this form: one that was sent before it from the same page is being done."""

    seconds = COME_AGAIN
    is_being_done = True

    @property
    def sentence(self) -> str:
        return _(
            "この画面から先に送った内容を、いま処理しています。数秒たってから、下のボタンで結果を確かめてください。同じ内容が二重に記録されることはありません。"
        )


class NotDone(HttpResponseRedirect):
    """Leads away from a form that was not done: whoever sends it again is asked anew."""


def once(request: SignedIn, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Let the second of two equal forms wait for the first, and lead where that one led. Raises
    BeingDone where that takes longer than a moment.

    Asked around every view of ours (`portal.workflow.access`), so also of a form that waited for a
    proof of who sends it, and goes on without coming through the middleware again.
    """
    if request.method != "POST" or not request.POST.get(TOKEN):
        return answer()
    person, page, key = request.user, _page(request), _key(request)  # such a form takes their place
    with _alone(person.pk, key), _further_locks():
        known = SentForm.objects.filter(person=person, key=key).first()
        if known is not None:
            messages.info(
                request, _("同じ送信は、先に届いています。結果はこの画面で確かめてください。")
            )
            return redirect(known.led_to)
        response = answer()
        if _is_done(response):
            led_to = response.headers["Location"]
            SentForm.objects.create(
                person=person, page=page, key=key, led_to=led_to, at=clock.now()
            )
        return response


_further: ContextVar[ExitStack | None] = ContextVar("further", default=None)


@contextmanager
def _further_locks() -> Iterator[None]:
    """Room for a lock that a view takes, until its form is remembered."""
    with ExitStack() as locks:
        before = _further.set(locks)
        try:
            yield
        finally:
            _further.reset(before)


def _is_done(response: HttpResponseBase) -> bool:
    """Cookies are for one browser: where they came with it, nobody else is led there."""
    leads_on = response.status_code == 302 and not isinstance(response, NotDone)
    return leads_on and not response.cookies


def demand_first(request: HttpRequest) -> None:
    """Raises Stale where a form of this very page, as it was drawn, is done already, and BeingDone
    where one still is: whoever went back in the browser and typed anew is told, before a second
    record is made.
    """
    done = SentForm.objects.filter(person_id=request.user.pk, page=_page(request))
    further = _further.get()
    if further is not None:  # two of one page that say different things meet here, and here alone
        further.enter_context(_alone(request.user.pk, _page(request)))
    if request.POST.get(TOKEN) and done.exists():
        raise Stale(
            _(
                "この画面からの記録は、もう済んでいます。もう1件記録するときは、先の記録を確かめてから、もう一度押してください。"
            )
        )


def _page(request: HttpRequest) -> str:
    """The page that was shown: each that is drawn has a token of its own."""
    return sha256(repr((request.path, request.POST.get(TOKEN))))


def _key(request: HttpRequest) -> str:
    """That page, and all that was sent from it."""
    typed = sorted((name, *values) for name, values in request.POST.lists())
    files = [_print(name, file) for name, sent in request.FILES.lists() for file in sent]
    return sha256(repr((request.path, typed, sorted(files))))


def _print(name: str, file: UploadedFile[bytes]) -> tuple[str, str, str]:
    """The field, the name and the hash of what is sent in it: a file may be replaced by another of
    its name and size.
    """
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return name, file.name or "", digest.hexdigest()


@contextmanager
def _alone(person: int | None, what: str) -> Iterator[None]:
    """Nobody else is in the block with the same words of the same person. A lock of the connection,
    and not of a transaction: a view that is refused keeps what it wrote of the refusal. Raises
    BeingDone where another stays in it.
    """
    lock = f"{person}:{what}"
    if not _locked(lock) and not _locked_soon(person, lock):
        raise BeingDone
    try:
        yield
    finally:
        _unlock(lock)


def _locked_soon(person: int | None, lock: str) -> bool:
    """Wait for it a moment, in one of the few places that a person has; not at all where others of
    theirs wait in all of them.
    """
    places = (f"{person}:waits:{n}" for n in range(WAITING))
    place = next((place for place in places if _locked(place)), None)
    if place is None:
        return False
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            time.sleep(LOOKS_AGAIN)
            if _locked(lock):
                return True
        return False
    finally:
        _unlock(place)


def _locked(lock: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [lock])
        return bool(cursor.fetchone()[0])


def _unlock(lock: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [lock])


def forget() -> int:
    """Remove what is older than any page still open."""
    return SentForm.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
