"""Cases by the place and the trade of their firms, as the office reads them: what is open, what a fiscal year
decided, what was applied for and awarded in its calls.

Of the cases that the reader sees, and by the firm's record as it is today; an award counts as
`grants.awards.decided` says. The public reads places in releases alone, where small figures are hidden.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.awards.models import Award
from grants.awards.states import UNCOUNTED
from grants.programmes.models import Call
from portal.cases import listing
from portal.cases.models import Case
from portal.registry.models import Area, Industry
from portal.together import Ask

# area and trade of a firm, each None where it is not known
Where = tuple[str | None, str | None]
OF_FIRM = ("case__organisation__area", "case__organisation__industry__major")


@dataclass(frozen=True)
class Cell:
    """A trade in a place: `applications` to the calls of the fiscal year; `awards` in them, of `yen`."""

    place: str
    trade: str
    applications: int
    awards: int
    yen: int


@dataclass(frozen=True)
class Place:
    """`decided`: granted or not, in the fiscal year; the others as of a cell."""

    name: str
    open: int
    decided: int
    applications: int
    awards: int
    yen: int


@dataclass(frozen=True)
class Found:
    """Places in their order, then all firms outside them; of places without a case, nothing."""

    places: list[Place]
    cells: list[Cell]

    @property
    def total(self) -> Place:
        rows = self.places
        return Place(
            _("合計"),
            sum(row.open for row in rows),
            sum(row.decided for row in rows),
            sum(row.applications for row in rows),
            sum(row.awards for row in rows),
            sum(row.yen for row in rows),
        )


def told(ask: Ask, cases: QuerySet[Case], calls: QuerySet[Call], year: int) -> Callable[[], Found]:
    """`calls`: those of the fiscal year."""
    areas = ask(Area.objects.select_related("municipality"))
    trades = ask(Industry.objects.order_by("code"))
    open_now, decided = Q(closed_at=None), listing.within(str(year), "decided_at")
    by_area = cases.filter(open_now | decided).order_by().values("organisation__area")
    counts = by_area.annotate(
        open=Count("pk", filter=open_now), decided=Count("pk", filter=decided)
    )
    moved = ask(counts.values_list("organisation__area", "open", "decided"))
    filed = Application.objects.filter(call__in=calls, case__in=cases)
    filed = filed.filter(case__submitted_at__isnull=False).order_by()
    received = ask(filed.values(*OF_FIRM).annotate(n=Count("pk")).values_list(*OF_FIRM, "n"))
    awards = Award.objects.filter(of_call__in=calls, case__in=cases).exclude(state__in=UNCOUNTED)
    sums = awards.order_by().values(*OF_FIRM).annotate(n=Count("pk"), yen=Sum("awarded_amount"))
    won = ask(sums.values_list(*OF_FIRM, "n", "yen"))

    def found() -> Found:
        places = {area.code: str(area) for area in areas}
        names = {row.major: row.major_said for row in trades}
        came = {(area, trade): n for area, trade, n in received}
        given = {(area, trade): (n, yen) for area, trade, n, yen in won}
        cells = {
            where: Cell(
                places.get(where[0] or "", _("札幌圏の外、または不明")),
                names.get(where[1] or "", _("不明")),
                came.get(where, 0),
                *given.get(where, (0, 0)),
            )
            for where in sorted(came | given, key=_order)
        }
        return Found(_by_place(places, moved, cells), list(cells.values()))

    return found


def _order(where: Where) -> tuple[bool, str, bool, str]:
    area, trade = where
    return area is None, area or "", trade is None, trade or ""


def _by_place(
    names: dict[str, str], moved: Iterable[tuple[str | None, int, int]], cells: dict[Where, Cell]
) -> list[Place]:
    of_area = {area: (n, decided) for area, n, decided in moved}
    beside = {area: [cells[w] for w in rows] for area, rows in groupby(cells, lambda w: w[0])}
    every = [*names.items(), (None, _("札幌圏の外、または不明"))]
    return [
        Place(
            name,
            *of_area.get(code, (0, 0)),
            sum(cell.applications for cell in beside.get(code, ())),
            sum(cell.awards for cell in beside.get(code, ())),
            sum(cell.yen for cell in beside.get(code, ())),
        )
        for code, name in every
        if code in of_area or code in beside
    ]
