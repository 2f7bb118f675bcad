"""The applicant's page for a change of the funded project."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.awards import changing, firm
from grants.awards.changes import ChangeRequest
from grants.awards.forms import ChangeForm, ItemSet
from grants.awards.models import Award
from grants.awards.ports import report_lies_with_office
from grants.awards.states import ChangeState
from portal.accounts.factors import to_hand_in
from portal.accounts.permissions import demand, stands_for_applicant
from portal.cases.models import Case
from portal.types import SignedIn
from portal.ui.limits import CHANGES, limited
from portal.workflow.access import signed_in, staff
from portal.workflow.drafts import counted
from portal.workflow.writing import Tried, press, trying

SPARE = 2  # empty rows for what the plan does not have yet


@signed_in
@to_hand_in
@limited(CHANGES)
def change(request: SignedIn, number: str) -> HttpResponse:
    """Say what changes and why; a minor change counts at once."""
    awards = Award.objects.select_related("application__call", "case__organisation")
    award = get_object_or_404(
        awards, case__number=number, case__in=Case.objects.worked_on_by(request.user)
    )
    if not stands_for_applicant(request.user, award.case) or award.state not in award.RUNNING:
        raise Http404
    post = request.POST if request.method == "POST" else None
    form = ChangeForm(post, award=award)
    rows = [
        {"what": what, "category": category, "amount": yen} for what, category, yen in award.planned
    ]
    typed = (
        None
        if post is None
        else counted({"item-TOTAL_FORMS": "", "item-INITIAL_FORMS": ""} | post.dict())
    )
    items = ItemSet(typed, initial=rows + [{}] * SPARE, prefix="item", form_kwargs={"award": award})
    tried = Tried(status=200 if post is None else 422)
    if post is not None and form.is_valid() & items.is_valid():
        found = [f.cleaned_data for f in items.forms]
        after = [
            (str(d["what"]), str(d["category"]), int(d["amount"]))
            for d in found
            if d.get("what") and d.get("amount")
        ]
        with trying() as tried:
            done = changing.file(award, after=after, by=request.user, **form.cleaned_data)
        if tried.is_done:
            minor = done.state == ChangeState.NOTIFIED
            messages.success(
                request,
                _("軽微な変更として届け出ました。承認は要りません。")
                if minor
                else _("変更を申請しました。承認のお知らせを待ってから進めてください。"),
            )
            return redirect(award.case)
    live = ChangeRequest.objects.live().filter(award=award).first()
    context = {
        "award": award,
        "case": award.case,
        "form": form,
        "items": items,
        "reasons": tried.reasons,
        "live": live,
        "is_reported": report_lies_with_office.value(award),
    }
    return render(request, "grants/awards/change.html", context, status=tried.status)


@require_POST
@staff("programme_officer")
def adopt_name(request: SignedIn, number: str) -> HttpResponse:
    """Write the firm's name or head office as the registry has it."""
    case = get_object_or_404(
        Case.objects.worked_on_by(request.user).select_related("organisation"), number=number
    )
    demand(request.user, case.subject, "programme_officer")
    return press(
        request,
        lambda: firm.adopt(case.organisation, by=request.user),
        back=case,
        done=lambda kind: firm.ADOPTED[kind][1],
    )
