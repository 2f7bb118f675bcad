"""The auditor's page of a sample: which cases it is drawn from, and which they are."""

import secrets

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from portal.accounts.ports import programme_choices
from portal.cases import sampling
from portal.cases.forms import SampleForm
from portal.cases.models import Case
from portal.types import Context, SignedIn
from portal.workflow.access import staff


@staff("auditor")
def case_sample(request: SignedIn) -> HttpResponse:
    """Without a seed one is made; the address then says all that the sample depends on."""
    if not request.GET.get("seed"):
        typed = {"n": "10"} | request.GET.dict() | {"seed": secrets.token_hex(4)}
        return redirect(f"{reverse('case_sample')}?{urlencode(typed)}")
    form = SampleForm(request.GET, programmes=programme_choices.value())
    context: Context = {"form": form}
    if form.is_valid():
        wanted = form.cleaned_data
        cases = Case.objects.visible_to(request.user).filter(sampling.among(wanted))
        context |= {
            "rows": sampling.draw(cases, wanted["seed"], wanted["n"]),
            "among": cases.count(),
            "seed": wanted["seed"],
        }
    return render(request, "portal/cases/sample.html", context)
