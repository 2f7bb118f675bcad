"""One simulated year for all tests of this folder: what figures say of it, and whether every page of it opens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test.signals import storages_changed
from pytest_django.plugin import DjangoDbBlocker

from portal.registry import reference
from reports.statistics.models import Release
from tests import databases
from tools.demonstration import year as fictitious_year


@pytest.fixture(scope="package")
def year_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the year's documents lie."""
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="package")
def year(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, year_files: Path
) -> Iterator[Release]:
    """Two dozen cases and what follows; returns the release that stands. Undone at the end."""
    files = settings.STORAGES["default"]
    assert isinstance(files, dict)
    files["OPTIONS"]["location"] = year_files
    storages_changed(setting="STORAGES")
    with django_db_blocker.unblock():
        databases.choose()
    with django_db_blocker.unblock(), transaction.atomic():
        reference.load()
        fictitious_year.run(24, 2)
        yield Release.objects.current().get()
        transaction.set_rollback(True)
