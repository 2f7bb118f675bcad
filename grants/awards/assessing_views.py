"""The page on which the cost items of an application are assessed."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from grants.applications.content import CostItem
from grants.applications.models import Application
from grants.awards.assessing import (
    applied_items,
    assess,
    assessment_of,
    basis,
    demand_seen,
    refusals,
)
from grants.awards.forms import AssessForm
from portal.accounts.permissions import demand
from portal.cases.access import case_at
from portal.types import SignedIn
from portal.ui.controls import faults
from portal.workflow.access import staff
from portal.workflow.writing import Tried, trying


@staff("programme_officer")
def assessment(request: SignedIn, number: str) -> HttpResponse:
    """Every item with what was applied for; what is accepted of it begins as the same."""
    case = case_at(request, number)
    application = case.subject
    if not isinstance(application, Application):
        raise Http404
    demand(request.user, application, "programme_officer")
    seen, items = basis(application), applied_items(application)
    post = request.POST if request.method == "POST" else None
    sent = post.get("seen", "") if post is not None else None
    with trying() as tried:
        demand_seen(application, sent)
    # what was typed over other rows stands in none of these
    forms = _forms(application, items, post if tried.is_done else None)
    if post is not None and tried.is_done:
        tried = Tried(status=422)
    if all([form.is_valid() for form in forms]) and forms:
        accepted = [(f.cleaned_data["accepted"], f.cleaned_data["reason"]) for f in forms]
        with trying() as tried:
            made = assess(application, accepted, by=request.user, seen=sent)
        if tried.is_done:
            messages.success(
                request,
                _("経費を査定しました。補助の額は%(yen)s円です。") % {"yen": f"{made.amount:,}"},
            )
            return redirect(case)
    context = {
        "case": case,
        "application": application,
        "seen": seen,
        "rows": list(zip(items, forms, strict=True)),
        "blocked": refusals(application),
        "reasons": tried.reasons,
        "errors": faults(*forms),
    }
    return render(request, "grants/awards/assessment.html", context, status=tried.status)


def _forms(
    application: Application, items: list[CostItem], post: QueryDict | None
) -> list[AssessForm]:
    kept = assessment_of(application)
    before = list(kept.items.all()) if kept is not None else []
    return [
        AssessForm(
            post,
            prefix=f"item-{n}",
            initial={
                "accepted": before[n].accepted if n < len(before) else item["amount"],
                "reason": before[n].reason if n < len(before) else "",
            },
        )
        for n, item in enumerate(items)
    ]
