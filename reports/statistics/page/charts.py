"""Bars and lines as plain geometry: the same layout is drawn on a page, in a file and on paper.

No Django here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from startups.pilots.chart import step


@dataclass(frozen=True)
class Bar:
    """One bar: its name, the width of 200, and what is written beside it.

    No width where the value is hidden.
    """

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
    """One series: pieces of a path (broken where a value is missing), its points, and its name
    beside the last of them.
    """

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
