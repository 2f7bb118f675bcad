"""Whoever asks for the head alone gets it with the length of the whole, and no body to throw away."""

import io
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application

from tests.conftest import World

APP = get_wsgi_application()


def answered(method: str, path: str) -> tuple[dict[str, str], bytes]:
    """The header and the body, as a server gets them from the portal."""
    environ: dict[str, object] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_HOST": "testserver",
    }
    environ["wsgi.input"] = io.BytesIO()
    setup_testing_defaults(environ)
    header: dict[str, str] = {}
    parts = APP(environ, lambda _status, rows, *_more: header.update(rows))
    return header, b"".join(parts)


@pytest.mark.parametrize("path", ["/about/contact/", "/programmes/feed.atom", "/api/v1/openapi.json"])
def test_a_head_has_no_body(world: World, path: str) -> None:
    whole, body = answered("GET", path)
    head, nothing = answered("HEAD", path)
    assert body and nothing == b""
    assert head.get("Content-Length") == whole.get("Content-Length")
