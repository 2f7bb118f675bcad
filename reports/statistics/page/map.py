"""The map of areas as plain geometry: tiles laid by hand, or true shapes once they were imported.

No Django here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HIDDEN, ABSENT = "hidden", "absent"  # why a place has no value
SHADES = 5
SIDE, STEP = 66, 72
TILES = {  # code of the area → column, row: placed as on the ground, north up
    "012351": (2, 0),
    "013030": (3, 0),
    "013048": (4, 0),
    "012033": (0, 1),
    "011096": (1, 1),
    "011029": (2, 1),
    "011037": (3, 1),
    "012173": (4, 1),
    "012106": (5, 1),
    "011070": (1, 2),
    "011011": (2, 2),
    "011045": (3, 2),
    "011088": (4, 2),
    "014231": (5, 2),
    "011061": (2, 3),
    "011053": (3, 3),
    "011100": (4, 3),
    "012343": (5, 3),
    "014281": (6, 3),
    "012319": (5, 4),
    "012246": (6, 4),
}
CITY_OUTLINE = "M69 69L285 69L285 141L357 141L357 285L141 285L141 213L69 213Z"
Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Place:
    """An area on the map: its name, what is written, its shade (0: none, 1 to 5), and where it lies."""

    code: str
    name: str
    text: str
    shade: int
    why: str = ""
    x: float = 0
    y: float = 0
    path: str = ""
    squeezed: bool = False  # the name is wider than its tile
    labelled: bool = True
    link: str = ""

    @property
    def name_at(self) -> tuple[float, float]:
        return (self.x, self.y) if self.path else (self.x + SIDE / 2, self.y + 26)

    @property
    def value_at(self) -> tuple[float, float]:
        return (self.x, self.y + 19) if self.path else (self.x + SIDE / 2, self.y + 51)


@dataclass(frozen=True)
class Map:
    """All areas; `inset`: the wards once more, larger (true shapes only).

    The box is `width` × `height`, its corner at (left, top).
    """

    places: tuple[Place, ...]
    inset: tuple[Place, ...]
    legend: tuple[tuple[int, str], ...]
    box: tuple[float, float, float, float]
    tiled: bool

    @property
    def view(self) -> str:
        return " ".join(f"{part:g}" for part in self.box)

    @property
    def views(self) -> tuple[str, str]:
        """The boxes of the whole region and of its inset, where they are drawn apart (true shapes)."""
        left, top, width, height = self.box
        split = INSET[0] - 12
        return (
            f"{left:g} {top:g} {split:g} {height:g}",
            f"{left + split:g} {top:g} {width - split:g} {height:g}",
        )

    @property
    def frame(self) -> str:
        """The box of a file, with room for a title above and the source below."""
        left, top, width, height = self.box
        return f"{left:g} {top - 46:g} {max(width, 520):g} {height + 76:g}"

    @property
    def outline(self) -> str:
        """The line around the city's wards."""
        return CITY_OUTLINE

    @property
    def foot(self) -> float:
        return self.box[1] + self.box[3] + 18


@dataclass(frozen=True)
class Value:
    """What an area has: a number, or None with the reason; `text` is how it is written."""

    number: float | None
    text: str
    why: str = ""


def classes(values: Sequence[float]) -> list[tuple[float, float]]:
    """At most five classes of positive values as (least, greatest) of what lies in each.

    Equal values share one.
    """
    rows = sorted({value for value in values if value > 0})
    if not rows:
        return []
    n = min(SHADES, len(rows))
    cuts = [rows[len(rows) * k // n : len(rows) * (k + 1) // n] for k in range(n)]
    return [(part[0], part[-1]) for part in cuts if part]


def shade_of(value: Value, bounds: Sequence[tuple[float, float]]) -> int:
    if value.number is None or value.number <= 0:
        return 0
    rank = sum(value.number > high for _low, high in bounds) + 1
    return SHADES - len(bounds) + rank if len(bounds) < SHADES else rank


def tile_map(
    values: Mapping[str, Value],
    names: Mapping[str, str],
    said: Mapping[float, str],
    links: Mapping[str, str],
) -> Map:
    """The map of tiles. `said`: how a value is written in the legend; `links`: where an area leads."""
    bounds = classes([v.number for v in values.values() if v.number is not None])
    places = tuple(
        Place(
            code,
            names[code],
            values[code].text,
            shade_of(values[code], bounds),
            values[code].why,
            column * STEP,
            row * STEP,
            squeezed=_width(names[code]) > SIDE - 8,
            link=links.get(code, ""),
        )
        for code, (column, row) in TILES.items()
    )
    return Map(places, (), _legend(bounds, said), (-3, -3, 504, 360), tiled=True)


def _width(name: str) -> float:
    return sum(14.5 if ord(sign) > 0x2E7F else 8.2 for sign in name)


def _legend(
    bounds: Sequence[tuple[float, float]], said: Mapping[float, str]
) -> tuple[tuple[int, str], ...]:
    words = [said[low] if low == high else f"{said[low]}～{said[high]}" for low, high in bounds]
    return tuple(
        (SHADES - len(bounds) + n if len(bounds) < SHADES else n, text)
        for n, text in enumerate(words, 1)
    )


MAP_SCALE, WARD_SCALE, INSET = 4.6, 8.6, (470.0, 0.0)


def shape_map(
    values: Mapping[str, Value],
    names: Mapping[str, str],
    said: Mapping[float, str],
    shapes: Mapping[str, tuple[list[Ring], tuple[float, float]]],
    wards: Sequence[str],
    links: Mapping[str, str],
) -> Map:
    """The map of true shapes, the wards in an inset beside it.

    `shapes`: code → rings and the place of its label, in kilometres.
    """
    bounds = classes([v.number for v in values.values() if v.number is not None])
    corners = [point for rings, _label in shapes.values() for ring in rings for point in ring]
    left, top = min(x for x, _y in corners), min(y for _x, y in corners)
    inner = [point for code in wards for ring in shapes[code][0] for point in ring]
    ward_left, ward_top = min(x for x, _y in inner), min(y for _x, y in inner)

    def placed(
        codes: Sequence[str], scale: float, dx: float, dy: float, x0: float, y0: float
    ) -> tuple[Place, ...]:
        found = []
        for code in codes:
            rings, (x, y) = shapes[code]
            path = "".join(
                "M"
                + "L".join(
                    f"{(px - x0) * scale + dx:.1f} {(py - y0) * scale + dy:.1f}" for px, py in ring
                )
                + "Z"
                for ring in rings
            )
            value = values[code]
            at = round((x - x0) * scale + dx, 1), round((y - y0) * scale + dy, 1)
            labelled = scale == WARD_SCALE or code not in wards
            found.append(
                Place(
                    code,
                    names[code],
                    value.text,
                    shade_of(value, bounds),
                    value.why,
                    *at,
                    path,
                    labelled=labelled,
                    link=links.get(code, ""),
                )
            )
        return tuple(found)

    height = (max(y for _x, y in corners) - top) * MAP_SCALE
    ward_height = (max(y for _x, y in inner) - ward_top) * WARD_SCALE
    width = INSET[0] + (max(x for x, _y in inner) - ward_left) * WARD_SCALE
    return Map(
        placed(list(shapes), MAP_SCALE, 0, 0, left, top),
        placed(
            list(wards), WARD_SCALE, INSET[0], max(height - ward_height, 0) / 2, ward_left, ward_top
        ),
        _legend(bounds, said),
        (-4, -4, round(width + 8, 1), round(max(height, ward_height) + 8, 1)),
        tiled=False,
    )
