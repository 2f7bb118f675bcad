"""What browser tests share: Chromium, a served world of the module's own, and visitors to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test.signals import storages_changed
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests import databases, fictitious
from tests.conftest import World
from tests.journeys import browser as driver
from tools.demonstration import simulation


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    yield from driver.launch()


@pytest.fixture(scope="module")
def served(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LiveServer]:
    """A database of the module's own with what its `people_the_world` commits, and a server over it.

    It begins with `conftest.World`, or, where the module is `IN_THE_YEAR`, with the fictitious year.
    """
    files = settings.STORAGES["default"]
    assert isinstance(files, dict)
    folder = tmp_path_factory.mktemp("served") / "documents"
    files["OPTIONS"]["location"] = folder
    storages_changed(setting="STORAGES")
    connection.settings_dict["CONN_MAX_AGE"] = 0  # the server's threads leave no session behind
    with django_db_blocker.unblock():
        if getattr(request.module, "IN_THE_YEAR", False):
            fictitious.choose(tmp_path_factory, alone="served")
            shutil.copytree(fictitious.files(tmp_path_factory), folder)
        else:
            databases.choose(world=World.build, alone="served")
            call_command("load_reference", verbosity=0)
        request.module.people_the_world()
        call_command("seal_audit", verbosity=0)
        server = LiveServer("localhost")  # a passkey belongs to a name, never to a number
        yield server
        server.stop()
        connections.close_all()


@pytest.fixture
def visit(
    chromium: Browser, served: LiveServer, django_db_blocker: DjangoDbBlocker
) -> Iterator[driver.Visit]:
    people: list[driver.Visitor] = []

    def make(
        name: str = "", *, javascript: bool = True, width: int = 1280, language: str = "ja"
    ) -> driver.Visitor:
        person = driver.Visitor(
            chromium, served, name=name, javascript=javascript, width=width, language=language
        )
        people.append(person)
        return person

    with django_db_blocker.unblock():
        databases.back_to("served")
        yield make
    for person in people:
        person.close()
    connections.close_all()  # playwright's loop gives this thread connections of their own


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "見積書.pdf"
    path.write_bytes(simulation.paper("journey"))
    return path
