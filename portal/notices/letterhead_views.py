"""Pages of the senders (発信者) of each municipality's papers."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from portal import clock
from portal.notices import letterheads
from portal.notices.letterhead_forms import LetterheadForm
from portal.notices.letterheads import Letterhead
from portal.registry.models import Municipality
from portal.types import SignedIn
from portal.workflow.access import proves_again, staff
from portal.workflow.writing import press, write


@staff("administrator", "programme_officer", "approver", "auditor")
def letterhead_list(request: SignedIn) -> HttpResponse:
    """What was confirmed, what waits, and which municipality has none."""
    rows = Letterhead.objects.select_related("municipality", "proposed_by", "closed_by")
    confirmed = list(rows.filter(is_confirmed=True))
    have = {row.municipality_id for row in confirmed if row.starts_on <= clock.today()}
    towns = Municipality.objects.all()
    context = {
        "rows": confirmed,
        "proposals": rows.filter(closed_at=None),
        "municipalities": towns,
        "without": [town for town in towns if town.pk not in have],
    }
    return render(request, "portal/notices/letterheads.html", context)


@staff("administrator")
@proves_again
def letterhead_edit(request: SignedIn, code: str) -> HttpResponse:
    """A new sender for one municipality: it begins with the one that holds now."""
    municipality = get_object_or_404(Municipality, pk=code)
    now = Letterhead.objects.filter(municipality=code, is_confirmed=True).first()
    form = LetterheadForm(request.POST or None, sender=now.sender if now else None)
    return write(
        request,
        form,
        lambda data: letterheads.propose(
            municipality, form.sender, data["starts_on"], by=request.user
        ),
        template="portal/notices/letterhead_edit.html",
        context={"municipality": municipality},
        done=_lazy("発信者を提案しました。別の管理者が確認すると効きます。"),
        then="letterhead_list",
    )


@require_POST
@staff("administrator")
@proves_again
def letterhead_confirm(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(Letterhead, pk=pk)
    return press(
        request,
        lambda: letterheads.confirm(row, by=request.user),
        back="letterhead_list",
        done=_lazy("発信者を確認しました。"),
    )


@require_POST
@staff("administrator")
@proves_again
def letterhead_take_back(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(Letterhead, pk=pk)
    return press(
        request,
        lambda: letterheads.take_back(row, by=request.user),
        back="letterhead_list",
        done=_lazy("提案を取り下げました。"),
    )
