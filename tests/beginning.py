"""A case that many tests begin with is brought to its point once, by a worker's first test that asks.

    @begins(fixed)
    def test_a_claim_is_paid(world: World) -> None:
        award, person = world.begun(fixed)

All tests of this mark begin in a copy of the database in which `fixed(world)` was called.
"""

import hashlib
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import pytest
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from tests.conftest import World

T = TypeVar("T")
Bring = Callable[["World"], object]


@dataclass(frozen=True)
class Row:
    """A row that is read anew by each test."""

    model: type[models.Model]
    pk: int


@dataclass(frozen=True)
class Begun:
    """What `bring` gave, its rows by key; how far chance and the numbers of firms went; the files it stored."""

    alone: bool  # one thing, not a tuple
    given: tuple[object, ...]
    serial: int
    chance: tuple[object, ...]
    files: Path


MOST = 20  # signs, of the 63 that the whole name may have
_done: dict[str, Begun] = {}


def begins(bring: Bring) -> pytest.MarkDecorator:
    return pytest.mark.begins.with_args(bring)


def of(test: pytest.Item) -> Bring | None:
    mark = test.get_closest_marker("begins")
    return mark.args[0] if mark else None


def name(bring: Bring) -> str:
    """It ends the name of a database: `payments_fixed`, `world_accepted`; what is longer than
    PostgreSQL's names leave room for is cut, with a mark of the whole.
    """
    room = "world" if "." in bring.__qualname__ else bring.__module__.rpartition(".test_")[2]
    whole = f"{room}_{bring.__name__}"
    if len(whole) <= MOST:
        return whole
    return f"{whole[: MOST - 7]}_{hashlib.sha256(whole.encode()).hexdigest()[:6]}"


def _stored() -> Path:
    storage = settings.STORAGES["default"]
    assert isinstance(storage, dict)
    return Path(storage["OPTIONS"]["location"])


def build(world: "World", bring: Bring, files: Path) -> None:
    """Bring a case to its point in a database that is being prepared."""
    given = bring(world)
    parts = given if isinstance(given, tuple) else (given,)
    _done[name(bring)] = Begun(
        alone=not isinstance(given, tuple),
        given=tuple(
            Row(type(part), part.pk) if isinstance(part, models.Model) else part for part in parts
        ),
        serial=world.sim.serial,
        chance=world.sim.rng.getstate(),
        files=files,
    )
    if _stored().exists():
        shutil.copytree(_stored(), files)


def go_on(world: "World", bring: Bring) -> None:
    """The world of a test stands where the building left off; its files lie where it looks for them."""
    begun = _done[name(bring)]
    world.sim.serial = begun.serial
    world.sim.rng.setstate(begun.chance)
    if begun.files.exists():
        shutil.copytree(begun.files, _stored(), dirs_exist_ok=True)


def found(bring: Callable[["World"], T]) -> T:
    """In the shape in which `bring` gave it: rows read anew, of all else (words, numbers) a copy."""
    begun = _done[name(bring)]
    parts = tuple(
        part.model._default_manager.get(pk=part.pk) if isinstance(part, Row) else deepcopy(part)
        for part in begun.given
    )
    return cast("T", parts[0] if begun.alone else parts)
