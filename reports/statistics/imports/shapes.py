"""The true shapes of areas out of a file of boundaries, laid out for the map. Pure geometry.

Sources: 国土数値情報 N03 (行政区域データ) as GeoJSON or TopoJSON, in degrees; they are laid out in kilometres.
"""

from collections.abc import Iterable, Iterator
from math import cos, hypot, radians
from typing import Any, TypeAlias

CODES = ("N03_007", "code5", "code6")  # names under which a file states the code of an area
LATITUDE, LONGITUDE = 43.0, 141.4  # the origin, near the middle of the area
DEGREE = 111.32  # kilometres of a degree of latitude
TOLERANCE, SMALLEST = 0.12, 0.6  # kilometres; square kilometres
Ring = list[tuple[float, float]]
# A file that somebody else made: whatever stands where something else should is met as KeyError,
# TypeError and so on.
Parsed: TypeAlias = Any


class Unreadable(ValueError):
    """A file of boundaries that cannot be taken in, with the reason."""


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Kilometres east and south of the origin."""
    return (longitude - LONGITUDE) * DEGREE * cos(radians(LATITUDE)), (LATITUDE - latitude) * DEGREE


def read(data: Parsed, known: Iterable[str]) -> dict[str, list[Ring]]:
    """Code of the area → its rings in kilometres, simplified, small islands left out.

    Raises Unreadable.

    `data`: parsed GeoJSON or TopoJSON; features of other areas are passed over; every known area
    must be there.
    """
    by_five = {code[:5]: code for code in known}
    found: dict[str, list[Ring]] = {}
    for properties, rings in _features(data):
        stated = next((str(properties[name]) for name in CODES if properties.get(name)), "")
        code = by_five.get(stated[:5])
        if code:
            found.setdefault(code, []).extend(_laid_out(rings))
    if missing := sorted(set(by_five.values()) - set(found)):
        raise Unreadable(f"no shape for {', '.join(missing)}")
    return {code: sorted(rings, key=area, reverse=True) for code, rings in found.items()}


def _laid_out(rings: Iterable[Ring]) -> Iterator[Ring]:
    """Each ring projected and simplified; of an area's islets none smaller than `SMALLEST`."""
    for ring in rings:
        try:
            flat = [project(float(point[0]), float(point[1])) for point in ring]
        except (TypeError, ValueError, IndexError) as error:
            raise Unreadable("a ring holds something that is no point") from error
        if area(flat) >= SMALLEST:
            yield [(round(x, 2), round(y, 2)) for x, y in simplified(flat, TOLERANCE)]


def _features(data: Parsed) -> Iterator[tuple[dict[str, Parsed], list[Ring]]]:
    """(properties, rings) of every polygon of a file."""
    if not isinstance(data, dict) or data.get("type") not in ("FeatureCollection", "Topology"):
        raise Unreadable("neither GeoJSON (FeatureCollection) nor TopoJSON (Topology)")
    try:
        if data["type"] == "FeatureCollection":
            for feature in data["features"]:
                yield (
                    feature.get("properties") or {},
                    _rings(feature["geometry"]["type"], feature["geometry"]["coordinates"]),
                )
        else:
            arcs = _arcs(data)
            for layer in data["objects"].values():
                for shape in layer.get("geometries", []):
                    rings = _rings(shape["type"], shape["arcs"])
                    yield shape.get("properties") or {}, [_joined(ring, arcs) for ring in rings]
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Unreadable(f"a shape is incomplete: {error!r}") from error


def _rings(kind: str, coordinates: Parsed) -> list[Parsed]:
    if kind not in ("Polygon", "MultiPolygon"):
        raise Unreadable(f"{kind} is no area")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    return [ring for polygon in polygons for ring in polygon]


def _arcs(topology: Parsed) -> list[Ring]:
    """The arcs in degrees; quantised ones are steps from point to point."""
    transform = topology.get("transform")
    if not transform:
        return [[(float(x), float(y)) for x, y in arc] for arc in topology["arcs"]]
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        found.append(points)
    return found


def _joined(ring: list[int], arcs: list[Ring]) -> Ring:
    """A ring from its arcs; a negative number is an arc walked backwards."""
    points: Ring = []
    for n in ring:
        part = arcs[n] if n >= 0 else arcs[~n][::-1]
        points += part[1:] if points else part
    return points


def area(ring: Ring) -> float:
    """Square kilometres inside a ring."""
    return (
        abs(
            sum(
                x1 * y2 - x2 * y1
                for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
            )
        )
        / 2
    )


def centre(ring: Ring) -> tuple[float, float]:
    """The centre of gravity of a ring."""
    total = sx = sy = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        total, sx, sy = total + cross, sx + (x1 + x2) * cross, sy + (y1 + y2) * cross
    return (sx / (3 * total), sy / (3 * total)) if total else ring[0]


def simplified(ring: Ring, tolerance: float) -> Ring:
    """The ring with fewer points, none of the left out further away than `tolerance` (Douglas and
    Peucker, 1973).
    """
    if len(ring) < 5:
        return ring
    middle = max(
        range(len(ring)), key=lambda n: hypot(ring[n][0] - ring[0][0], ring[n][1] - ring[0][1])
    )
    kept = {0, middle, len(ring) - 1}
    todo = [(0, middle), (middle, len(ring) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        far, distance = max(
            ((n, _distance(ring[n], ring[first], ring[last])) for n in range(first + 1, last)),
            key=lambda pair: pair[1],
        )
        if distance > tolerance:
            kept.add(far)
            todo += [(first, far), (far, last)]
    return [ring[n] for n in sorted(kept)]


def _distance(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    length = hypot(b[0] - a[0], b[1] - a[1])
    if not length:
        return hypot(point[0] - a[0], point[1] - a[1])
    return abs((b[0] - a[0]) * (a[1] - point[1]) - (a[0] - point[0]) * (b[1] - a[1])) / length
