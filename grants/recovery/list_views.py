"""The office's list of what is to come back."""

from django.http import HttpResponse
from django.shortcuts import render

from grants.recovery import listing
from grants.recovery.forms import StageFilter
from portal.cases.models import Reading
from portal.sheets import csv_response
from portal.types import SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff


@staff(*listing.READERS)
def desk(request: SignedIn) -> HttpResponse:
    form, found = _asked(request)
    context = {"form": form, "page": page_of(request, found), "sums": listing.sums(found)}
    return render(request, "grants/recovery/desk.html", context)


@staff(*listing.READERS)
@limited(EXPORTS)
def desk_csv(request: SignedIn) -> HttpResponse:
    """The list as it is shown, all its pages."""
    Reading.note(request.user, "recovery_list.export")
    return csv_response("recoveries.csv", listing.table(_asked(request)[1]))


def _asked(request: SignedIn) -> tuple[StageFilter, list[listing.Row]]:
    form = StageFilter(request.GET or None)
    stage = form.cleaned_data["stage"] if form.is_valid() else ""
    return form, listing.rows(listing.seen(request.user), stage)
