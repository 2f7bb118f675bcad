"""A year to read: one simulated world for a module's tests, with its two releases; undone at the end."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from grants.awards import simulation
from portal.registry import reference
from reports.statistics.models import Release


@pytest.fixture(scope="module")
def year(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Two dozen cases and what follows; returns the release that stands."""
    settings.STORAGES["default"]["OPTIONS"]["location"] = tmp_path_factory.mktemp("documents")
    storages.__dict__.pop("backends", None)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with django_db_blocker.unblock(), transaction.atomic():
        reference.load()
        simulation.run(24, 2)
        yield Release.objects.current().get()
        transaction.set_rollback(True)
