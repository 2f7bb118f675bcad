"""Now, not as published: where cases wait, what is late, what the year will still pay. On a page, and as
figures to take along.
"""

from django import forms
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.models import Programme
from grants.programmes.states import ProgrammeState
from portal.registry.models import Municipality
from portal.sheets import csv_response, xlsx_response
from portal.types import Sent, SignedIn
from portal.ui.forms import offer_choices
from portal.ui.limits import EXPORTS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff
from reports.statistics.models import Release
from reports.statistics.page import live as now
from reports.statistics.page.counted import bridge

LISTED = 20


class LiveForm(forms.Form):
    programme = forms.ChoiceField(label=_lazy("制度"), required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(),
        label=_lazy("市町村"),
        required=False,
        empty_label=_lazy("すべての市町村"),
    )

    def __init__(self, data: Sent) -> None:
        super().__init__(data)
        known = Programme.objects.filter(state=ProgrammeState.APPROVED).order_by("order", "code")
        offer_choices(
            self,
            "programme",
            [("", _lazy("すべての制度")), *((row.code, row.name) for row in known)],
        )


def _asked(request: SignedIn) -> tuple[LiveForm, now.Live]:
    form = LiveForm(request.GET or None)
    data = form.cleaned_data if form.is_valid() else {}
    return form, now.read(request.user, data, request.GET.get("year", ""))


@staff(*Release.READERS)
def live(request: SignedIn) -> HttpResponse:
    form, found = _asked(request)
    late = page_of(request, found.late, LISTED, count=found.late_count)
    sent = request.GET.copy()
    sent.pop("page", None)
    way = bridge(found.year, found.calls) if found.rows else None
    by_place = "places" in request.GET and way is not None
    context = {
        "form": form,
        "found": found,
        "page": late,
        "late_count": found.late_count,
        "open": found.open_count,
        "sent": sent.urlencode(),
        # the table of the budget
        "total": found.total,
        "bridge": way,
        # what the reader does not see, and the table of places does not count
        "unseen_yen": way.decided.total - found.by_place.total.yen if way and by_place else 0,
    }
    return render(
        request, "reports/statistics/live.html", context, status=422 if form.errors else 200
    )


@staff(*Release.READERS)
@limited(EXPORTS)
def figures(request: SignedIn) -> HttpResponse:
    """What the page says in numbers, of no single case."""
    return csv_response("figures.csv", now.table(_asked(request)[1]))


@staff(*Release.READERS)
@limited(EXPORTS)
def workbook(request: SignedIn) -> FileResponse:
    """The same as a workbook."""
    return xlsx_response("figures.xlsx", now.table(_asked(request)[1]))
