"""A line of readings with baseline and target, laid out in points: one layout for page and paper.

No Django here.
"""

from dataclasses import dataclass
from datetime import date
from math import floor, log10

from portal.days import tick_said

WIDTH, HEIGHT = 560, 290
LEFT, RIGHT, TOP, BOTTOM = 44.0, 456.0, 24.0, 250.0
NEAR = 16.0  # labels closer than this are moved apart


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Everything a drawing needs, in a box of WIDTH × HEIGHT with y downwards."""

    points: tuple[tuple[float, float], ...]
    grid: tuple[Label, ...]  # lines across, with the number at the left
    days: tuple[Label, ...]
    baseline: float  # where its line lies, and its label beside it
    baseline_label: Label
    target: float
    target_label: Label

    @property
    def path(self) -> str:
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in self.points)

    @property
    def area(self) -> str:
        (first, _y), (end, _z) = self.points[0], self.points[-1]
        return f"{self.path}L{end:.1f} {BOTTOM}L{first:.1f} {BOTTOM}Z"


def step(span: float) -> float:
    """A round step (1, 2 or 5 times a power of ten) that divides `span` in four to eight."""
    if span <= 0:
        return 1.0
    base: float = 10.0 ** floor(log10(span / 4))
    return next(base * k for k in (1, 2, 5, 10) if span / (base * k) <= 6)


def said(value: float) -> str:
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def line(readings: list[tuple[date, float]], *, baseline: float, target: float) -> Chart:
    """`readings`: (day, value), at least one.

    The scale starts at zero unless a value lies below it.
    """
    rows = sorted(readings)
    values = [value for _day, value in rows] + [baseline, target]
    low, high = min(0.0, *values), max(*values, 0.0)
    unit = step((high - low) or 1.0)
    low, high = floor(low / unit) * unit, -floor(-high / unit) * unit
    high = high if high > low else low + unit

    def y(value: float) -> float:
        return BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP)

    first, last = rows[0][0], rows[-1][0]
    days = max((last - first).days, 1)

    def x(day: date) -> float:
        return LEFT + (day - first).days / days * (RIGHT - LEFT)

    points = tuple((x(day), y(value)) for day, value in rows)
    lines = tuple(
        Label(LEFT, y(low + n * unit), said(round(low + n * unit, 6)))
        for n in range(round((high - low) / unit) + 1)
    )
    every = max(1, -(-len(rows) // 5))
    marks = tuple(Label(x(day), BOTTOM + 24, tick_said(day)) for day, _value in rows[::every])
    at_base, at_target = y(baseline), y(target)
    beside = (
        at_target + (NEAR if at_base >= at_target else -NEAR)
        if abs(at_base - at_target) < NEAR
        else at_base
    )
    return Chart(
        points,
        lines,
        marks,
        at_base,
        Label(RIGHT + 10, beside + 5, said(baseline)),
        at_target,
        Label(RIGHT + 10, at_target + 5, said(target)),
    )
