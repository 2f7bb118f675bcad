"""One page of a list, filtered and cut in the database."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 60


def page_of(
    request: HttpRequest, rows: Any, per_page: int = PER_PAGE, count: int | None = None
) -> Page[Any]:
    """The page asked for by ?page=, the nearest one when the number makes no sense. `count`: where it is known already."""
    paginator = Paginator(rows, per_page)
    if count is not None:
        paginator.count = count  # type: ignore[misc]  # a cached property
    return paginator.get_page(request.GET.get("page"))
