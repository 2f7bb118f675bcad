"""A form that arrives twice is done once, whatever page it stands on: a double press, a browser that
sends again, a network that lost the answer (docs/decisions/0055-a-page-knows-its-form-again.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal import clock
from portal.audit.chain import sha256
from portal.workflow.models import SentForm

if TYPE_CHECKING:
    from portal.types import User

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of a field
KEPT = timedelta(days=1)


class DoneOnce:
    """Let the second of two equal forms wait for the first, and lead where that one led."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = request.user
        if request.method != "POST" or not person.is_authenticated or not request.POST.get(TOKEN):
            return self.get_response(request)
        return _once(request, person, lambda: self.get_response(request))


def _once(
    request: HttpRequest, person: User, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    key = _key(request)
    with _alone(f"{person.pk}:{key}"):
        known = SentForm.objects.filter(person=person, key=key).first()
        if known is not None:
            messages.info(
                request, _("同じ送信は、先に届いています。結果はこの画面で確かめてください。")
            )
            return redirect(known.led_to)
        response = answer()
        if response.status_code == 302 and not response.cookies:  # those are for one browser
            led_to = response.headers["Location"]
            SentForm.objects.create(person=person, key=key, led_to=led_to, at=clock.now())
        return response


def _key(request: HttpRequest) -> str:
    """The page that was shown, and all that was sent from it. Each page that is drawn has a token
    of its own.
    """
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
def _alone(what: str) -> Iterator[None]:
    """Nobody else is in the block with the same words. A lock of the connection, and not of a
    transaction: a view that is refused keeps what it wrote of the refusal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [what])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [what])


def forget() -> int:
    """Remove what is older than any page still open."""
    return SentForm.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
