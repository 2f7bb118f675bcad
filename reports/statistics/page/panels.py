"""What the statistics show on other pages.

Figures of the year on the first page, and what else a firm received on its case.
"""

from urllib.parse import urlencode

from django.urls import reverse

from grants.programmes.models import Call
from grants.programmes.ports import LastYear
from portal.accounts.models import User
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.types import Context, Visitor
from reports.statistics.models import OutsideAward
from reports.statistics.page.dashboard import board_of
from reports.statistics.page.releases import newest
from reports.statistics.releasing.figures import Figures

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


def year_before(call: Call) -> LastYear | None:
    """What the release that stands says of the call's programme in the year before, and no more."""
    release, year = newest(), call.fiscal_year - 1
    if release is None:
        return None
    figures, code = Figures(release), call.programme_code
    row = figures.applications(year, code)
    if row is None:
        return None
    days = [figures.days(year, stage, code) for stage in ("decision", "payment")]
    decision, payment = (
        round(found["median"]) if found and found["median"] is not None else None for found in days
    )
    query = urlencode({"year": year, "programme": code})
    return LastYear(
        year=year,
        address=f"{reverse('statistics')}?{query}",
        applied=None if row["suppressed"] else row["applications"],
        awarded=None if row["suppressed"] else row["awards"],
        days_to_decision=decision,
        days_to_payment=payment,
    )
