"""How the files that people sent are handed out: as they are kept, never opened by the browser."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from portal import events
from portal.documents import store
from portal.documents.models import StoredFile
from portal.events import Event


@contextmanager
def there() -> Iterator[None]:
    """A picture that was never drawn is a page that does not exist; so is a stored object that is
    gone (`reconcile_documents` finds it), and not a fault of the page.
    """
    try:
        yield
    except IndexError as error:
        raise Http404 from error
    except FileNotFoundError as error:
        events.log(Event.OBJECT_MISSING)
        raise Http404 from error


def original(file: StoredFile, name: str) -> HttpResponse:
    """The file as a download called `name`."""
    with there():
        data = store.read(file)
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def picture(file: StoredFile, page: int) -> HttpResponse:
    """The image of one page of it."""
    with there():
        data = store.page_image(file, page)
    response = HttpResponse(data, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response
