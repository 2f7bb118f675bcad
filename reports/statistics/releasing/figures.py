"""Reading a release: its tables as dictionaries, kept in memory by the hash of what they say, since
it never changes.
"""

from collections.abc import Iterable
from functools import lru_cache

from reports.statistics.models import Release, ReleaseTable, Row
from reports.statistics.pipeline.names import ALL, KEYS, MOVED, SUBSIDIES


@lru_cache(maxsize=8)
def _kept(_sha256: str) -> dict[str, list[Row]]:
    """The tables of a release that were read so far, by name."""
    return {}


def tables(release: Release, names: Iterable[str]) -> dict[str, list[Row]]:
    """Rows of these tables as dictionaries, in their order.

    One query for all that nobody read before.
    """
    kept = _kept(release.sha256)
    if missing := [name for name in names if name not in kept]:
        for table in ReleaseTable.objects.filter(release=release, name__in=missing):
            head = [name for name, _kind in table.columns]
            kept[table.name] = [dict(zip(head, row, strict=True)) for row in table.rows]
    return {name: kept.get(name, []) for name in names}


def held_back(release: Release, before: Release | None) -> dict[str, list[str]]:
    """table → rows that the release before it showed and this one hides, each by its keys."""
    if before is None:
        return {}
    found = {}
    now, then = tables(release, KEYS), tables(before, KEYS)
    for name, keys in KEYS.items():
        shown, hidden = (
            {" / ".join(str(row[key]) for key in keys) for row in rows if is_hidden(row) is state}
            for rows, state in ((then[name], False), (now[name], True))
        )
        if both := sorted(shown & hidden):
            found[name] = both
    return found


def is_hidden(row: Row) -> bool:
    return bool(row["suppressed"]) if "suppressed" in row else row["refused"] == MOVED


class Figures:
    """The figures of a release for a fiscal year, a programme and an area ("all" where none was
    chosen).
    """

    NAMES = (
        "awards_by",
        "applications_by",
        "ledger",
        "days",
        "outcomes",
        "flow",
        "effects",
        "trend",
        "people",
        "establishments",
        "calls",
        "innovation",
        "courses",
        "outside",
    )

    def __init__(self, release: Release) -> None:
        self.release = release
        self.tables = tables(release, self.NAMES)
        self._awards, self._applications = (
            _by_key(self.tables[name]) for name in ("awards_by", "applications_by")
        )

    @property
    def years(self) -> list[int]:
        """Fiscal years with awards or applications, newest first."""
        return sorted(
            {row["fiscal_year"] for row in self.tables["applications_by"]}
            | {row["fiscal_year"] for row in self.tables["awards_by"]},
            reverse=True,
        )

    def programmes(self, *, paying: bool = True) -> dict[str, tuple[str, str]]:
        """Code → Japanese and English name of every programme that had a call.

        Those that pay subsidies, or all.
        """
        return {
            row["programme"]: (row["programme_name"], row["programme_name_en"])
            for row in self.tables["calls"]
            if not paying
            or row.get("kind", "subsidy") in SUBSIDIES  # releases of before the column do not tell
        }

    def awards(self, year: int, programme: str = ALL, area: str = ALL) -> dict[str, int]:
        """Awards to corporations and their yen; zeros where there is none."""
        found = self._awards.get((year, programme, ALL if area == ALL else "area", area))
        return {name: int(found.get(name) or 0) if found else 0 for name in AWARDS}

    def applications(
        self, year: int, programme: str = ALL, area: str = ALL, dimension: str = "area"
    ) -> Row | None:
        """Applications of corporations.

        None where there is no such cell, values None where it is hidden.
        """
        return self._applications.get((year, programme, ALL if area == ALL else dimension, area))

    def classes(self, year: int, dimension: str) -> list[Row]:
        """Applications of corporations to all programmes by the classes of a dimension."""
        rows = self.tables["applications_by"]
        return [
            r
            for r in rows
            if (r["fiscal_year"], r["programme"], r["dimension"]) == (year, ALL, dimension)
        ]

    def days(self, year: int, stage: str, programme: str = ALL) -> Row | None:
        return next(
            (
                row
                for row in self.tables["days"]
                if (row["fiscal_year"], row["programme"], row["stage"]) == (year, programme, stage)
            ),
            None,
        )

    def ledger(self, year: int, programme: str = ALL, unit: str = "yen") -> Row | None:
        return next(
            (
                row
                for row in self.tables["ledger"]
                if (row["fiscal_year"], row["programme"], row["unit"]) == (year, programme, unit)
            ),
            None,
        )

    def people(self, year: int) -> Row | None:
        """Awards to sole proprietors, of all programmes; None where there is none."""
        return next((r for r in self.tables["people"] if r["fiscal_year"] == year), None)

    def awarded_in(self, year: int, calls: Iterable[str]) -> int:
        """Yen awarded to corporations in these calls."""
        rows = (self._awards.get((year, ALL, "call", code)) for code in calls)
        return sum(int(row["awarded_yen"]) for row in rows if row)

    def outcomes(self, year: int, programme: str = ALL, area: str = ALL) -> list[Row]:
        return [
            row
            for row in self.tables["outcomes"]
            if (row["fiscal_year"], row["programme"], row["area"]) == (year, programme, area)
        ]

    def establishments(self) -> dict[str, Row]:
        return {row["area"]: row for row in self.tables["establishments"]}


AWARDS = (
    "awards",
    "fixed",
    "paid",
    "revoked",
    "awarded_yen",
    "fixed_yen",
    "paid_yen",
    "called_back_yen",
    "returned_yen",
)


def _by_key(rows: list[Row]) -> dict[tuple[int, str, str, str], Row]:
    return {
        (row["fiscal_year"], row["programme"], row["dimension"], row["key"]): row for row in rows
    }
