"""How long a case is kept for its matches."""

from datetime import date

from portal.cases.models import Case
from startups.matching.turns import matches_of


def keep_until(case: Case) -> date | None:
    return date.max if any(row.is_live for row in matches_of.all(case)) else None
