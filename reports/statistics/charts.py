"""Drawings as plain geometry: map, bars and lines. The same layout is drawn on a page, in a file and on paper. No Django here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.statistics.shapes import CITY_OUTLINE, SIDE, STEP, TILES, Ring
from startups.pilots.chart import step

HIDDEN, ABSENT = "hidden", "absent"  # why a place has no value
SHADES = 5


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
    """All areas; `inset`: the wards once more, larger (true shapes only). The box is `width` × `height`, its corner at (left, top)."""

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
    """At most five classes of positive values as (least, greatest) of what lies in each; equal values share one."""
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
    """The map of true shapes, the wards in an inset beside it. `shapes`: code → rings and the place of its label, in kilometres."""
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


# -- bars and lines --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Bar:
    """One bar: its name, the width of 200, and what is written beside it; no width where the value is hidden."""

    name: str
    width: float
    text: str
    note: str = ""
    link: str = ""

    @property
    def long(self) -> float:
        """Its length in a file, of 330."""
        return self.width * 1.65


def bars(rows: Sequence[tuple[str, float | None, str, str, str]]) -> tuple[Bar, ...]:
    """(name, value, text, note, link) → bars on one scale from zero."""
    most = max((value or 0 for _name, value, *_rest in rows), default=0) or 1
    return tuple(
        Bar(name, round((value or 0) / most * 200, 1), text, note, link)
        for name, value, text, note, link in rows
    )


WIDTH, HEIGHT = 560, 290
LEFT, RIGHT, TOP, BOTTOM = 40.0, 456.0, 24.0, 250.0


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    text: str
    minor: bool = False


@dataclass(frozen=True)
class Line:
    """One series: pieces of a path (broken where a value is missing), its points, and its name beside the last of them."""

    paths: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    label: Mark | None


@dataclass(frozen=True)
class Lines:
    grid: tuple[Mark, ...]
    marks: tuple[Mark, ...]
    series: tuple[Line, ...]
    target: Mark | None


def lines(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    target: tuple[str, float] | None = None,
) -> Lines:
    """Series over the same labels from zero; `target`: (words, value) of a line across."""
    values = [v for _name, row in series for v in row if v is not None] + (
        [target[1]] if target else []
    )
    unit = step(max(values, default=0) or 1)
    high = -(-max(values, default=0) // unit) * unit or unit

    def y(value: float) -> float:
        return round(BOTTOM - value / high * (BOTTOM - TOP), 1)

    def x(n: int) -> float:
        return round(LEFT + n / max(len(labels) - 1, 1) * (RIGHT - LEFT), 1)

    drawn, taken = [], [y(target[1])] if target else []
    for name, row in series:
        points = [(x(n), y(v)) for n, v in enumerate(row) if v is not None]
        label = None
        if points:
            beside = points[-1][1]
            while any(abs(beside - other) < 15 for other in taken):
                beside += 15
            taken.append(beside)
            last = next(v for v in reversed(row) if v is not None)
            label = Mark(RIGHT + 10, beside + 5, f"{name} {last:,.0f}")
        drawn.append(
            Line(
                tuple(
                    _pieces([(x(n), y(v)) if v is not None else None for n, v in enumerate(row)])
                ),
                tuple(points),
                label,
            )
        )
    grid = tuple(
        Mark(LEFT - 8, y(n * unit), f"{n * unit:,.0f}" if unit >= 1 else f"{n * unit:g}")
        for n in range(round(high / unit) + 1)
    )
    marks = tuple(Mark(x(n), BOTTOM + 24, text, minor=n % 2 == 1) for n, text in enumerate(labels))
    return Lines(
        grid,
        marks,
        tuple(drawn),
        Mark(RIGHT + 10, y(target[1]) + 5, f"{target[0]} {target[1]:,.0f}") if target else None,
    )


def _pieces(points: Sequence[tuple[float, float] | None]) -> list[str]:
    pieces: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(point)
    return ["M" + "L".join(f"{x} {y}" for x, y in piece) for piece in pieces if len(piece) > 1]
