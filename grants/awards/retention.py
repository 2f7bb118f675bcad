"""How long a case is kept for its award."""

from datetime import date

from grants.awards.models import Award, award_of
from portal.cases import retention
from portal.cases.models import Case


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
