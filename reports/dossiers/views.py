"""Asking for the whole of a case, and having it."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from portal.cases import visibility
from portal.cases.access import case_at
from portal.cases.models import Case, Reading
from portal.documents import store
from portal.types import SignedIn
from portal.ui.limits import ZIPS, limited
from portal.workflow.access import staff
from reports.dossiers import making
from reports.dossiers.models import Dossier

NAMES = {"pdf": "一件書類_{}.pdf", "zip": "一件書類_{}.zip"}


def _case(request: SignedIn, number: str) -> Case:
    case = case_at(request, number)
    if not making.may_have(request.user, case):
        raise Http404
    return case


@staff(*visibility.WORKERS)
def page(request: SignedIn, number: str) -> HttpResponse:
    """Which forms there are, how far each is, and until when it is kept."""
    case = _case(request, number)
    mine = {
        row.form: row
        for row in Dossier.objects.filter(case=case, person=request.user).select_related("file")
    }
    forms = [(form, label, mine.get(form)) for form, label in Dossier.FORMS]
    return render(request, "reports/dossiers/page.html", {"case": case, "forms": forms})


@staff(*visibility.WORKERS)
@limited(ZIPS)
def file(request: SignedIn, number: str, form: str) -> HttpResponseBase:
    """The file where it is there and current; else it is made, and the page says how far it is.

    Opened by whoever only reads, too: a copy is drawn, and nothing of the case changes.
    """
    case = _case(request, number)
    if form not in NAMES:
        raise Http404
    dossier = making.wanted(case, request.user, form)
    if dossier.file is None:
        return redirect("dossier", number=number)
    Reading.note(request.user, "case.dossier", case, f"dossier:{form}")
    response = StreamingHttpResponse(
        store.streamed(dossier.file), content_type="application/octet-stream"
    )
    name = NAMES[form].format(case.number)
    response["Content-Length"] = str(dossier.file.size)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
