"""The office's list of what is to come back."""

from django.http import HttpResponse
from django.shortcuts import render

from grants.recovery import listing
from grants.recovery.forms import StageFilter
from grants.recovery.models import RecoveryQuerySet
from portal.cases import taken_out
from portal.cases.models import Case
from portal.sheets import csv_response
from portal.types import SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.ui.paging import MANY, Found, page_of
from portal.workflow.access import staff


@staff(*listing.READERS)
def desk(request: SignedIn) -> HttpResponse:
    form, found = _asked(request)
    keys = list(found.values_list("pk", flat=True)[: MANY + 1])
    shown = listing.named(found)
    all_told = listing.rows(shown) if len(keys) <= listing.TOLD else None
    of_page = Found(keys, lambda wanted: listing.rows(shown.filter(pk__in=wanted)))
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
    found = _asked(request)[1]
    cases = Case.objects.filter(pk__in=found.values("case"))
    taken_out.note(request, request.user, "recovery_list.export", cases)
    return csv_response("recoveries.csv", listing.table(listing.rows(listing.named(found))))


def _asked(request: SignedIn) -> tuple[StageFilter, RecoveryQuerySet]:
    form = StageFilter(request.GET or None)
    stage = form.cleaned_data["stage"] if form.is_valid() else ""
    return form, listing.within(listing.seen(request.user), stage)
