"""The page on which the cost items of an application are assessed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.awards.assessing import applied_items, assess, assessment_of, refusals
from grants.awards.forms import AssessForm
from portal.accounts.permissions import demand
from portal.cases.access import case_at
from portal.types import SignedIn
from portal.ui.forms import faults
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
    items, kept = applied_items(application), assessment_of(application)
    before = list(kept.items.all()) if kept is not None else []
    post = request.POST if request.method == "POST" else None
    forms = [
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
    tried = Tried(status=200 if post is None else 422)
    if post is not None and all([form.is_valid() for form in forms]):
        accepted = [(f.cleaned_data["accepted"], f.cleaned_data["reason"]) for f in forms]
        with trying() as tried:
            made = assess(application, accepted, by=request.user)
        if tried.is_done:
            messages.success(
                request,
                _("経費を査定しました。補助の額は%(yen)s円です。") % {"yen": f"{made.amount:,}"},
            )
            return redirect(case)
    context = {
        "case": case,
        "application": application,
        "rows": list(zip(items, forms, strict=True)),
        "blocked": refusals(application),
        "reasons": tried.reasons,
        "errors": faults(*forms),
    }
    return render(request, "grants/awards/assessment.html", context, status=tried.status)
