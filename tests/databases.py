"""Where a test gets its database: made once, copied from then on.

| name | what stands in it | made |
|---|---|---|
| `prepared_<digest>` | the tables, as migrations leave them | when a migration changes; kept between runs |
| `<test>` | a copy of the tables | for all tests of a worker that are rolled back |
| `<test>_prepared_<day>` | the tables and the world of `conftest.World` | by a worker's first test that asks for it |
| `<test>_prepared_<day>_…` | a copy of that world, and the case that a test begins with | by a worker's first test that begins so |
| `<test>_world…` | a copy of such a world | for all tests with `world`, rolled back too |
| `shared_<run>_<day>_year` | the fictitious year (tests/fictitious.py) | by the first worker that needs it, for all |
| `<test>_own` | a copy of either | for one test that commits |
| `<test>_served` | a copy of the world or of the year | for one module of the browser and what it adds |

`<test>` is Django's name for the test database: `test_portal`, or `test_portal_gw0` of a worker. Nobody
ever works in a database that others are copied from.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper

from portal import clock


def begin(*, anew: bool = False) -> None:
    """See to it that the tables stand ready (`anew`: in any case), and work in a copy of them."""
    tables = _tables()
    with connection._nodb_cursor() as db:
        db.execute("SELECT pg_advisory_lock(hashtext('prepared'))")  # two workers begin at once
        if anew or not _exists(db, tables):
            _drop_all(db, "prepared_")
            _make(db, tables, "template0", _migrate)
        _drop_all(db, f"{_test()}_")  # a run that was killed left its world
        for name in _names(db, "shared_"):  # a run leaves them: no worker knows itself the last
            if not name.startswith(_shared()):
                _drop(db, name)
        _copy(db, tables, _test())
    _use(_test())


def choose(
    *,
    world: Callable[[], object] | None = None,
    then: Callable[[], object] | None = None,
    which: str = "",
    alone: str = "",
    shared: bool = False,
) -> None:
    """The database of what comes next: with what `world` builds in it, and `then` in a copy of it
    (`which` world that is), or without; rolled back by each test, or `alone` in one of this name.
    What is `shared` one worker builds for all.
    """
    kind = alone or (f"world_{clock.today():%m%d}{which}" if world else "")
    name = f"{_test()}_{kind}" if kind else _test()
    if kind:
        with connection._nodb_cursor() as db:
            if alone or not _exists(db, name):
                source = _tables()
                if world:
                    source = _world(db, world, source, "" if then else which, shared=shared)
                if then:
                    source = _world(db, then, source, which, shared=shared)
                _copy(db, source, name)
    _use(name)


def back_to(alone: str) -> None:
    """A test in between may have worked elsewhere."""
    _use(f"{_test()}_{alone}")


def end() -> None:
    """Take away what this worker made; the tables stay for the next run."""
    with connection._nodb_cursor() as db:
        _drop(db, _test())
        _drop_all(db, f"{_test()}_")


def _world(
    db: CursorWrapper, build: Callable[[], object], source: str, which: str, *, shared: bool
) -> str:
    """The name of the database in which `build` goes on from a copy of `source`.

    A run that goes past midnight in Sapporo makes a second one, since calls have days."""
    name = f"{_shared() if shared else f'{_test()}_prepared_'}{clock.today():%m%d}{which}"
    db.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # who comes second waits
    if not _exists(db, name):
        _make(db, name, source, build)
    return name


@cache
def _shared() -> str:
    """How the databases begin that all workers of this run read."""
    return f"shared_{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())!s:.12}_"


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _tables() -> str:
    """Named by the text of every migration, of libraries too."""
    text = hashlib.sha256()
    for app in apps.get_app_configs():
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            text.update(path.read_bytes())
    return f"prepared_{text.hexdigest()[:12]}"


@cache
def _test() -> str:
    return str(connection.creation._get_test_db_name())  # type: ignore[attr-defined]


def _use(name: str) -> None:
    if connection.settings_dict["NAME"] != name:
        connections.close_all()
        connection.settings_dict["NAME"] = name


def _make(db: CursorWrapper, name: str, source: str, fill: Callable[[], object]) -> None:
    """Under its name only once it is whole: a run that was stopped leaves none that lacks something."""
    before = connection.settings_dict["NAME"]
    _copy(db, source, f"{name}_unfinished")
    _use(f"{name}_unfinished")
    try:
        fill()
    finally:
        _use(before)
    _drop(db, name)
    db.execute(f'ALTER DATABASE "{name}_unfinished" RENAME TO "{name}"')


def _copy(db: CursorWrapper, source: str, name: str) -> None:
    if connection.settings_dict["NAME"] == name:
        connections.close_all()
    _drop(db, name)
    # its files as they lie, in place of every page through the buffers and the log of writes: each of
    # hundreds of tests that commit copies seventeen hundred files
    db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')


def _drop(db: CursorWrapper, name: str) -> None:
    db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _drop_all(db: CursorWrapper, beginning: str) -> None:
    for name in _names(db, beginning):
        _drop(db, name)


def _exists(db: CursorWrapper, name: str) -> bool:
    return name in _names(db, name)


def _names(db: CursorWrapper, beginning: str) -> list[str]:
    db.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning])
    return [name for (name,) in db.fetchall()]
