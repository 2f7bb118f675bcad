"""One page of a list, filtered and cut in the database."""

from collections.abc import Sequence
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.types import Row

T = TypeVar("T")

PER_PAGE = 60


def page_of(
    request: HttpRequest,
    rows: QuerySet[Row, T] | Sequence[T],
    per_page: int = PER_PAGE,
    count: int | None = None,
) -> Page[T]:
    """The page asked for by ?page=, the nearest one when the number makes no sense.

    `count`: where it is known already.
    """
    paginator = Paginator(rows, per_page)
    if count is not None:
        paginator.count = count  # a cached property
    return paginator.get_page(request.GET.get("page"))
