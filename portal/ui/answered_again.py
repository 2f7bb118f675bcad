"""Public pages that are answered again without being made again, for some seconds (decision 0175).

Kept in the process, each as it was made for somebody of whom nothing is known: by host, address,
language, and with readings or without. Whoever is signed in, asks with words, or brings another cookie
than those of the choices gets a page of their own. So the kept pages need no database either.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, TypeAlias

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from portal import waiting_room
from portal.ui import furigana, keys

if TYPE_CHECKING:
    from django.urls import ResolverMatch

P = ParamSpec("P")
View: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponse]

MOST = 300  # pages
# cookies that say nothing of a person; what of them changes a page is in its key
_CHOICES = {
    furigana.COOKIE,
    keys.COOKIE,
    settings.CSRF_COOKIE_NAME,
    settings.LANGUAGE_COOKIE_NAME,
    f"{settings.COOKIE_PREFIX}{waiting_room.COOKIE}",
}
# of a form on a page: each answer carries its own
_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=")')


class Key(NamedTuple):
    """What tells two pages apart that the same address may give."""

    origin: str
    path: str
    language: str | None
    has_furigana: bool


@dataclass
class Page:
    """`parts`: its bytes around the tokens of its forms. `until`: in seconds of the monotonic clock."""

    parts: list[bytes]
    headers: dict[str, str]
    match: ResolverMatch | None
    until: float
    is_renewed: bool = False  # somebody makes it anew; the others still get this one

    def answer(self, request: HttpRequest) -> HttpResponse:
        request.resolver_match = self.match  # as whoever counts requests by their address reads it
        if len(self.parts) > 1:
            content = get_token(request).encode().join(self.parts)
            return HttpResponse(content, headers=self.headers)
        (content,) = self.parts
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        answer = HttpResponse(content, headers=self.headers)
        answer["ETag"] = etag
        seconds = settings.PUBLIC_PAGES_SECONDS
        answer["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}, must-revalidate"
        return get_conditional_response(request, etag=etag, response=answer) or answer


_pages: dict[Key, Page] = {}
_lock = threading.Lock()


def answered_again(view: View[P]) -> View[P]:
    """This page may be kept: it is the same for everybody who is not signed in."""

    def marked(request: HttpRequest, /, *args: P.args, **given: P.kwargs) -> HttpResponse:
        response = view(request, *args, **given)
        response.may_be_kept = True  # type: ignore[attr-defined]  # the middleware asks for it
        return response

    update_wrapper(marked, view)
    return marked


class AnsweredAgain:
    """Within the middleware of the tokens, around that of the readings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        page = _known(key)
        if page is None:
            response = self.get_response(request)
            if not _may_be_kept(request, response):
                return response
            page = _keep(key, request, response)
        return page.answer(request)


def forget() -> None:
    """All of them."""
    with _lock:
        _pages.clear()


def _key(request: HttpRequest) -> Key | None:
    """None: a page of one's own."""
    is_plain = request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING")
    if (
        not is_plain
        or not settings.PUBLIC_PAGES_SECONDS
        or not _CHOICES.issuperset(request.COOKIES)
    ):
        return None
    origin = f"{request.scheme}://{request.get_host()}"
    return Key(origin, request.path, get_language(), furigana.wanted(request))


def _known(key: Key) -> Page | None:
    """The page, while it is fresh; once it is not, the first who asks makes it anew and the others
    have the old one for as long again.
    """
    now = time.monotonic()
    with _lock:
        page = _pages.get(key)
        if page is None or now >= page.until + settings.PUBLIC_PAGES_SECONDS:
            return None
        if now < page.until or page.is_renewed:
            return page
        page.is_renewed = True
        return None


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        getattr(response, "may_be_kept", False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not request.session.modified
    )


def _keep(key: Key, request: HttpRequest, response: HttpResponse) -> Page:
    page = Page(
        parts=_TOKEN.split(response.content),
        headers=dict(response.items()),
        match=request.resolver_match,
        until=time.monotonic() + settings.PUBLIC_PAGES_SECONDS,
    )
    with _lock:
        _pages.pop(key, None)
        if len(_pages) >= MOST:
            del _pages[next(iter(_pages))]  # the one made longest ago
        _pages[key] = page
    return page
