"""Opening a roll-out, confirming the tests of its route, and its evidence as a PDF."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.cases.models import Reading
from portal.types import Given, SignedIn
from portal.ui.limits import PAPERS, limited
from portal.workflow.access import staff
from portal.workflow.papers import answer
from portal.workflow.writing import write
from startups.pilots.models import Pilot
from startups.pilots.states import PilotState
from startups.rollouts import confirming, evidence, forms
from startups.rollouts.access import rollout_at
from startups.rollouts.models import Rollout
from startups.rollouts.starting import start_rollout

READERS = (
    "challenge_owner",
    "concierge",
    "programme_officer",
    "approver",
    "finance_officer",
    "auditor",
)


@staff("challenge_owner")
def new(request: SignedIn, number: str) -> HttpResponse:
    """Consider the adoption of an evaluated pilot, one's own or another municipality's."""
    pilot = get_object_or_404(
        Pilot.objects.public(), case__number=number, state=PilotState.EVALUATED
    )
    form = forms.BeginForm(
        request.POST or None, municipalities=forms.municipalities_of(request.user)
    )

    def save(data: Given) -> Rollout:
        return start_rollout(
            pilot, data["municipality"], department=data["department"], by=request.user
        )

    return write(
        request,
        form,
        save,
        template="startups/rollouts/new.html",
        context={"pilot": pilot},
        done=_("本格導入の検討を始めました。"),
    )


@staff("challenge_owner")
def confirm(request: SignedIn, number: str, key: str) -> HttpResponse:
    """Confirm one test of the route: what it asks, and on what it was confirmed."""
    rollout = rollout_at(request, number)
    if key not in dict(rollout.tests):
        raise Http404
    there = rollout.confirmed.get(key)
    form = forms.ConfirmForm(request.POST or None, initial={"note": there.note} if there else {})
    context = {"rollout": rollout, "case": rollout.case, "label": dict(rollout.tests)[key]}
    return write(
        request,
        form,
        lambda data: confirming.confirm(rollout, key, by=request.user, **data),
        template="startups/rollouts/confirm.html",
        context=context,
        done=_("要件を確かめたと記録しました。"),
        then=f"{rollout.get_absolute_url()}#tests",
    )


@staff(*READERS)
@limited(PAPERS)
def evidence_pack(request: SignedIn, number: str) -> HttpResponse:
    """根拠資料: the pilot's ledger as a PDF for the budget and the contract. Reading it is logged."""
    rollout = rollout_at(request, number)
    Reading.note(request.user, "rollout.evidence", rollout.case)
    name = f"{rollout.case.number}-evidence.pdf"
    return answer(request, "evidence", rollout, lambda: evidence.pdf(rollout), name=name)
