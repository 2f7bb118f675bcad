"""Which calendar a clock asks: that of the office that keeps the case, or the banks'.

What is read of them is kept in the process for a minute, so that a page with a hundred clocks asks
nothing; whoever confirms a closure sees it at once, and the morning's job goes over what another
process reckoned in that minute (`portal.cases.postponing`).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Protocol

from portal import clock
from portal.closures.models import Announced, Closure
from portal.registry.codes import SAPPORO
from portal.registry.models import Holiday
from portal.workdays import BANK_REST, DAY, OFFICE_REST, Workdays

KEPT_FOR = 60.0  # seconds
TOLD_BEFORE = 90  # days


class HasMunicipalities(Protocol):
    """A case, or a call."""

    municipality_codes: list[str]


@dataclass(frozen=True)
class _Known:
    until: float
    holidays: frozenset[date]
    closures: dict[str, tuple[Announced, ...]]


_known: _Known | None = None
_supposed: ContextVar[tuple[Closure, ...]] = ContextVar("supposed_closures", default=())


def office(municipality: str) -> Workdays:
    """The working days of the office of a municipality, by its code."""
    known = _read()
    supposed = [row.span for row in _supposed.get() if row.municipality_id == municipality]
    return Workdays(
        known.holidays, OFFICE_REST, known.closures.get(municipality, ()) + tuple(supposed)
    )


def of_case(case: HasMunicipalities) -> Workdays:
    """The working days of the office that keeps the case."""
    return office(keeper(case.municipality_codes))


def keeper(codes: Collection[str]) -> str:
    """Whose office keeps what belongs to these municipalities: its own where it is one; Sapporo's,
    which runs the partnership, where they are several.
    """
    return next(iter(codes)) if len(codes) == 1 else SAPPORO


def banks() -> Workdays:
    """The days on which a bank executes a transfer; no closure of an office concerns them."""
    return Workdays(_read().holidays, BANK_REST)


def announced(municipality: str) -> list[Announced]:
    """The closures that the public is told of: those of the days to come, the first one first."""
    today = clock.today()
    spans = _read().closures.get(municipality, ())
    near = (s for s in spans if s.ends_on >= today and s.starts_on <= today + TOLD_BEFORE * DAY)
    return sorted(near, key=lambda span: span.starts_on)


@contextmanager
def supposing(closure: Closure) -> Iterator[None]:
    """Let the office be closed on the days of `closure`, inside the block and for nobody else."""
    token = _supposed.set((*_supposed.get(), closure))
    try:
        yield
    finally:
        _supposed.reset(token)


def renew() -> _Known:
    """Read again, what this process knew having changed."""
    global _known
    closures: dict[str, tuple[Announced, ...]] = {}
    for row in Closure.objects.in_force():
        closures[row.municipality_id] = (*closures.get(row.municipality_id, ()), row.span)
    days = frozenset(Holiday.objects.values_list("day", flat=True))
    _known = _Known(monotonic() + KEPT_FOR, days, closures)
    return _known


def _read() -> _Known:
    known = _known
    return known if known is not None and monotonic() < known.until else renew()
