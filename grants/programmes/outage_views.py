"""The office's pages of outages near a closing moment: proposed by one, confirmed by another."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.programmes import making_up, outages
from grants.programmes.models import Outage
from grants.programmes.models.rights import KEEPERS
from grants.programmes.outage_forms import OutageForm
from grants.programmes.outages import PROPOSERS
from portal.types import Context, SignedIn
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.writing import press, write


@staff(*PROPOSERS, "auditor")
def outage_list(request: SignedIn) -> HttpResponse:
    rows = Outage.objects.select_related("proposed_by", "closed_by")
    may_propose = request.user.has_role(*PROPOSERS)
    context = {"page": page_of(request, rows, 60), "may_propose": may_propose}
    return render(request, "grants/programmes/outages.html", context)


@staff(*PROPOSERS)
def outage_new(request: SignedIn) -> HttpResponse:
    form = OutageForm(request.POST or None)
    return write(
        request,
        form,
        lambda _data: outages.propose(form.wanted, by=request.user),
        template="grants/programmes/outage_new.html",
        context={"rule": making_up.said()},
        done=_("提案しました。別の職員が決めると、締切が延びます。"),
    )


@staff(*PROPOSERS, "auditor")
def outage_page(request: SignedIn, pk: int) -> HttpResponse:
    outage = get_object_or_404(Outage.objects.select_related("proposed_by", "closed_by"), pk=pk)
    is_open = outage.closed_at is None
    rows = outages.touched(outage) if is_open else []
    context: Context = {
        "outage": outage,
        "rule": making_up.said(),
        "is_open": is_open,
        "rows": rows,
        "ends": list(outage.ends.select_related("call__programme")),
        "may_take_back": outages.may_take_back(request.user, outage, rows),
        "may_confirm": any(not row.reasons for row in rows)
        and outages.may_confirm(request.user, outage, rows),
    }
    return render(request, "grants/programmes/outage.html", context)


@require_POST
@staff(*KEEPERS)
def outage_confirm(request: SignedIn, pk: int) -> HttpResponse:
    outage = get_object_or_404(Outage, pk=pk)
    return press(
        request,
        lambda: outages.confirm(outage, by=request.user),
        back=outage.get_absolute_url(),
        done=lambda ends: (
            _("%(n)s件の受付の締切を延ばし、下書きのある方にメールで知らせます。")
            % {"n": len(ends)}
        ),
    )


@require_POST
@staff(*PROPOSERS)
def outage_take_back(request: SignedIn, pk: int) -> HttpResponse:
    outage = get_object_or_404(Outage, pk=pk)
    return press(
        request,
        lambda: outages.take_back(outage, by=request.user),
        back="outage_list",
        done=_("提案を取り下げました。"),
    )
