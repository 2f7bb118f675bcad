"""What came of the awards.

Means of the reports, effects, awards by name, and what others awarded beside them.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.days import fiscal_year_said
from portal.registry.models import in_english
from portal.types import Context
from reports.statistics.models import Row
from reports.statistics.page import wording
from reports.statistics.page.choice import Choice, Chosen, not_by_ward
from reports.statistics.page.effects import EffectLine, effect_line
from reports.statistics.pipeline.names import ALL
from reports.statistics.releasing.figures import tables

LISTED = 30  # awards named on the page; the rest is in the file


@dataclass(frozen=True)
class Mean:
    """An outcome: (head of the column, mean) for each choice, and how many reported."""

    name: str
    values: list[tuple[str, str]]
    reports: str


@dataclass(frozen=True)
class Means:
    """The outcomes as a table."""

    heads: list[str]
    rows: list[Mean]


class Outcomes(Chosen):
    """What the firms reported, and how they fared beside those without an award."""

    @property
    def outcome_year(self) -> int:
        """The year chosen, or the last before it whose firms have reported.

        Reports come a year after the money.
        """
        earlier = (
            year
            for year in self.figures.years
            if year <= self.choice.year
            and any(row["reports"] != 0 for row in self.figures.outcomes(year))
        )
        return next(earlier, self.choice.year)

    @property
    def outcome_year_words(self) -> str:
        return fiscal_year_said(self.outcome_year)

    def outcomes(self) -> Means:
        """Means of the firms that reported.

        A column for the choice of area, of programme, and for all; firms of all last.
        """
        choice, year = self.choice, self.outcome_year
        columns = [(_("すべての制度"), ALL, ALL)]
        if choice.programme != ALL:
            columns.insert(0, (self.programme, choice.programme, ALL))
        if choice.area != ALL:
            columns.insert(0, (self.area, choice.programme, choice.area))
        found = [
            {row["measure"]: row for row in self.figures.outcomes(year, *of)}
            for _name, *of in columns
        ]
        rows = [
            Mean(
                str(name),
                [
                    (head, _said(of.get(measure)))
                    for (head, *_of), of in zip(columns, found, strict=True)
                ],
                wording.count(found[-1][measure]["reports"]),
            )
            for measure, name in wording.OUTCOMES.items()
            if measure in found[-1]
        ]
        return Means([name for name, *_of in columns], rows)

    def effects(self) -> list[EffectLine]:
        """Effects of the whole release, each with its range and one sentence."""
        return [effect_line(row) for row in self.figures.tables["effects"]]

    @property
    def is_compared(self) -> bool:
        """Is anything said of effects yet?"""
        return any(row["verdict"] != "refused" for row in self.figures.tables["effects"])

    def named(self) -> Context:
        """Awards to corporations of the choice, the newest first.

        Only where an area or a programme was chosen.
        """
        if self.choice.area == ALL and self.choice.programme == ALL:
            return {"rows": [], "more": 0}
        rows = [
            row for row in tables(self.release, ["awards"])["awards"] if _fits(row, self.choice)
        ]
        return {
            "rows": [_award(row, self.names) for row in rows[::-1][:LISTED]],
            "more": max(len(rows) - LISTED, 0),
        }

    def flow(self) -> list[tuple[str, str]]:
        """What happened on the way, in the chosen programme and area.

        (what, number) of each; instead of a number that it is not published by area.
        """
        rows = {
            row["measure"]: row
            for row in self.figures.tables["flow"]
            if (row["fiscal_year"], row["programme"]) == (self.choice.year, self.choice.programme)
        }
        won = self.awards
        counted = [
            (str(name), wording.count(rows[key]["value"]) if self.is_everywhere else not_by_ward())
            for key, name in wording.FLOW.items()
            if key in rows
        ]
        return [
            *counted,
            (_("取り消した交付決定（件）"), f"{won['revoked']:,}"),
            (_("返還を求めた額（円）"), f"{won['called_back_yen']:,}"),
            (_("返ってきた額（円）"), f"{won['returned_yen']:,}"),
        ]

    def beside(self) -> list[dict[str, str]]:
        """The city's awards of the year beside those of other bodies, to corporations of the choice.

        Of others the largest five issuers; empty where none were imported.
        """
        rows: dict[str, list[int]] = {}
        for row in self.figures.tables["outside"]:
            if row["fiscal_year"] == self.choice.year and self.choice.area in (ALL, row["area"]):
                sums = rows.setdefault(row["issuer"] or _("（書いていない）"), [0, 0])
                sums[0], sums[1] = sums[0] + row["awards"], sums[1] + (row["awarded_yen"] or 0)
        if not rows:
            return []
        own = self.figures.awards(self.choice.year, area=self.choice.area)
        listed = [
            (_("この窓口の補助"), [own["awards"], own["awarded_yen"]]),
            *sorted(rows.items(), key=lambda pair: -pair[1][1])[:5],
        ]
        return [{"name": name, "awards": f"{n:,}", "yen": f"{yen:,}"} for name, (n, yen) in listed]


def _said(row: Row | None) -> str:
    return "―" if row is None else wording.outcome(row)


def _fits(row: Row, choice: Choice) -> bool:
    return (
        row["fiscal_year"] == choice.year
        and choice.programme in (ALL, row["programme"])
        and choice.area in (ALL, row["area"])
    )


def _award(row: Row, areas: dict[str, str]) -> Context:
    """An award as a line of the list."""
    return {
        "on": row["awarded_on"],
        "name": row["name"],
        "programme": row["programme_name_en" if in_english() else "programme_name"],
        "area": areas.get(row["area"], ""),
        "awarded": f"{row['awarded_yen']:,}",
        "fixed": "―" if row["fixed_yen"] is None else f"{row['fixed_yen']:,}",
        "paid": f"{row['paid_yen']:,}",
        "status": wording.STATUS[row["status"]],
    }
