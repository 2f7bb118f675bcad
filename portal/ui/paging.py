"""One page of a list, filtered and cut in the database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.types import Row

T = TypeVar("T")

PER_PAGE = 60
MOST = 1_000  # rows of which anybody wants to know the number

MANY = 10_000  # the same of a list that nobody searched


@dataclass(frozen=True)
class Found(Sequence[T]):
    """The rows of these keys, in their order, where looking for them is what takes long: looked for
    once, counted by their number, and read a page at a time by `shown`, which orders them so.
    """

    keys: Sequence[int]
    shown: Callable[[Sequence[int]], Iterable[T]]

    @overload
    def __getitem__(self, cut: int) -> T: ...

    @overload
    def __getitem__(self, cut: slice) -> list[T]: ...

    def __getitem__(self, cut: int | slice) -> T | list[T]:
        if isinstance(cut, int):
            return next(iter(self.shown([self.keys[cut]])))
        keys = self.keys[cut]
        return list(self.shown(keys)) if keys else []

    def __len__(self) -> int:
        return len(self.keys)


def page_of(
    request: HttpRequest,
    rows: QuerySet[Row, T] | Sequence[T],
    per_page: int = PER_PAGE,
    count: int | None = None,
    number: str | None = None,
) -> Page[T]:
    """The page asked for by ?page=, the nearest one when the number makes no sense.

    `count`: where it is known already. `number`: where it is asked for otherwise.
    """
    paginator = Paginator(rows, per_page)
    if count is not None:
        paginator.count = count  # a cached property
    return paginator.get_page(request.GET.get("page") if number is None else number)


def page_up_to(
    request: HttpRequest, rows: QuerySet[Row, T], most: int = MANY, per_page: int = PER_PAGE
) -> dict[str, Page[T] | int]:
    """The page, and `too_many` for its pager, where there are more rows than are counted."""
    count = counted({"rows": rows}, most)["rows"]
    return {
        "page": page_of(request, rows, per_page, count=count),
        "too_many": most if count > most else 0,
    }


def counted(wanted: Mapping[str, QuerySet[Row, T]], most: int = MOST) -> dict[str, int]:
    """How many rows each of these has, none counted further than one above `most`: one query, whose
    cost does not grow with the tables.
    """
    parts: list[str] = []
    given: list[str | int] = []
    asked: list[str] = []
    for name, rows in wanted.items():
        try:
            sql, params = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:  # nothing can match
            continue
        asked.append(name)
        parts.append(f"(SELECT count(*) FROM ({sql}) AS rows)")  # noqa: S608  Django wrote it
        given += params
    found: Sequence[int] = ()
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", given)
            found = cursor.fetchone()
    return dict.fromkeys(wanted, 0) | dict(zip(asked, found, strict=True))
