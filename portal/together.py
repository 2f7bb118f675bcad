"""Several querysets read in one trip to the database.

A page about one case asks thirty tables, and would wait thirty times for an answer. Here their
statements are sent as one and answered as one; each keeps its own plan. Rows that hang on those of
a queryset (`prefetch_related`) are asked for in the same trip, wherever a foreign key leads to them.
See docs/decisions/0083.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Generic, TypeAlias, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import (
    Aggregate,
    Count,
    ForeignKey,
    ManyToOneRel,
    Model,
    Prefetch,
    QuerySet,
    Value,
)
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)
R = TypeVar("R")
Rows: TypeAlias = QuerySet[Model, object]
Lookup: TypeAlias = "str | Prefetch[str, QuerySet[Model], str]"


@contextmanager
def together() -> Iterator["Ask"]:
    """What is asked inside is there after it.

    with together() as ask:
        claims = ask(Claim.objects.filter(case=case))
        notices = ask(Notice.objects.filter(case=case))
    """
    ask = Ask()
    yield ask
    _fetch([each for root in ask.asked for each in root.whole()])
    for root in ask.asked:
        root.hang()


class Ask:
    def __init__(self) -> None:
        self.asked: list[_Asked] = []

    def __call__(self, queryset: QuerySet[M, R]) -> list[R]:
        """The list of its rows, which is filled at the end."""
        return cast("list[R]", self._add(_planned(cast("Rows", queryset))))

    def of(self, standing: "Standing[M]", key: object) -> list[M]:
        """The rows of a standing question about this key."""
        return cast("list[M]", self._add(standing.about(key)))

    def _add(self, asked: "_Asked") -> list[object]:
        self.asked.append(asked)
        return asked.rows

    def totals(self, queryset: QuerySet[M, R], **totals: Aggregate) -> Callable[[], dict[str, int]]:
        """What `aggregate` would give, said at the end; of no row at all 0."""
        whole = queryset.order_by().annotate(whole=Value(1)).values("whole")
        rows = self(whole.annotate(**totals).values(*totals))
        return lambda: next(iter(rows), None) or dict.fromkeys(totals, 0)

    def count(self, queryset: QuerySet[M, R]) -> Callable[[], int]:
        total = self.totals(queryset, n=Count("pk"))
        return lambda: total()["n"]


class Standing(Generic[M]):
    """A question that is asked again and again about another key: `rows(key)` is its queryset, which
    must be the same for every key, person and moment but for that key.

    Its statements are made once in a process. To make them takes Django longer than it takes
    PostgreSQL to answer them.
    """

    def __init__(self, rows: Callable[[object], "QuerySet[M]"]) -> None:
        self.rows = rows
        self.made: dict[object, _Asked] = {}
        self.lock = Lock()

    def about(self, key: object) -> "_Asked":
        stand_in = _STAND_INS[type(key)]
        with self.lock:  # making a statement changes its query: one thread at a time
            if stand_in not in self.made:
                made = _planned(cast("Rows", self.rows(stand_in)))
                for statement in filter(None, [each.statement for each in made.whole()]):
                    statement.compiler.__dict__["connection"] = None  # that of no thread
                self.made[stand_in] = made
        return self.made[stand_in].about(key, instead_of=stand_in)


# what stands in a statement where the key goes, by the type of the key: a value that no column holds
_STAND_INS: dict[type, object] = {int: -(2**60) - 1, str: "\ufdd0"}


@dataclass
class _Statement:
    """The text of a queryset and what goes into it; `compiler` knows how its columns become rows."""

    sql: str
    params: Sequence[object]
    compiler: SQLCompiler

    @classmethod
    def of(cls, queryset: Rows) -> "_Statement | None":
        """None where it asks for the rows of an empty list."""
        compiler = queryset.query.get_compiler(connection.alias)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        return cls(sql, params, compiler)

    def about(self, key: object, instead_of: object) -> "_Statement":
        """A copy of its own for this thread."""
        compiler = copy(self.compiler)
        compiler.connection = connections[connection.alias]
        params = [key if each == instead_of else each for each in self.params]
        return _Statement(self.sql, params, compiler)


@dataclass
class _Asked:
    """A queryset, and what is asked for with it: (the way of foreign keys to the rows that the others
    point to, by which key they point, the others).
    """

    queryset: Rows
    beside: list[tuple[list[str], ManyToOneRel, "_Asked"]] = field(default_factory=list)
    rows: list[object] = field(default_factory=list)

    def whole(self) -> Iterator["_Asked"]:
        yield self
        for _way, _key, other in self.beside:
            yield from other.whole()

    @cached_property
    def statement(self) -> _Statement | None:
        return _Statement.of(self.queryset)

    def about(self, key: object, instead_of: object) -> "_Asked":
        """The same for a key, without rows."""
        beside = [(way, by, other.about(key, instead_of)) for way, by, other in self.beside]
        asked = _Asked(self.queryset.all(), beside)
        asked.statement = self.statement and self.statement.about(key, instead_of)
        return asked

    def hang(self) -> None:
        """Give each row those that point to it, as `prefetch_related` does."""
        for way, key, other in self.beside:
            other.hang()
            found: dict[object, list[Model]] = {}
            for child in cast("list[Model]", other.rows):
                found.setdefault(getattr(child, key.field.attname), []).append(child)
            for parent in _reached(cast("list[Model]", self.rows), way):
                _hang(parent, key, found.get(parent.pk, []))


def _planned(queryset: Rows) -> _Asked:
    """What can be asked for in the same trip; the rest is left to Django."""
    beside: dict[str, tuple[list[str], ManyToOneRel, Rows]] = {}
    left: list[Lookup] = []
    for lookup in cast("Iterable[Lookup]", queryset.__dict__["_prefetch_related_lookups"]):
        path, own = _read(lookup)
        if own is None and _is_way(queryset.model, path):
            queryset = queryset.select_related(path)
            continue
        found = _key(queryset.model, path)
        if found is None:
            left.append(lookup)
            continue
        way, key, rest = found
        name = "__".join([*way, key.name])
        others = beside[name][2] if name in beside else key.related_model._default_manager.all()
        if rest:
            others = others.prefetch_related(
                rest if own is None else Prefetch(rest, cast("QuerySet[Model]", own))
            )
        elif own is not None:
            others = own
        beside[name] = way, key, others
    asked = _Asked(queryset.prefetch_related(None).prefetch_related(*left))
    for way, key, others in beside.values():
        if way:
            asked.queryset = asked.queryset.select_related("__".join(way))
        parents = queryset.order_by().values("__".join(way) or "pk")
        inside = others.filter(**{f"{key.field.name}__in": parents})
        asked.beside.append((way, key, _planned(inside)))
    return asked


def _read(lookup: Lookup) -> tuple[str, Rows | None]:
    if isinstance(lookup, Prefetch):
        return lookup.prefetch_to, cast("Rows | None", lookup.queryset)
    return lookup, None


def _key(model: type[Model], path: str) -> tuple[list[str], ManyToOneRel, str] | None:
    """(foreign keys to follow, the key by which others point to where they lead, what is asked of
    those) of a lookup; None for one of another form.
    """
    steps = path.split("__")
    for n, name in enumerate(steps):
        if not hasattr(model, name):  # what it finds is kept under another name (`to_attr`)
            return None
        step = model._meta.get_field(name)
        if type(step) is ManyToOneRel:
            return steps[:n], step, "__".join(steps[n + 1 :])
        if not isinstance(step, ForeignKey):
            return None
        model = step.related_model
    return None


def _is_way(model: type[Model], path: str) -> bool:
    """Does it follow foreign keys alone? Then it is joined."""
    for name in path.split("__"):
        step = model._meta.get_field(name) if hasattr(model, name) else None
        if not isinstance(step, ForeignKey):
            return False
        model = step.related_model
    return True


def _reached(rows: Sequence[Model], way: list[str]) -> Iterator[Model]:
    for row in rows:
        found: Model | None = row
        for name in way:
            found = getattr(found, name, None)
        if found is not None:
            yield found


def _hang(parent: Model, key: ManyToOneRel, children: list[Model]) -> None:
    name = str(key.get_accessor_name())
    for child in children:
        key.field.set_cached_value(child, parent)
    known = getattr(parent, name).get_queryset()
    known._result_cache, known._prefetch_done = children, True
    parent.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known


def _fetch(asked: list[_Asked]) -> None:
    """Send the statements of all in one, and give each its rows."""
    sent = [(each, each.statement) for each in asked if each.statement]
    if not sent:
        return
    with connection.cursor() as cursor:
        given = cast("list[str]", [value for _each, made in sent for value in made.params])
        cursor.execute(";\n".join(made.sql for _each, made in sent), given)
        for number, (each, made) in enumerate(sent):
            if number:
                cursor.nextset()
            rows = [row[: made.compiler.col_count] for row in cursor.fetchall()]
            each.rows += _made(each.queryset, made.compiler, rows)


def _made(queryset: Rows, compiler: SQLCompiler, rows: list[tuple[object, ...]]) -> list[object]:
    """What the queryset makes of the rows that its statement gave."""
    query = queryset.query
    compiler.__dict__["execute_sql"] = lambda *_args, **_named: [rows]
    query.__dict__["get_compiler"] = lambda *_args, **_named: compiler
    try:
        return list(queryset)
    finally:
        del query.__dict__["get_compiler"]
