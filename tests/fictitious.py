"""The fictitious year that tests read and walk through: built once in a run, copied by all that work in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test.signals import storages_changed

from portal.registry import reference
from tests import databases
from tools.demonstration import year

CASES, SEED = 60, 3  # with these it has a specimen of each kind that the browser's walk looks for


def files(factory: pytest.TempPathFactory) -> Path:
    """Where the year's documents lie, for all workers of a run."""
    own = factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "year"


def choose(factory: pytest.TempPathFactory, *, alone: str = "") -> None:
    """The year is the database of what comes next, as tests/databases.py tells."""

    def build() -> None:
        with files_in(files(factory)):
            reference.load()
            year.run(CASES, SEED)

    databases.choose(world=build, which="_year", alone=alone, shared=True)


@contextmanager
def files_in(folder: Path) -> Iterator[None]:
    """What is stored or read in this block lies in `folder`."""
    storage = settings.STORAGES["default"]
    assert isinstance(storage, dict)
    options = {**storage.get("OPTIONS", {}), "location": folder}
    settings.STORAGES["default"] = {**storage, "OPTIONS": options}
    storages_changed(setting="STORAGES")
    try:
        yield
    finally:
        settings.STORAGES["default"] = storage
        storages_changed(setting="STORAGES")
