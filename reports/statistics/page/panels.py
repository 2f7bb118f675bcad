"""What the statistics show on other pages.

Figures of the year on the first page, and what else a firm received on its case.
"""

from portal.accounts.models import User
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.types import Context, Visitor
from reports.statistics.models import OutsideAward
from reports.statistics.page.dashboard import board_of
from reports.statistics.page.releases import newest

LISTED = 20
outside_of = OfCase(OutsideAward.objects.all, "corporate_number", "organisation.corporate_number")


def home_card(_user: Visitor) -> tuple[str, Context] | None:
    """The year in figures."""
    release = newest()
    if release is None:
        return None
    board, _form = board_of(release, None)
    return "reports/statistics/home.html", {
        "figures": board.headline(),
        "year": board.year,
        "release": release,
    }


def of_case(case: Case, _user: User) -> Context | None:
    """Subsidies of other bodies that the case's corporation received, the newest first."""
    found = outside_of.all(case)
    if not found:
        return None
    return {
        "rows": found[:LISTED],
        "n": len(found),
        "yen": sum(row.amount or 0 for row in found),
        "more": len(found[LISTED:]),
    }
