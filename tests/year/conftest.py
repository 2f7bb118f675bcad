"""One simulated year for all tests of this folder: what figures say of it, and whether every page of it opens."""

from collections.abc import Iterator

import pytest

from reports.statistics.models import Release
from tests import fictitious


@pytest.fixture
def year(db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """The year stands in the test's database, its documents at hand; returns the release that stands."""
    with fictitious.files_in(fictitious.files(tmp_path_factory)):
        yield Release.objects.current().get()
