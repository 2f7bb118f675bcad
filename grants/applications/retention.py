"""How long a case is kept for its application."""

from datetime import date

from grants.applications.states import ApplicationState
from portal.cases.models import Case


def keep_until(case: Case) -> date | None:
    """An application under way is open; what became of it after an award is for later rooms to say."""
    return date.max if case.closed_at is None and case.state != ApplicationState.AWARDED else None
