"""The page of what is to be done by the end of the year, and by the day on which its accounts are closed."""

from django.http import HttpResponse
from django.shortcuts import render

from grants.budget.years import open_year, settles_on
from grants.payments import year_end as endings
from portal import clock, fiscal
from portal.closures import calendars
from portal.types import SignedIn
from portal.ui.paging import page_of
from portal.workflow.access import staff


@staff(*endings.READERS)
def year_end(request: SignedIn) -> HttpResponse:
    """Of the year whose accounts are closed next."""
    today = clock.today()
    year = open_year(today)
    found = endings.told(request.user, year)
    ends_on, closes_on = fiscal.fiscal_year_end(year), settles_on(year)
    unordered = found.by_end[0].count
    page = page_of(request, found.unordered, count=unordered)
    context = {
        "year": year,
        "parts": [("end", ends_on, found.by_end), ("closing", closes_on, found.by_closing)],
        "ends_on": ends_on,
        "closes_on": closes_on,
        "last_transfer": calendars.banks().last_open(closes_on),
        "unsettled": found.unsettled,
        "page": page,
        "rows": found.rows(page),
        "is_done": not any(todo.count for todo in found.by_end + found.by_closing),
    }
    return render(request, "grants/payments/year_end.html", context)
