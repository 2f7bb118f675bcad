"""What pages show of an award: on its case, among published results; who finds it, how long it is kept."""

from datetime import date

from django.db.models import Q
from django.shortcuts import get_object_or_404

from grants.applications.states import ApplicationState
from grants.awards.changes import ChangeRequest
from grants.awards.models import Award, award_of
from grants.awards.states import TAKEN_BACK, AwardState
from grants.programmes.models import Call
from portal.accounts.models import StaffRole, User
from portal.accounts.permissions import stands_for_applicant
from portal.cases import retention
from portal.cases.models import Case
from portal.types import Context
from portal.workflow.door import actions


def results(call: Call) -> Context:
    """Published results: awards to corporations by name.

    Sole proprietors are left out of the sum, else a lone one's award could be worked out from it.
    """
    awards = Award.objects.filter(application__call=call).exclude(
        state__in=(AwardState.WITHDRAWN, *TAKEN_BACK)
    )
    awards = awards.select_related("application__case__organisation").order_by("-awarded_amount")
    named = [a for a in awards if not a.application.case.organisation.is_sole_proprietor]
    return {"named": named, "count": len(named), "total": sum(a.awarded_amount for a in named)}


def load(user: User, pk: int) -> Award:
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        Award.objects.select_related("application__call", "case"), pk=pk, case__in=cases
    )


def load_change(user: User, pk: int) -> ChangeRequest:
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        ChangeRequest.objects.select_related("award__application__call", "case"),
        pk=pk,
        case__in=cases,
    )


def awarded(_role: StaffRole) -> Q:
    """Cases with an award, whatever became of it: what is inspected, paid or paid back."""
    return Q(pk__in=Award.objects.values("case"))


def panel(case: Case, user: User) -> Context | None:
    if case.state != ApplicationState.AWARDED:
        return None
    award = award_of(case)
    if award is None:
        return None
    changes = [
        (change, actions(user, change))
        for change in ChangeRequest.objects.filter(award=award).select_related("case")
    ]
    may_change = stands_for_applicant(user, case) and award.state in award.RUNNING
    return {
        "award": award,
        "actions": actions(user, award),
        "changes": changes,
        "may_change": may_change,
    }


def keep_until(case: Case) -> date | None:
    """Five years from the end of the fiscal year in which the
    project was completed or ended; open while it lives.
    """
    award = award_of(case)
    if award is None:
        return None
    if award.state in Award.OPEN:
        return date.max
    ended = award.fixed_on or award.state_day
    return retention.after(ended)
