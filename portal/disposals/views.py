"""Records whose time is over, and the register of what became of them (廃棄簿)."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal import clock, fiscal, sheets
from portal.accounts.permissions import covers_each_town
from portal.approvals.stations import DRAFTERS
from portal.cases.models import Case
from portal.disposals.access import KEEPERS, READERS
from portal.disposals.models import HANDING, Disposal
from portal.types import SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff

PER_PAGE = 100  # that one draft takes at once


@staff(*KEEPERS)
def disposal_list(request: SignedIn) -> HttpResponse:
    """What waits: for a decision, for the archives, or for its new last day."""
    seen = Case.objects.visible_to(request.user).values("pk")
    rows = (
        Disposal.objects.filter(case__in=seen)
        .exclude(state__in=Disposal.FINAL)
        .select_related("case", "approval")
        .order_by("state", "kept_until", "pk")
    )
    may_draft = request.user.has_role(*DRAFTERS)
    page = page_of(request, rows, PER_PAGE)
    handing = {row.pk for row in page if covers_each_town(request.user, row, *HANDING)}
    context = {"page": page, "may_draft": may_draft, "handing": handing}
    return render(request, "portal/disposals/list.html", context)


@staff(*READERS)
def disposal_register(request: SignedIn) -> HttpResponse:
    return render(request, "portal/disposals/register.html", {"page": page_of(request, _ended())})


@staff(*READERS)
@limited(EXPORTS)
def disposal_csv(request: SignedIn) -> HttpResponseBase:
    return sheets.csv_stream("haikibo.csv", _lines())


def _ended() -> QuerySet[Disposal]:
    rows = Disposal.objects.filter(state__in=Disposal.FINAL).select_related("case", "approval")
    return rows.order_by("-state_since", "-pk")


def _lines() -> Iterator[list[object]]:
    yield [
        _("案件番号"),
        _("制度"),
        _("年度"),
        _("保存期間の最後の日"),
        _("扱い"),
        _("決裁の番号"),
        _("決裁の日"),
        _("理由"),
        _("記録を消した日"),
        _("公文書館の受入番号"),
        _("引き渡した日"),
    ]
    for row in _ended().iterator(chunk_size=500):
        approval = row.approval
        yield [
            row.case.number,
            row.case.shown_programme,
            fiscal.fiscal_year(clock.day_of(row.case.opened_at)),
            row.kept_until,
            row.info.label,
            approval.number if approval else "",
            approval.decided_at if approval else "",
            row.reason,
            row.case.disposed_on,
            row.receipt,
            row.received_on,
        ]
