"""What the case page shows of an award, and of what the registry says of its firm."""

from grants.applications.models import Application
from grants.applications.states import ELIGIBLE, ApplicationState
from grants.awards import assessing
from grants.awards.assessed import Assessment
from grants.awards.firm import ADOPTED, change_about, matters, said
from grants.awards.models import award_of, awards_of
from grants.awards.turns import changes_of
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.cases import visibility
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.types import Context
from portal.workflow.door import actions

assessments_of = OfCase(
    lambda: Assessment.objects.select_related("assessed_by").prefetch_related("items"),
    "application__case",
)
READS = (awards_of, changes_of)


def of_case(case: Case, user: User) -> Context | None:
    if case.state != ApplicationState.AWARDED:
        return None
    award = award_of(case)
    if award is None:
        return None
    changes = [(change, actions(user, change)) for change in changes_of.all(case)]
    may_change = stands_for_applicant(user, case) and award.state in award.RUNNING
    return {
        "award": award,
        "actions": actions(user, award),
        "changes": changes,
        "may_change": may_change,
    }


def of_assessment(case: Case, user: User) -> Context | None:
    """What of each cost item was accepted: for the office, and for the firm once it is awarded."""
    application = case.subject
    is_decided = case.state == ApplicationState.AWARDED
    if not isinstance(application, Application) or not (
        is_decided or (user.is_office and application.state in ELIGIBLE)
    ):
        return None
    found = assessments_of.first(case)
    may = (
        application.state in ELIGIBLE
        and visibility.sees_as(user, case, "programme_officer")
        and not assessing.refusals(application)
    )
    if found is None and not may:
        return None
    return {"assessment": found, "is_decided": is_decided, "may_assess": may}


def of_firm(case: Case, user: User) -> Context | None:
    """For the office: what the registry says of the firm, where that differs and still matters."""
    change = change_about(case) if user.is_office and matters(case) else None
    if change is None:
        return None
    return {
        "said": said(change, decided=case.state == ApplicationState.AWARDED),
        "adopt": ADOPTED[change.kind][0]
        if change.kind in ADOPTED and visibility.sees_as(user, case, "programme_officer")
        else "",
    }
