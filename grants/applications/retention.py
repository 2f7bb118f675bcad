"""How long a case is kept for its application, and a draft that nobody finishes."""

from datetime import date, timedelta

from django.db.models import Case as Choice
from django.db.models import Value, When

from grants.applications.states import ApplicationState
from portal.cases.models import Case

# planning values: of a draft that can be handed in no more, from the end of its intake; of one that can,
# from when somebody last wrote it; and from the mail that tells its people of its end
AFTER_INTAKE = timedelta(days=30)
UNTOUCHED = timedelta(days=180)
NOTICE = timedelta(days=30)

# that a paper was set aside stays, its reason does not: a sign keeps to the table's constraint
REASON_ERASED = Choice(When(set_aside_at=None, then=Value("")), default=Value("―"))


def keep_until(case: Case) -> date | None:
    """An application under way is open; what became of it after an award is for later rooms to say."""
    return date.max if case.closed_at is None and case.state != ApplicationState.AWARDED else None
