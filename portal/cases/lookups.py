"""What rooms know of a case: found for one when asked, and for many at once before their turns are
rewritten.
"""

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from operator import attrgetter
from typing import Generic, TypeVar, cast

from django.db import connection, models

from portal.cases.models import Case
from portal.cases.ports import Fills
from portal.together import Ask, Standing, together

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
    a row to what it shares with its case, which is the case itself or `by`: something of it, say its
    firm.
    """

    def __init__(
        self, rows: Callable[[], "models.QuerySet[M]"], path: str = "case", by: str = "pk"
    ) -> None:
        self.rows, self.path, self.by = rows, path, by
        self.about: About[list[M]] = About(self._by_case)
        self.fill = self.about.fill
        self._about_one = Standing(lambda key: self._sharing([key]))

    def all(self, case: Case) -> list[M]:
        return self.about.get(case) or []

    def first(self, case: Case) -> M | None:
        return next(iter(self.all(case)), None)

    @cached_property
    def any(self) -> str:
        """The query that finds any row of the table on cases, whatever `rows` would leave out; its
        one parameter is the list of what they share with their cases.
        """
        base = self.rows().model._base_manager
        of_cases = base.filter(**{f"{self.path}__in": [0]}).order_by().values("pk")
        return of_cases.query.sql_with_params()[0].replace("IN (%s)", "= ANY(%s)")

    def keys(self, cases: Collection[Case]) -> dict[int, object]:
        """What rows share with each case, by its primary key; a case that has none is left out."""
        read = attrgetter(self.by)
        return {case.pk: key for case in cases if (key := read(case))}

    def asked(self, cases: Collection[Case], ask: Ask) -> list[M]:
        """Their rows, which are there once all is asked that is asked together."""
        keys = {*self.keys(cases).values()}
        if len(keys) == 1:
            return ask.of(self._about_one, *keys)
        return ask(self._sharing(keys))

    def _sharing(self, keys: Collection[object]) -> "models.QuerySet[M]":
        rows = self.rows().filter(**{f"{self.path}__in": keys})
        return cast("models.QuerySet[M]", rows.annotate(shared_with_case=models.F(self.path)))

    def sorted(self, cases: Collection[Case], rows: Iterable[M]) -> dict[int, list[M]]:
        """Primary key of each case → its rows, which know this very case, with what is kept with it."""
        found: dict[object, list[M]] = {}
        for row in rows:
            found.setdefault(row.__dict__["shared_with_case"], []).append(row)
        if self.path == "case":
            for case in cases:
                for row in found.get(case.pk, []):
                    setattr(row, "case", case)  # noqa: B010  a key that each of these models has
        return {pk: found[key] for pk, key in self.keys(cases).items() if key in found}

    def _by_case(self, cases: Collection[Case]) -> dict[int, list[M]]:
        with together() as ask:
            rows = self.asked(cases, ask)
        return self.sorted(cases, rows)


def fill_together(cases: Collection[Case], reads: Collection[Fills]) -> None:
    """Find all of `reads` about cases that keep a memo, in as few trips to the database as it takes:
    first of which tables no row hangs on them, then the rows of the others. What is no row of a
    table is found for many cases; for one when it is read, since seldom it is.
    """
    reads = list(dict.fromkeys(reads))
    of_case = [each for each in reads if isinstance(each, OfCase)]
    there = _there(cases, of_case)
    with together() as ask:
        rows = {each: each.asked(cases, ask) for each in of_case if each.any in there}
    for each in of_case:
        found = each.sorted(cases, rows.get(each, []))
        for case in cases:
            each.about.keep(case, found.get(case.pk, []))
    for other in reads:
        if len(cases) > 1 and not isinstance(other, OfCase):
            other.fill(cases)


def _there(cases: Collection[Case], reads: Collection[OfCase[M]]) -> set[str]:
    """Of which of `reads` there is any row on these cases, by its `any`.

    Most rooms have nothing on a case, and their queries are wide.
    """
    asked = {each.any: [*each.keys(cases).values()] for each in reads}
    with connection.cursor() as db:
        db.execute("SELECT " + ", ".join(f"EXISTS ({sql})" for sql in asked), [*asked.values()])
        found = db.fetchone()
    return {sql for sql, is_there in zip(asked, found, strict=True) if is_there}


# which page of the conversation the address of a case page asks for, kept by the page
asked_page: About[str] = About(lambda _cases: {})
