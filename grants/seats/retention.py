"""How long a case with seats is kept."""

from datetime import date

from grants.seats.turns import enrolments_of
from portal.cases import retention
from portal.cases.models import Case


def keep_until(case: Case) -> date | None:
    rows = enrolments_of.all(case)
    if not rows:
        return None
    if any(row.is_live for row in rows):
        return date.max
    return retention.after(rows[0].call.project_ends_on)
