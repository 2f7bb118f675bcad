"""Programmes side by side, and the kinds of firms that applied.

Small tables for the page and for the council's report.
"""

from dataclasses import dataclass

from portal.registry.models import Industry, in_english
from reports.statistics.models import Row
from reports.statistics.page import wording
from reports.statistics.pipeline.names import AGES, SIZES, UNKNOWN
from reports.statistics.releasing.figures import Figures

ORDER = (
    *SIZES,
    *AGES,
    "first",
    "repeat",
    "no",
    "yes",
    UNKNOWN,
)  # classes as they are read; industries by their letter


@dataclass(frozen=True)
class Compared:
    """What a programme did in a year, as it is read; `link`: the page of that programme."""

    name: str
    link: str
    applications: str
    rate: str
    awards: str
    awarded: str
    paid: str
    days: str


def programmes(
    figures: Figures, year: int, area: str, names: dict[str, str], links: dict[str, str]
) -> list[Compared]:
    """Every programme that was applied to or awarded in the year, in the order of `names` (code →
    name).
    """
    found = []
    for code, name in names.items():
        asked, won = figures.applications(year, code, area), figures.awards(year, code, area)
        if not won["awards"] and (asked is None or asked["applications"] == 0):
            continue
        n = 0 if asked is None else asked["applications"]
        days = figures.days(year, "decision", code)
        found.append(
            Compared(
                name,
                links[code],
                wording.count(n),
                wording.percent(won["awards"] / n) if n else "―",
                f"{won['awards']:,}",
                f"{won['awarded_yen']:,}",
                f"{won['paid_yen']:,}",
                wording.hidden()
                if days is None or days["suppressed"]
                else f"{days['median']:,.0f}",
            )
        )
    return found


@dataclass(frozen=True)
class Firms:
    """One way of telling firms apart: rows of (class, applications, accepted, awards).

    `hidden`: the classes that are not shown, in words.
    """

    title: str
    rows: tuple[tuple[str, str, str, str], ...]
    hidden: str


def firms(figures: Figures, year: int) -> tuple[list[Firms], list[str]]:
    """Corporations' applications of a year by each kind of class.

    And the kinds of which nothing may be shown or nothing is known.
    """
    found, unshown = [], []
    for dimension, title in wording.FIRMS.items():
        rows = [
            row
            for row in figures.classes(year, dimension)
            if row["suppressed"] or row["applications"]
        ]
        rows.sort(
            key=lambda row: (ORDER.index(row["key"]) if row["key"] in ORDER else 0, row["key"])
        )
        shown = [row for row in rows if not row["suppressed"]]
        if {row["key"] for row in shown} <= {UNKNOWN}:
            unshown.append(str(title))
            continue
        names = _names(dimension, rows)
        found.append(
            Firms(
                str(title),
                tuple(
                    (
                        names[row["key"]],
                        wording.count(row["applications"]),
                        wording.count(row["accepted"]),
                        wording.count(row["awards"]),
                    )
                    for row in shown
                ),
                wording.listed([names[row["key"]] for row in rows if row["suppressed"]]),
            )
        )
    return found, unshown


def _names(dimension: str, rows: list[Row]) -> dict[str, str]:
    """Key → what the class is called."""
    if dimension == "industry":
        column = "major_name_en" if in_english() else "major_name"
        known = dict(Industry.objects.values_list("major", column).distinct())
        return {row["key"]: known.get(row["key"]) or str(wording.KEYS[UNKNOWN]) for row in rows}
    return {row["key"]: wording.key(dimension, row["key"]) for row in rows}
