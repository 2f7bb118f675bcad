"""What the statistics show on other pages.

Figures of the year on the first page, and what else a firm received on its case.
"""

from django.db.models import Count, Sum

from portal.accounts.models import User
from portal.cases.models import Case
from portal.types import Context, Visitor
from reports.statistics.models import OutsideAward
from reports.statistics.page.dashboard import board_of
from reports.statistics.page.releases import newest

LISTED = 20


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
    number = case.organisation.corporate_number
    if not number:
        return None
    rows = OutsideAward.objects.filter(corporate_number=number)
    found = list(rows[:LISTED])
    if not found:
        return None
    total = rows.aggregate(n=Count("pk"), yen=Sum("amount"))
    return {"rows": found, "n": total["n"], "yen": total["yen"], "more": total["n"] - len(found)}
