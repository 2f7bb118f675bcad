"""The office's list of what is to come back."""

from django.http import HttpResponse
from django.shortcuts import render

from grants.recovery import listing
from grants.recovery.forms import StageFilter
from portal.cases import taken_out, visibility
from portal.cases.models import Case
from portal.sheets import csv_response
from portal.types import SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.ui.paging import MANY, Found, page_of
from portal.workflow.access import staff


@staff(*listing.READERS)
def desk(request: SignedIn) -> HttpResponse:
    form, stage = _asked(request)
    keys = listing.keys(request.user, stage)
    of_page = Found(keys, listing.of_keys)
    all_told = of_page[:] if len(keys) <= listing.TOLD else None
    context = {
        "form": form,
        "page": page_of(request, of_page if all_told is None else all_told),
        "sums": None if all_told is None else listing.sums(all_told),
        "told": listing.TOLD,
        "too_many": MANY if len(keys) > MANY else 0,
    }
    return render(request, "grants/recovery/desk.html", context)


@staff(*listing.READERS)
@limited(EXPORTS)
def desk_csv(request: SignedIn) -> HttpResponse:
    """The list as it is shown, all its pages."""
    found = listing.within(listing.seen(request.user), _asked(request)[1])
    cases = Case.objects.filter(pk__in=found.values("case"))
    taken_out.note(request, request.user, "recovery_list.export", cases)
    return csv_response("recoveries.csv", listing.table(listing.told(found)))


def _asked(request: SignedIn) -> tuple[StageFilter, str]:
    visibility.look_for_closed(request.user, Case.objects.all())
    form = StageFilter(request.GET or None)
    stage = form.cleaned_data["stage"] if form.is_valid() else ""
    return form, stage
