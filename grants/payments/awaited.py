"""What awards that are alike wait for: how many, for how many yen, and what of it has an order; kept by the
database (migration 0003), so that no page reads each award.

Whatever writes awards adds the difference that it made as rows of its own, as the tally of turns does
(`portal.cases.tallies`, decision 0109). A job adds up what is alike.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeAlias

from django.db import connection, models
from django.db.models import Count, F, Q, QuerySet, Sum

from grants.awards import states
from grants.awards.models import Award
from grants.payments.states import UNCERTAIN
from grants.programmes.models import Call
from portal.accounts.permissions import NOBODY, prefixed
from portal.together import Ask
from portal.types import Row

# call, frame, state, end of the project, and whether something was carried over
Key: TypeAlias = tuple[int, str, str, date, bool]
KEYS = ("of_call", "frame", "state", "project_ends_on", "is_carried")
_OPEN = ", ".join(f"'{state}'" for state in sorted(map(str, states.OPEN)))
_REST = "payable - paid"
# by how many years the accounts of its money are over when an award is paid → yen of it that can be paid
# then (`foreseen.PAYABLE`); three years later nothing can
_PAYABLE = {
    0: _REST,
    1: f"least({_REST}, coalesce(left_over, 0))",
    2: f"least({_REST}, coalesce(left_again, 0))",
}
# of each open award that is not paid: itself, and yen that are not; for each number of years yen that can
# be paid, whether that is something and less than all, yen of it that have an order, and whether all of it
# has one. Of every award: its orders that are not paid for certain, and their yen
_MEASURES = {"awards": "1", "rest": _REST}
for _over, _yen in _PAYABLE.items():
    _MEASURES |= {
        f"yen_{_over}": _yen,
        f"some_{_over}": f"({_yen} > 0)::int",
        f"late_{_over}": f"({_yen} < {_REST})::int",
        f"held_{_over}": f"least({_yen}, ordered)",
        f"whole_{_over}": f"({_yen} > 0 AND {_yen} <= ordered)::int",
    }
MEASURES = (*_MEASURES, "orders", "ordered")
_SUMS = ", ".join(f"sum({name})" for name in MEASURES)
_KEYS, _COLUMNS = ", ".join(KEYS), ", ".join((*KEYS, *MEASURES))


_NAMED = "(SELECT * FROM grants_awards_award WHERE id = ANY(%s)) AS named"


def counted(rows: str, sign: str = "") -> str:
    """The measures of some awards, as SQL: `rows` is what stands behind FROM."""
    is_open = f"(state IN ({_OPEN}) AND payable > paid)"
    each = [f"CASE WHEN {is_open} THEN {sign}({sql}) ELSE 0 END" for sql in _MEASURES.values()]
    return (
        "SELECT of_call_id, frame, state, project_ends_on, left_over IS NOT NULL,"  # noqa: S608  no word of it is typed
        f" {', '.join(each)}, {sign}orders, {sign}ordered"
        f" FROM {rows} WHERE {is_open} OR orders <> 0"
    )


def added_up(rows: str) -> str:
    """What is alike in rows of keys and measures, added up; nothing of what comes to nothing."""
    some = " OR ".join(f"sum({name}) <> 0" for name in MEASURES)
    return (
        f"SELECT {_KEYS}, {_SUMS} FROM ({rows}) AS rows ({_COLUMNS})"  # noqa: S608  as above
        f" GROUP BY {_KEYS} HAVING {some}"
    )


def into(rows: str) -> str:
    return f"INSERT INTO grants_payments_awaited ({_COLUMNS}) {added_up(rows)}"


class Awaited(models.Model):
    """So much more, or less, of awards that are alike."""

    of_call = models.BigIntegerField()
    frame = models.CharField(max_length=31)
    state = models.CharField(max_length=24)
    project_ends_on = models.DateField()
    is_carried = models.BooleanField()
    awards = models.IntegerField()
    rest = models.BigIntegerField()
    yen_0 = models.BigIntegerField()
    some_0 = models.IntegerField()
    late_0 = models.IntegerField()
    held_0 = models.BigIntegerField()
    whole_0 = models.IntegerField()
    yen_1 = models.BigIntegerField()
    some_1 = models.IntegerField()
    late_1 = models.IntegerField()
    held_1 = models.BigIntegerField()
    whole_1 = models.IntegerField()
    yen_2 = models.BigIntegerField()
    some_2 = models.IntegerField()
    late_2 = models.IntegerField()
    held_2 = models.BigIntegerField()
    whole_2 = models.IntegerField()
    orders = models.IntegerField()
    ordered = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.of_call} {self.frame} {self.state} {self.awards}"


def told(
    ask: Ask, calls: QuerySet[Call], closed: Q = NOBODY
) -> Callable[[], dict[Key, dict[str, int]]]:
    """What those that are alike wait for, by `MEASURES`, of some calls; without `closed` cases, mostly
    none, whose awards are counted one by one.
    """
    sums = {f"sum_{name}": Sum(name) for name in MEASURES}
    of_calls = Awaited.objects.filter(of_call__in=calls.values("pk")).order_by()
    rows = ask(of_calls.values_list(*KEYS).annotate(**sums))
    shut = ask(_of_cases(closed).filter(of_call__in=calls).order_by().values_list("pk", flat=True))

    def found() -> dict[Key, dict[str, int]]:
        every = {row[:5]: dict(zip(MEASURES, map(int, row[5:]), strict=True)) for row in rows}
        for row in _rows(added_up(counted(_NAMED)), [shut]) if shut else []:
            of = every.get(row[:5], {})
            every[row[:5]] = {
                name: of.get(name, 0) - int(row[5 + n]) for n, name in enumerate(MEASURES)
            }
        return every

    return found


def _of_cases(condition: Q) -> QuerySet[Award]:
    """Awards that await something, of these cases."""
    return Award.objects.filter(
        Q(state__in=states.OPEN, payable__gt=F("paid")) | Q(orders__gt=0),
        prefixed(condition, "case"),
    )


_NAMED = "(SELECT * FROM grants_awards_award WHERE id = ANY(%s)) AS named"


def gather() -> None:
    """Add up what is alike. One statement, so that whoever reads meanwhile finds one or the other."""
    _instead(_kept("gone"))


def copy_anew() -> None:
    """After rows were written past the database's own copying and counting."""
    Award.objects.filter(pk__in=differing().values("pk")).update(frame=F("frame"))
    if not is_exact():
        _instead(counted("grants_awards_award"))


def is_exact() -> bool:
    """Does it say what a count of every award says?"""
    kept = added_up(_kept("grants_payments_awaited"))
    found = added_up(counted("grants_awards_award"))
    return not _rows(
        f"SELECT 1 FROM (({kept}) EXCEPT ALL ({found})) a"  # noqa: S608  as above
        f" UNION ALL SELECT 1 FROM (({found}) EXCEPT ALL ({kept})) b LIMIT 1"
    )


def differing() -> QuerySet[Award]:
    """The awards that carry other orders than theirs."""
    waiting = Q(payments__state__in=UNCERTAIN)
    rows = Award.objects.order_by("pk").annotate(
        theirs=Count("payments", filter=waiting),
        yen=Sum("payments__amount", filter=waiting, default=0),
    )
    return rows.exclude(orders=F("theirs"), ordered=F("yen"))


def _kept(rows: str) -> str:
    return f"SELECT {_COLUMNS} FROM {rows}"  # noqa: S608  as above


def _instead(rows: str) -> None:
    _rows(f"WITH gone AS (DELETE FROM grants_payments_awaited RETURNING *) {into(rows)}")  # noqa: S608  as above


def _rows(statement: str, given: Sequence[list[int]] = ()) -> list[tuple[Row, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given or None)
        return cursor.fetchall() if cursor.description is not None else []
