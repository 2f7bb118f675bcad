"""Pages of the grounds on which something is withheld (不開示事由)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from portal import clock
from portal.registry.models import Municipality
from portal.types import SignedIn
from portal.workflow.access import proves_again, staff
from portal.workflow.writing import press, write
from reports.disclosure import tables
from reports.disclosure.ground_forms import GroundsForm
from reports.disclosure.grounds import SHIPPED
from reports.disclosure.tables import GroundTable


@staff()
def ground_list(request: SignedIn) -> HttpResponse:
    """The shipped table, those of municipalities, and what waits for a second pair of eyes."""
    rows = GroundTable.objects.select_related("municipality", "proposed_by")
    return render(
        request,
        "reports/disclosure/grounds.html",
        {
            "shipped": SHIPPED,
            "tables": rows.filter(is_confirmed=True),
            "proposals": rows.filter(closed_at=None),
            "municipalities": Municipality.objects.all(),
            "today": clock.today(),
        },
    )


@staff("administrator")
@proves_again
def ground_edit(request: SignedIn, code: str) -> HttpResponse:
    """A new table for one municipality: it begins with the one that holds now."""
    municipality = get_object_or_404(Municipality, pk=code)
    return write(
        request,
        GroundsForm(request.POST or None, grounds=tables.holding(code, clock.today())),
        lambda data: tables.propose(
            municipality, data["grounds"], data["starts_on"], by=request.user
        ),
        template="reports/disclosure/grounds_edit.html",
        context={
            "municipality": municipality,
            "is_shipped": tables.in_force(code, clock.today()) is None,
        },
        done=_lazy("公開しない理由の表を提案しました。別の管理者が確認すると効きます。"),
        then="ground_list",
    )


@require_POST
@staff("administrator")
@proves_again
def ground_confirm(request: SignedIn, pk: int) -> HttpResponse:
    table = get_object_or_404(GroundTable, pk=pk)
    return press(
        request,
        lambda: tables.confirm(table, by=request.user),
        back="ground_list",
        done=_lazy("公開しない理由の表を確認しました。"),
    )


@require_POST
@staff("administrator")
@proves_again
def ground_take_back(request: SignedIn, pk: int) -> HttpResponse:
    table = get_object_or_404(GroundTable, pk=pk)
    return press(
        request,
        lambda: tables.take_back(table, by=request.user),
        back="ground_list",
        done=_lazy("提案を取り下げました。"),
    )
