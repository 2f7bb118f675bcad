"""A page of a file that belongs to a copy: looked at, and parts of it covered."""

from typing import NamedTuple

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.cases.models import Reading
from portal.documents import store
from portal.documents.handing_out import there
from portal.documents.models import StoredFile
from portal.types import SignedIn
from portal.workflow.access import staff
from portal.workflow.door import perform
from portal.workflow.writing import write
from reports.disclosure import access
from reports.disclosure.models import DRAFTER, Disclosure
from reports.disclosure.sheet_forms import SheetForm
from reports.disclosure.sheets import Enclosed, Sheet, boxes_of, kept, unlooked
from reports.disclosure.states import DisclosureState


class Place(NamedTuple):
    """A page of a file of a request."""

    row: Disclosure
    file: Enclosed
    sheet: Sheet


def _place(request: SignedIn, number: str, n: int, page: int) -> Place:
    row = access.disclosure_at(request, number)
    files = dict(kept(row.files, row.left_out))
    if n not in files or page >= len(files[n]["sheets"] or []):
        raise Http404
    Reading.note_once(request.user, "disclosure", Q(pk=row.case_id), f"disclosure:{row.pk}")
    return Place(row, files[n], (files[n]["sheets"] or [])[page])


@staff(*Disclosure.READERS)
def sheet(request: SignedIn, number: str, n: int, page: int) -> HttpResponse:
    """The page with what is covered on it; who drafts paints, and marks it as looked at."""
    place = _place(request, number, n, page)
    row, boxes = place.row, boxes_of(place.sheet["boxes"])
    return write(
        request,
        SheetForm(
            request.POST or None, boxes, boxes_of(place.sheet["proposed"]), row.named_grounds
        ),
        lambda data: perform(
            row,
            "cover",
            by=request.user,
            n=n,
            page=page,
            boxes=data["boxes"],
            why=data["why"],
        ),
        template="reports/disclosure/sheet.html",
        context={
            "row": row,
            "case": row.case,
            "file": place.file,
            "n": n,
            "page": page,
            "page_number": page + 1,
            "pages": len(place.file["sheets"] or []),
            "looked_by": place.sheet["looked_by"],
            "boxes": [(box, row.named_grounds[box.ground]) for box in boxes],
            "may_mark": _may_mark(request.user, row),
        },
        done=_lazy("ページを確かめました。"),
        then=lambda made: _next(made, n),
    )


def _may_mark(user: User, row: Disclosure) -> bool:
    return row.state == DisclosureState.RECEIVED and not DRAFTER.reasons(user, row)


def _next(row: Disclosure, n: int) -> str:
    """The next page of the file that nobody has looked at, else of the next file; then the request."""
    files = kept(row.files, row.left_out)
    ahead = [pair for pair in files if pair[0] >= n] + [pair for pair in files if pair[0] < n]
    for k, file in ahead:
        for page in unlooked(file):
            return reverse("disclosure_sheet", args=[row.number, k, page])
    return row.get_absolute_url()


@staff(*Disclosure.READERS)
def picture(request: SignedIn, number: str, n: int, page: int) -> HttpResponse:
    place = _place(request, number, n, page)
    file = StoredFile.objects.get(pk=place.file["file"] or 0)
    with there():
        data = store.page_image(file, page)
    response = HttpResponse(data, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response
