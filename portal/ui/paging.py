"""One page of a list, filtered and cut in the database."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 60


def page_of(request: HttpRequest, rows: Any, per_page: int = PER_PAGE) -> Page[Any]:
    """The page asked for by ?page=, the nearest one when the number makes no sense."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
