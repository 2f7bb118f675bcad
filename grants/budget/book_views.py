"""The book by month: of all lines of a year under a 予算科目, and of one line."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render

from grants.budget import handed_out, monthly
from grants.budget.access import lines_for
from grants.budget.forms import BookFilter
from grants.budget.models import BudgetLine
from grants.budget.monthly import Book
from grants.budget.panels import READERS
from portal.sheets import csv_response, xlsx_response
from portal.types import SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.workflow.access import staff


@staff(*READERS)
def book_page(request: SignedIn) -> HttpResponse:
    form, lines = _asked(request)
    books = monthly.books(lines)
    context = {
        "form": form,
        "rows": [(line, books[line.pk]) for line in lines],
        "book": sum(books.values(), Book()),
    }
    return render(request, "grants/budget/book.html", context)


@staff(*READERS)
def line_months(request: SignedIn, pk: int) -> HttpResponse:
    line = get_object_or_404(lines_for(request.user), pk=pk, unit="yen")
    context = {"line": line, "book": monthly.books([line])[line.pk]}
    return render(request, "grants/budget/months.html", context)


@staff(*READERS)
@limited(EXPORTS)
def book_csv(request: SignedIn) -> HttpResponse:
    """The book as it is shown, line by line and month by month."""
    return csv_response("budget-book.csv", handed_out.book(_asked(request)[1]))


@staff(*READERS)
@limited(EXPORTS)
def book_workbook(request: SignedIn) -> FileResponse:
    """The same as a workbook."""
    return xlsx_response("budget-book.xlsx", handed_out.book(_asked(request)[1]))


def _asked(request: SignedIn) -> tuple[BookFilter, list[BudgetLine]]:
    rows = lines_for(request.user).filter(unit="yen")
    by = ("-fiscal_year", "call__programme__order", "call", "frame")
    form = BookFilter(request.GET or None, lines=list(rows.order_by(*by)))
    return form, form.found()
