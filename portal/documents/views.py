"""Documents of a case: page images for looking, originals only as attachments."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from portal import events
from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case, Reading
from portal.documents import direct, store
from portal.documents.models import Document
from portal.documents.reading import shown
from portal.events import Event
from portal.types import SignedIn
from portal.ui.limits import UPLOADS, limited
from portal.workflow.access import signed_in


def load(request: SignedIn, pk: int) -> Document:
    """A document that the person may read, once it was taken; files of others that no scanner has
    passed stay closed (404).
    """
    cases = Case.objects.visible_to(request.user, blindly=True)
    case = get_object_or_404(
        Document.objects.kept().filter(case__in=cases).select_related("case"), pk=pk
    ).case
    document = next((row for row in shown(case, request.user) if row.pk == pk), None)
    if document is None:
        raise Http404
    document.case = case
    mine = document.uploaded_by_id == request.user.pk
    if not (document.file.is_open_to_others or (mine and document.file.is_taken)):
        raise Http404
    return document


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


@signed_in
def original(request: SignedIn, pk: int) -> HttpResponse:
    document = load(request, pk)
    if visibility.is_veiled(request.user, document.case):
        raise Http404  # what the file says of itself is not looked through
    if request.user.is_office:
        Reading.note(request.user, "document.original", document.case, f"document:{pk}")
    with there():
        data = store.read(document.file)
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, document.download_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@signed_in
def page_image(request: SignedIn, pk: int, page: int) -> HttpResponse:
    document = load(request, pk)
    with there():
        data = store.page_image(document.file, page)
    if request.user.is_office:
        Reading.note_once(request.user, "document.view", Q(pk=document.case_id), f"document:{pk}")
    response = HttpResponse(data, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response


@signed_in
def viewer(request: SignedIn, pk: int) -> HttpResponse:
    document = load(request, pk)
    pages = range(document.file.pictures)
    veiled = visibility.is_veiled(request.user, document.case)
    context = {"document": document, "pages": pages, "veiled": veiled}
    return render(request, "portal/documents/viewer.html", context)


def may_upload(user: User, case: Case) -> bool:
    """The applicant's side; of the office who enters what came on paper, and who inspects."""
    return visibility.reads(user, case, ("programme_officer", "inspector"))


@require_POST
@signed_in
@limited(UPLOADS)
def ticket(request: SignedIn, number: str) -> JsonResponse:
    """Where and how the browser may send one file straight to the storage; 404 where the storage
    takes none.
    """
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    if not direct.is_offered() or not may_upload(request.user, case):
        raise Http404
    return JsonResponse(direct.ticket(case, by=request.user))
