"""What the case page shows of the challenges that a proposal answers."""

from grants.applications.states import ApplicationState
from grants.applications.turns import application_of
from portal.accounts.models import User
from portal.cases.models import Case
from portal.types import Context
from portal.workflow.access import may_enter
from startups.proposals.hanging import challenges_of


def of_case(case: Case, user: User) -> Context | None:
    """The challenges a proposal answers; for the office with the way to each."""
    application = application_of.first(case)
    if (
        application is None
        or application.stated.kind != "proposal"
        or application.state == ApplicationState.DRAFT
    ):
        return None
    rows = challenges_of(application)
    staff = may_enter(user, "challenge_staff")
    return {
        "challenges": [(row, row.get_absolute_url() if staff else row.public_url) for row in rows]
    }
