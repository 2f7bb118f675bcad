"""What the case page shows of an award, and of what the registry says of its firm."""

from grants.applications.states import ApplicationState
from grants.awards.changes import ChangeRequest
from grants.awards.firm import ADOPTED, change_of, matters, said
from grants.awards.models import award_of
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.cases import visibility
from portal.cases.models import Case
from portal.types import Context
from portal.workflow.door import actions


def of_case(case: Case, user: User) -> Context | None:
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


def of_firm(case: Case, user: User) -> Context | None:
    """For the office: what the registry says of the firm, where that differs and still matters."""
    change = change_of(case.organisation) if user.is_office and matters(case) else None
    if change is None:
        return None
    return {
        "said": said(change, decided=case.state == ApplicationState.AWARDED),
        "adopt": ADOPTED[change.kind][0]
        if change.kind in ADOPTED and visibility.sees_as(user, case, "programme_officer")
        else "",
    }
