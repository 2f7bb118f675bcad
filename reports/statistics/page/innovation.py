"""Open innovation from the challenge to use, and the courses of the year."""

from collections.abc import Iterable

from reports.statistics.models import Row
from reports.statistics.page import charts, wording
from reports.statistics.page.choice import Chosen
from reports.statistics.pipeline.names import ALL


class Innovation(Chosen):
    """Counts of the year, all municipalities together."""

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
