"""How quickly cases were decided and paid, and how many decisions fell into each month."""

from datetime import date

from portal.fiscal import fiscal_year
from reports.statistics.page import charts, wording
from reports.statistics.page.choice import Chosen
from reports.statistics.pipeline.names import ALL
from reports.statistics.releasing.figures import tables


class Speed(Chosen):
    """Days and decisions by month and by stage."""

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
        """(fiscal year, month) of the decision → awards to corporations of the choice.

        Of an area or a programme from the list, which is public.
        """
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
