"""Documents of a case: page images for looking, originals only as attachments."""

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal import jptext
from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case, Reading
from portal.documents import direct, handing_out
from portal.documents.models import Document
from portal.documents.reading import shown
from portal.types import SignedIn
from portal.ui.limits import BYTES, UPLOADS, limited, spend
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


@signed_in
def original(request: SignedIn, pk: int) -> HttpResponse:
    document = load(request, pk)
    if visibility.is_veiled(request.user, document.case):
        raise Http404  # what the file says of itself is not looked through
    if request.user.is_office:
        Reading.note(request.user, "document.original", document.case, f"document:{pk}")
    return handing_out.original(document.file, document.download_name)


@signed_in
def page_image(request: SignedIn, pk: int, page: int) -> HttpResponse:
    document = load(request, pk)
    answer = handing_out.picture(document.file, page)
    if request.user.is_office:
        Reading.note_once(request.user, "document.view", Q(pk=document.case_id), f"document:{pk}")
    return answer


@signed_in
def viewer(request: SignedIn, pk: int) -> HttpResponse:
    document = load(request, pk)
    pages = [reverse("document_page", args=[pk, page]) for page in range(document.file.pictures)]
    veiled = visibility.is_veiled(request.user, document.case)
    context = {"document": document, "file": document.file, "pages": pages, "veiled": veiled}
    return render(request, "portal/documents/viewer.html", context)


def may_upload(user: User, case: Case) -> bool:
    """The applicant's side; of the office who enters what came on paper, and who inspects."""
    return visibility.reads(user, case, ("programme_officer", "inspector"))


@require_POST
@signed_in
@limited(UPLOADS)
def ticket(request: SignedIn, number: str) -> JsonResponse:
    """Where and how the browser may send one file straight to the storage; 404 where the storage
    takes none. What it may weigh is spent here: it lies there, whether it is handed in or not.
    """
    case = get_object_or_404(Case.objects.visible_to(request.user), number=number)
    if not direct.is_offered() or not may_upload(request.user, case):
        raise Http404
    most = settings.UPLOAD_MAX_BYTES
    said = jptext.whole(request.POST.get("size", ""), most)  # who does not say may send the most
    size = min(max(said, 1), most)
    spend(request, BYTES, size)
    return JsonResponse(direct.ticket(case, size, by=request.user))
