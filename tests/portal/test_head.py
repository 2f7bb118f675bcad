"""Whoever asks for the head alone gets it with the length of the whole, and no body to throw away."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from portal.ui.middleware import RequestId

WHOLE = {"Content-Length": "3"}


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"abc", headers=WHOLE)


def export(_request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse([b"a", b"bc"], headers=WHOLE)


@pytest.mark.parametrize("view", [page, export])
def test_a_head_has_no_body(view: Callable[[HttpRequest], HttpResponse]) -> None:
    answer = RequestId(view)
    whole, head = answer(RequestFactory().get("/")), answer(RequestFactory().head("/"))
    assert b"".join(whole) == b"abc"
    assert b"".join(head) == b""
    assert head["Content-Length"] == "3"
