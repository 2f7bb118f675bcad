"""The office's page of its closures: proposed with a look at whom it concerns, confirmed by another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.models import User
from portal.closures import entering
from portal.closures.entering import KEEPERS
from portal.closures.forms import ClosureForm
from portal.closures.models import Closure
from portal.closures.ports import Postponed, visible_cases
from portal.types import Context, SignedIn
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.writing import Tried, press, trying

SHOWN = 100  # deadlines named on the page; all are counted


@staff(*KEEPERS, "auditor")
def closure_list(request: SignedIn) -> HttpResponse:
    rows = Closure.objects.select_related("municipality", "proposed_by", "closed_by")
    page = page_of(request, rows, 60)
    may_propose = request.user.has_role(*KEEPERS)
    return render(request, "portal/closures/list.html", {"page": page, "may_propose": may_propose})


@staff(*KEEPERS)
def closure_new(request: SignedIn) -> HttpResponse:
    """Whom it concerns is said first; sent again with the same seen, it is proposed."""
    form = ClosureForm(request.POST or None, by=request.user)
    context: Context = {"form": form}
    tried = Tried(status=422 if form.errors else 200)
    if form.is_bound and form.is_valid():
        closure = entering.unsaved(form.wanted, by=request.user)
        moved = entering.foreseen(closure, by=request.user)
        context |= {"closure": closure, **_concerned(request.user, moved)}
        if request.POST.get("seen") == context["seen"]:
            with trying() as tried:
                made = entering.propose(form.wanted, by=request.user)
            if tried.is_done:
                messages.success(request, _("提案しました。別の職員が確認すると、期限が動きます。"))
                return redirect(made)
    context["reasons"] = tried.reasons
    return render(request, "portal/closures/new.html", context, status=tried.status)


@staff(*KEEPERS, "auditor")
def closure_page(request: SignedIn, pk: int) -> HttpResponse:
    rows = Closure.objects.select_related("municipality", "proposed_by", "closed_by")
    closure = get_object_or_404(rows, pk=pk)
    is_open = closure.closed_at is None and not closure.is_over
    keeps = entering.may_keep(request.user, closure.municipality_id)
    context: Context = {
        "closure": closure,
        "may_take_back": keeps and closure.closed_at is None,
        "may_confirm": keeps and is_open and closure.is_anothers(request.user),
    }
    if is_open and keeps:
        context |= _concerned(request.user, entering.foreseen(closure, by=request.user))
    return render(request, "portal/closures/staff.html", context)


@require_POST
@staff(*KEEPERS)
def closure_confirm(request: SignedIn, pk: int) -> HttpResponse:
    closure = get_object_or_404(Closure, pk=pk)
    return press(
        request,
        lambda: entering.confirm(closure, by=request.user),
        back=closure.get_absolute_url(),
        done=lambda moved: (
            _("確認しました。%(n)s件の期限が延び、関係する方にメールで知らせます。")
            % {"n": len(moved)}
        ),
    )


@require_POST
@staff(*KEEPERS)
def closure_take_back(request: SignedIn, pk: int) -> HttpResponse:
    closure = get_object_or_404(Closure, pk=pk)
    return press(
        request,
        lambda: entering.take_back(closure, by=request.user),
        back="closure_list",
        done=_("提案を取り下げました。"),
    )


def _concerned(user: User, moved: list[Postponed]) -> Context:
    """What the page says of the deadlines: all are counted, those of cases the person sees named."""
    seen = visible_cases.value(user, {row.case.pk for row in moved})
    named = [row for row in moved if row.case.pk in seen]
    return {
        "moved": named[:SHOWN],
        "unnamed": len(moved) - len(named[:SHOWN]),
        "firms": len({row.case.organisation_id for row in moved if row.side == "applicant"}),
        "people": len({person.pk for row in moved for person in row.people}),
        "count": len(moved),
        "seen": "-".join(str(n) for n in (len(moved), sum(row.case.pk for row in moved))),
    }
