"""What the public dashboard shows for a choice of year, programme and area: every part a small function over the figures of a release."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.fiscal import fiscal_year
from portal.registry.models import Area, in_english
from reports.statistics import charts, lines, wording
from reports.statistics.choice import Choice, Narrowed
from reports.statistics.dimensions import ALL
from reports.statistics.forms import SHOWN, year_words
from reports.statistics.models import Boundary, Release
from reports.statistics.reading import Figures, Row, tables

CITY = "011002"
LISTED = 30  # awards named on the page; the rest is in the file


@dataclass(frozen=True)
class Board(Narrowed):
    """The page's parts. `areas`: all 21 in their order."""

    release: Release
    figures: Figures
    areas: list[Area]
    choice: Choice

    @property
    def names(self) -> dict[str, str]:
        return {area.code: str(area) for area in self.areas}

    @property
    def programme_names(self) -> dict[str, str]:
        return {code: pair[in_english()] for code, pair in self.figures.programmes().items()}

    @property
    def year(self) -> str:
        return year_words(self.choice.year)

    @property
    def programme(self) -> str:
        return self.programme_names.get(self.choice.programme, "")

    @property
    def area(self) -> str:
        return self.names.get(self.choice.area, "")

    @property
    def is_everywhere(self) -> bool:
        """Was no area chosen? Days and what happened on the way are published of all areas together alone."""
        return self.choice.area == ALL

    @property
    def awards(self) -> dict[str, int]:
        return self.figures.awards(self.choice.year, self.choice.programme, self.choice.area)

    # -- the figures at the top ---------------------------------------------------------------------------------------
    def headline(self) -> list[dict[str, str]]:
        """Four figures with what they mean: how many, how much, paid, how quickly."""
        now, choice = self.awards, self.choice
        before = self.figures.awards(choice.year - 1, choice.programme, choice.area)["awards"]
        awarded, paid = wording.big_yen(now["awarded_yen"]), wording.big_yen(now["paid_yen"])
        days = (
            self.figures.days(choice.year, "decision", choice.programme)
            if self.is_everywhere
            else None
        )
        median = days["median"] if days and not days["suppressed"] else None
        return [
            {
                "name": _("交付を決めた事業"),
                "number": f"{now['awards']:,}",
                "unit": wording.pieces(),
                "note": _("前の年度は%(n)s件") % {"n": before} if before else _("法人への交付決定"),
            },
            {
                "name": _("交付を決めた額"),
                "number": awarded[0],
                "unit": awarded[1],
                "note": self._budget() or _("%(n)s円") % {"n": f"{now['awarded_yen']:,}"},
            },
            {
                "name": _("支払いが済んだ額"),
                "number": paid[0],
                "unit": paid[1],
                "note": _("事業の終了後に支払うため、年度の終わりに増えます"),
            },
            {
                "name": _("申込みから決定まで"),
                "number": f"{median:,.0f}" if median is not None else "―",
                "unit": wording.days() if median is not None else "",
                "note": _("中央値。半分の方は%(n)s日以内") % {"n": f"{median:,.0f}"}
                if median is not None
                else self._no_days(),
            },
        ]

    def _no_days(self) -> str:
        return _("まだ3社に満たないため、出していません") if self.is_everywhere else not_by_ward()

    def _budget(self) -> str:
        row = (
            self.figures.ledger(self.choice.year, self.choice.programme)
            if self.choice.area == ALL
            else None
        )
        if row is None or row["suppressed"] or not row["appropriated"]:
            return ""
        budget, unit = wording.big_yen(row["appropriated"])
        return _("金額で管理する予算%(budget)sの%(rate)sを決定") % {
            "budget": f"{budget}{' ' if in_english() else ''}{unit}",
            "rate": wording.percent(row["committed"] / row["appropriated"]),
        }

    # -- the map --------------------------------------------------------------------------------------------------------
    def values(self) -> dict[str, charts.Value]:
        """Code of the area → what the map counts."""
        year, programme, show = self.choice.year, self.choice.programme, self.choice.show
        places, outside = self.figures.establishments(), self._outside()

        def value(code: str) -> charts.Value:
            won = self.figures.awards(year, programme, code)
            if show == "applications":
                row = self.figures.applications(year, programme, code)
                return wording.number(row["applications"] if row else 0)
            if show == "outside":
                return (
                    wording.number(outside.get(code, 0))
                    if self.figures.tables["outside"]
                    else wording.absent()
                )
            if show == "per_1000":
                rate = won["awards"] / places[code]["count"] * 1000 if code in places else None
                return wording.absent() if rate is None else charts.Value(rate, f"{rate:.2f}")
            return wording.number(
                won[show], wording.short_yen(won[show]) if show.endswith("_yen") else ""
            )

        return {area.code: value(area.code) for area in self.areas}

    def _outside(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in self.figures.tables["outside"]:
            if row["fiscal_year"] == self.choice.year:
                found[row["area"]] = found.get(row["area"], 0) + row["awards"]
        return found

    def map(self) -> charts.Map:
        values = self.values()
        said = {value.number: value.text for value in values.values() if value.number is not None}
        names = {
            area.code: area.name_en.removesuffix("-ku")
            if in_english()
            else area.name.rstrip("市町村")
            for area in self.areas
        }
        links = {area.code: self.choice.link(area=area.code) for area in self.areas}
        shapes = {row.area_id: (row.rings, row.label) for row in Boundary.objects.all()}
        if len(shapes) == len(self.areas):
            return charts.shape_map(
                values,
                names,
                said,
                shapes,
                [area.code for area in self.areas if area.municipality_id == CITY],
                links,
            )
        return charts.tile_map(values, names, said, links)

    def places(self) -> list[dict[str, Any]]:
        """The table beside the map."""
        values, extra = self.values(), self.choice.show not in ("awards", "awarded_yen")
        found = []
        for area in self.areas:
            won = self.figures.awards(self.choice.year, self.choice.programme, area.code)
            found.append(
                {
                    "name": str(area),
                    "awards": won["awards"],
                    "yen": won["awarded_yen"],
                    "extra": values[area.code].text if extra else None,
                    "link": self.choice.link(area=area.code),
                    "current": area.code == self.choice.area,
                }
            )
        return found

    def all_places(self) -> dict[str, int]:
        return self.figures.awards(self.choice.year, self.choice.programme)

    def shown(self) -> dict[str, str]:
        words = str(dict(SHOWN)[self.choice.show])
        unit = wording.short_yen_unit() if self.choice.show.endswith("_yen") else wording.pieces()
        return {"name": words, "unit": unit}

    # -- what it was spent on ---------------------------------------------------------------------------------------------
    def programmes(self) -> tuple[charts.Bar, ...]:
        """Programmes by what was awarded, in the chosen area."""
        rows = []
        for code, name in self.programme_names.items():
            won = self.figures.awards(self.choice.year, code, self.choice.area)
            if won["awards"]:
                rows.append(
                    (
                        name,
                        float(won["awarded_yen"]),
                        f"{won['awarded_yen']:,}",
                        f"{won['awards']:,}",
                        self.choice.link(programme=code),
                    )
                )
        return charts.bars(sorted(rows, key=lambda row: -(row[1])))

    def funnel(self) -> tuple[charts.Bar, ...]:
        """From the application to the payment, numbers of corporations' applications."""
        row: Row = self.figures.applications(
            self.choice.year, self.choice.programme, self.choice.area
        ) or {
            "applications": 0,
            "accepted": 0,
        }
        won = self.awards
        steps = [
            (_("申請"), row["applications"]),
            (_("受理"), row["accepted"]),
            (_("交付決定"), won["awards"]),
            (_("額の確定"), won["fixed"]),
            (_("支払い"), won["paid"]),
        ]
        first = row["applications"]
        return charts.bars(
            [
                (
                    name,
                    None if n is None else float(n),
                    wording.count(n),
                    wording.percent(n / first) if first and n is not None else "",
                    "",
                )
                for name, n in steps
            ]
        )

    # -- how quickly ------------------------------------------------------------------------------------------------------
    def days(self) -> charts.Lines:
        """Median days until the decision, by the month of the application: this year and the last."""
        months = wording.MONTHS

        def row(year: int) -> list[float | None]:
            keys = [f"month:{year + (m < 4)}-{m:02}" for m in months]
            found = [self.figures.days(year, key) for key in keys]
            return [None if one is None else one["median"] for one in found]

        return charts.lines(
            wording.month_names(),
            [
                (wording.short_year(self.choice.year), row(self.choice.year)),
                (wording.short_year(self.choice.year - 1), row(self.choice.year - 1)),
            ],
        )

    def stages(self) -> list[dict[str, str]]:
        """Each stage with its median and 90th percentile, and whose the time was."""
        found = []
        for stage, name in wording.STAGES.items():
            row = self.figures.days(self.choice.year, stage, self.choice.programme)
            shown = row is not None and not row["suppressed"]
            share = row["applicant_share"] if row and shown else None
            found.append(
                {
                    "name": str(name),
                    "median": f"{row['median']:,.0f}" if row and shown else wording.hidden(),
                    "p90": "―" if not row or row["p90"] is None else f"{row['p90']:,.0f}",
                    "share": "" if share is None else wording.percent(share),
                }
            )
        return found

    def months(self) -> list[dict[str, str]]:
        """The numbers behind both lines, this year's."""
        counted = self._decided()
        found = []
        for name, m in zip(wording.month_names(), wording.MONTHS, strict=True):
            key = f"{self.choice.year + (m < 4)}-{m:02}"
            row = self.figures.days(self.choice.year, f"month:{key}") if self.is_whole else None
            days = (
                "―"
                if row is None
                else wording.hidden()
                if row["suppressed"]
                else f"{row['median']:,.0f}"
            )
            found.append(
                {
                    "name": name,
                    "days": days,
                    "awards": f"{counted.get((self.choice.year, key), 0):,}",
                }
            )
        return found

    @property
    def is_whole(self) -> bool:
        """Was neither a programme nor an area chosen?"""
        return self.is_everywhere and self.choice.programme == ALL

    def _decided(self) -> dict[tuple[int, str], int]:
        """(fiscal year, month) of the decision → awards to corporations of the choice; of an area or a programme from the list, which is public."""
        if self.is_whole:
            return {
                (row["fiscal_year"], row["month"]): row["awards"]
                for row in self.figures.tables["trend"]
            }
        found: dict[tuple[int, str], int] = {}
        for row in tables(self.release, ["awards"])["awards"]:
            if self.choice.programme in (ALL, row["programme"]) and self.choice.area in (
                ALL,
                row["area"],
            ):
                key = (fiscal_year(date.fromisoformat(row["awarded_on"])), row["awarded_on"][:7])
                found[key] = found.get(key, 0) + 1
        return found

    def trend(self) -> charts.Lines:
        """Decisions by month, this year and the last."""
        months = wording.MONTHS
        counted = self._decided()
        begun = [(row["fiscal_year"], row["month"]) for row in self.figures.tables["trend"]]

        def row(year: int) -> list[float | None]:
            known = [month for found, month in begun if found == year]
            keys = [f"{year + (m < 4)}-{m:02}" for m in months]
            last = max(known, default="")
            return [float(counted.get((year, key), 0)) if key <= last else None for key in keys]

        return charts.lines(
            wording.month_names(),
            [
                (wording.short_year(self.choice.year), row(self.choice.year)),
                (wording.short_year(self.choice.year - 1), row(self.choice.year - 1)),
            ],
        )

    # -- what came of it ----------------------------------------------------------------------------------------------------
    @property
    def outcome_year(self) -> int:
        """The year chosen, or the last before it whose firms have reported: reports come a year after the money."""
        earlier = (
            year
            for year in self.figures.years
            if year <= self.choice.year
            and any(row["reports"] != 0 for row in self.figures.outcomes(year))
        )
        return next(earlier, self.choice.year)

    @property
    def outcome_year_words(self) -> str:
        return year_words(self.outcome_year)

    def outcomes(self) -> dict[str, Any]:
        """Means of the firms that reported: {heads, rows}, a column for the choice of area, of programme, and for all; firms of all last."""
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
            {
                "name": str(name),
                "values": [
                    (head, _said(of.get(measure)))
                    for (head, *_of), of in zip(columns, found, strict=True)
                ],
                "reports": wording.count(found[-1][measure]["reports"]),
            }
            for measure, name in wording.OUTCOMES.items()
            if measure in found[-1]
        ]
        return {"heads": [name for name, *_of in columns], "rows": rows}

    def effects(self) -> list[dict[str, Any]]:
        """Effects of the whole release, each with its range and one sentence."""
        return [lines.effect(row) for row in self.figures.tables["effects"]]

    @property
    def is_compared(self) -> bool:
        """Is anything said of effects yet?"""
        return any(row["verdict"] != "refused" for row in self.figures.tables["effects"])

    def named(self) -> dict[str, Any]:
        """Awards to corporations of the choice, the newest first; only where an area or a programme was chosen."""
        if self.choice.area == ALL and self.choice.programme == ALL:
            return {"rows": [], "more": 0}
        rows = [
            row for row in tables(self.release, ["awards"])["awards"] if _fits(row, self.choice)
        ]
        return {
            "rows": [lines.named(row, self.names) for row in rows[::-1][:LISTED]],
            "more": max(len(rows) - LISTED, 0),
        }

    def flow(self) -> list[tuple[str, str]]:
        """What happened on the way, in the chosen programme and area: (what, number, or that it is not published by area)."""
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
        """The city's awards of the year beside those of other bodies to corporations of the choice, the largest five issuers; empty where none were imported."""
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

    def road(self) -> tuple[charts.Bar, ...]:
        """Open innovation of the year: from the challenge to use."""
        found = self.innovation()
        return charts.bars(
            [
                (str(name), None if n is None else float(n), wording.count(n), "", "")
                for name, n in ((name, found[key]) for key, name in wording.ROAD.items())
            ]
        )

    def innovation(self) -> dict[str, int | None]:
        """Open innovation of the year, all municipalities together; None: hidden."""
        rows = [row for row in self.figures.tables["innovation"] if row["municipality"] == ALL]
        return self._counted(rows, wording.ROAD)

    def courses(self) -> list[tuple[str, str]]:
        """The year's courses: (what, number); empty where nobody applied."""
        found = self._counted(self.figures.tables["courses"], wording.COURSES)
        return (
            [(str(name), wording.count(found[key])) for key, name in wording.COURSES.items()]
            if any(n != 0 for n in found.values())
            else []
        )

    def _counted(self, rows: list[Row], measures: Iterable[str]) -> dict[str, int | None]:
        """Measure → its count in the chosen year; zero where there is no row."""
        found = {
            row["measure"]: row["value"] for row in rows if row["fiscal_year"] == self.choice.year
        }
        return {name: found.get(name, 0) for name in measures}


def not_by_ward() -> str:
    return _("区・市町村ごとには公表していません")


def _said(row: Row | None) -> str:
    return "―" if row is None else wording.outcome(row)


def _fits(row: Row, choice: Choice) -> bool:
    return (
        row["fiscal_year"] == choice.year
        and choice.programme in (ALL, row["programme"])
        and choice.area in (ALL, row["area"])
    )
