"""Cases by the place of their firms, as the office reads them: what is open, what a fiscal year decided.

Of the cases that the reader sees, and by the firm's record as it is today. The public reads places in
releases alone, where small figures are hidden.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from portal.cases import listing
from portal.cases.models import Case
from portal.registry.models import Area
from portal.together import Ask

Row = tuple[str | None, int, int, int]


@dataclass(frozen=True)
class Place:
    """`decided`: granted or not, in the fiscal year; `yen`: of these, what was awarded then."""

    name: str
    open: int
    decided: int
    yen: int


def told(ask: Ask, cases: QuerySet[Case], year: int) -> Callable[[], list[Place]]:
    """The areas in their order, then all firms outside them; of places without a case, nothing."""
    areas = ask(Area.objects.select_related("municipality"))
    open_now, decided = Q(closed_at=None), listing.within(str(year), "decided_at")
    by_area = cases.filter(open_now | decided).order_by().values("organisation__area")
    found = by_area.annotate(
        open=Count("pk", filter=open_now),
        decided=Count("pk", filter=decided),
        yen=Sum("awarded_amount", filter=decided, default=0),
    )
    rows: list[Row] = ask(found.values_list("organisation__area", "open", "decided", "yen"))
    return lambda: _in_order(areas, rows)


def _in_order(areas: list[Area], rows: list[Row]) -> list[Place]:
    of_area = {row[0]: row[1:] for row in rows}
    every = [*((area.code, str(area)) for area in areas), (None, _("札幌圏の外、または不明"))]
    return [Place(name, *of_area[code]) for code, name in every if code in of_area]
