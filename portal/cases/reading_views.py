"""Who of the office opened which case: of one case, and over all."""

from typing import cast

from django.core.paginator import Page
from django.http import Http404, HttpResponse
from django.shortcuts import render

from portal.cases import listing, visibility
from portal.cases.access import case_at
from portal.cases.forms import ReadingFilter
from portal.cases.models import Case, Reading
from portal.cases.told_readings import told
from portal.types import SignedIn
from portal.ui.limits import SEARCHES, limited
from portal.ui.paging import page_of, page_up_to
from portal.workflow.access import staff


@staff(*visibility.DECIDERS)
def of_case(request: SignedIn, number: str) -> HttpResponse:
    """Who opened the case and its files, for whoever keeps or audits its file."""
    case = case_at(request, number)
    if not visibility.reads(request.user, case, visibility.DECIDERS):
        raise Http404
    page = page_of(request, case.readings.select_related("person"), 100)
    return render(
        request, "portal/cases/readings.html", {"case": case, "page": page, "rows": told(page)}
    )


@staff("auditor")
@limited(SEARCHES)
def reading_list(request: SignedIn) -> HttpResponse:
    """Who opened which case and took what out, over all cases the auditor sees."""
    form = ReadingFilter(request.GET or None)
    found = form.cleaned_data if form.is_valid() else {}
    visibility.look_beyond(request.user, Case.objects.all())
    paged = page_up_to(request, listing.readings(request.user, found), per_page=100)
    rows = told(cast("Page[Reading]", paged["page"]))
    return render(request, "portal/cases/reading_list.html", {"form": form, **paged, "rows": rows})
