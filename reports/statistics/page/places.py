"""Where awards went: the map of the dashboard and the table beside it."""

from portal.registry.codes import SAPPORO
from portal.registry.models import in_english
from portal.types import Context
from reports.statistics.models import Boundary
from reports.statistics.page import wording
from reports.statistics.page.choice import Chosen
from reports.statistics.page.forms import SHOWN
from reports.statistics.page.map import ABSENT, HIDDEN, Map, Value, shape_map, tile_map

NOTHING_KNOWN = Value(None, "―", ABSENT)


class Places(Chosen):
    """Every area with what the map counts."""

    def values(self) -> dict[str, Value]:
        """Code of the area → what the map counts."""
        year, programme, show = self.choice.year, self.choice.programme, self.choice.show
        places, outside = self.figures.establishments(), self._outside()

        def value(code: str) -> Value:
            won = self.figures.awards(year, programme, code)
            if show == "applications":
                row = self.figures.applications(year, programme, code)
                return _number(row["applications"] if row else 0)
            if show == "outside":
                return (
                    _number(outside.get(code, 0))
                    if self.figures.tables["outside"]
                    else NOTHING_KNOWN
                )
            if show == "per_1000":
                rate = won["awards"] / places[code]["count"] * 1000 if code in places else None
                return NOTHING_KNOWN if rate is None else Value(rate, f"{rate:.2f}")
            return _number(won[show], wording.short_yen(won[show]) if show.endswith("_yen") else "")

        return {area.code: value(area.code) for area in self.areas}

    def _outside(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in self.figures.tables["outside"]:
            if row["fiscal_year"] == self.choice.year:
                found[row["area"]] = found.get(row["area"], 0) + row["awards"]
        return found

    def map(self) -> Map:
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
            return shape_map(
                values,
                names,
                said,
                shapes,
                [area.code for area in self.areas if area.municipality_id == SAPPORO],
                links,
            )
        return tile_map(values, names, said, links)

    def places(self) -> list[Context]:
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


def _number(value: int | None, text: str = "") -> Value:
    """A count or a sum as the map holds it."""
    if value is None:
        return Value(None, wording.hidden(), HIDDEN)
    return Value(value, text or f"{value:,}")
