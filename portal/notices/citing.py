"""「令和8年12月2日付け札経産第3号」: the earlier papers that a paper rests on, by day and number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from portal import fiscal
from portal.cases.models import Case
from portal.notices.models import Notice
from portal.types import Given, Row
from portal.workflow.ports import notice_kinds

# kind, what it is about, what the transition's form brought
Wanted: TypeAlias = tuple[str, Row, Given]
Key: TypeAlias = tuple[str, str]
NOT_YET = "（日付と番号は、発行のときに入ります）"


@dataclass(frozen=True)
class Cited:
    """The papers that were issued, by kind and what they are about; the last one of each counts."""

    known: Mapping[Key, str] = field(default_factory=dict)

    def of(self, kind: str, row: Row, day: date | None = None) -> str:
        """Day and number of the paper about a row, or of the last one to a case; its `day` alone where
        none is kept here (it was taken over from paper files).
        """
        return self.known.get(_key(kind, row)) or (fiscal.era(day) if day else "")

    def of_case(self, kind: str, case: int, day: date | None = None) -> str:
        """`of` a case by its key: a paper about one of many rows loads no case for it."""
        return self.known.get((kind, f"case:{case}")) or (fiscal.era(day) if day else "")


NOTHING = Cited()


def said(day: str, number: str) -> str:
    return f"{day}付け{number}"


def _key(kind: str, row: Row) -> Key:
    return kind, f"case:{row.pk}" if isinstance(row, Case) else row.subject_key


def keys(kind: str, row: Row) -> tuple[Key, Key]:
    """Under which the paper about a row is found: as that of its case, and as its own."""
    return _key(kind, row.case), _key(kind, row)


def rests_on(kind: str, row: Row) -> list[Key]:
    return [_key(*cited) for cited in notice_kinds[kind].cites(row)]


def stored(wanted: Iterable[Wanted]) -> dict[Key, str]:
    """Those issued before, in one query for all; none where nothing rests on one."""
    cited = [pair for kind, row, _given in wanted for pair in notice_kinds[kind].cites(row)]
    if not cited:
        return {}
    cases = {row.pk if isinstance(row, Case) else row.case_id for _kind, row in cited}
    found = Notice.objects.filter(case__in=cases, kind__in={kind for kind, _row in cited})
    rows = found.order_by("issued_at", "pk").values_list(
        "case", "kind", "number", "facts__date", "facts__of"
    )
    known = {}
    for case, kind, number, day, about in rows:
        for key in (f"case:{case}", about):
            known[kind, key] = said(day, number) if day else ""  # emptied when its time was over
    return known


def waves(wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """What rests on another paper of the same act comes after it."""
    left = list(wanted)
    while left:
        waiting = {key for kind, row, _given in left for key in keys(kind, row)}
        free: list[Wanted] = []
        later: list[Wanted] = []
        for it in left:
            (free if waiting.isdisjoint(rests_on(it[0], it[1])) else later).append(it)
        yield free or later
        left = later if free else []
