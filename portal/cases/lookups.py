"""What rooms know of a case: found for one when asked, and for many at once before their turns are
rewritten.
"""

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Generic, TypeVar, cast

from django.db import connection, models

from portal.cases.models import Case
from portal.cases.ports import Fills

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)


class About(Generic[T]):
    """One thing known of a case.

    `find(cases)` gives it for many: primary key of the case → the thing.

    What was found stays with the case object while it keeps a memo (a page being drawn, turns being
    rewritten).
    """

    def __init__(self, find: Callable[[Collection[Case]], dict[int, T]]) -> None:
        self.find = find

    def get(self, case: Case) -> T | None:
        if case.memo is None:
            return self.find([case]).get(case.pk)
        if self not in case.memo:
            self.fill([case])
        return cast("T | None", case.memo[self])  # what `fill` or `keep` put there

    def keep(self, case: Case, thing: T) -> None:
        """Remember what was found on another way."""
        if case.memo is not None:
            case.memo[self] = thing

    def fill(self, cases: Collection[Case]) -> None:
        """Find it for all `cases`, each of which keeps a memo."""
        found = self.find(cases)
        for case in cases:
            if case.memo is not None:
                case.memo[self] = found.get(case.pk)


class OfCase(Generic[M]):
    """Rows that hang on a case: `rows()` is the query with what its readers need, `path` leads from
    a row to its case.
    """

    def __init__(self, rows: Callable[[], "models.QuerySet[M]"], path: str = "case") -> None:
        self.rows, self.path = rows, path
        self.about: About[list[M]] = About(self._by_case)
        self.fill = self.about.fill

    def all(self, case: Case) -> list[M]:
        return self.about.get(case) or []

    def first(self, case: Case) -> M | None:
        return next(iter(self.all(case)), None)

    @cached_property
    def any(self) -> str:
        """The query that finds any row of the table on cases, whatever `rows` would leave out; its
        one parameter is the list of their primary keys.
        """
        base = self.rows().model._base_manager
        of_cases = base.filter(**{f"{self.path}__in": [0]}).order_by().values("pk")
        return of_cases.query.sql_with_params()[0].replace("IN (%s)", "= ANY(%s)")

    def _by_case(self, cases: Collection[Case]) -> dict[int, list[M]]:
        found: dict[int, list[M]] = {}
        *steps, last = self.path.split("__")
        for row in self.rows().filter(**{f"{self.path}__in": [case.pk for case in cases]}):
            holder: object = row
            for name in steps:
                holder = getattr(holder, name)
            found.setdefault(getattr(holder, f"{last}_id"), []).append(row)
        return found


def leave_out_absent(cases: Collection[Case], reads: Collection[Fills]) -> list[Fills]:
    """Find out at once of which of `reads` no row hangs on any of the cases: nothing is asked about
    them later. Most rooms have nothing on a case, and their queries are wide. Returns the others.
    """
    of_case = [each for each in reads if isinstance(each, OfCase)]
    asked = list(dict.fromkeys(each.any for each in of_case))
    keys = [case.pk for case in cases]
    with connection.cursor() as db:
        db.execute("SELECT " + ", ".join(f"EXISTS ({sql})" for sql in asked), [keys] * len(asked))
        there = dict(zip(asked, db.fetchone(), strict=True))
    absent = [each for each in of_case if not there[each.any]]
    for each in absent:
        for case in cases:
            each.about.keep(case, [])
    return [each for each in reads if each not in absent]
