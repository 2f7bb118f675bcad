"""PostgreSQL's own programs that copy a database; they must be of the server's version."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

import psycopg
from django.conf import settings
from django.db import connection

from portal import embedded

PIECE = 1 << 20


class Unfit(Exception):
    """There is no program that fits, or it failed; the text says what to do."""


def find(name: str) -> Path:
    """pg_dump or pg_restore of the server's own version. Raises Unfit."""
    wanted = _server().info.server_version // 10000
    seen = []
    for path in _candidates(name):
        version = _version(path)
        if version == wanted:
            return path
        seen.append(f"{path} is of version {version or '?'}")
    raise Unfit(
        f"No {name} of version {wanted}, which the server has ({'; '.join(seen) or 'none found'})."
        f" Install PostgreSQL's client programs of version {wanted} and name their folder:"
        f" PG_BIN=/usr/lib/postgresql/{wanted}/bin"
    )


def dumped(program: Path, snapshot: str, left_out: Iterable[str]) -> Iterator[bytes]:
    """The database as of an exported snapshot, but for the rows of the tables left out."""
    without = [f"--exclude-table-data={table}" for table in left_out]
    with _running(program, "--format=custom", f"--snapshot={snapshot}", *without) as running:
        assert running.stdout  # noqa: S101  a pipe, as asked below
        while piece := running.stdout.read(PIECE):
            yield piece


def restore(program: Path, pieces: Iterable[bytes]) -> None:
    """A dump into the database, whole or not at all. Raises Unfit."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-acl")
    with _running(program, *options) as running:
        assert running.stdin  # noqa: S101  a pipe, as asked below
        with suppress(BrokenPipeError):  # it says itself what is wrong
            for piece in pieces:
                running.stdin.write(piece)
            running.stdin.close()


@contextmanager
def _running(program: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program at work on the database of this connection; its password stands in no list of
    processes. Raises Unfit where it fails.
    """
    info = _server().info
    with (
        TemporaryFile() as said,
        subprocess.Popen(
            [program, f"--dbname={info.dsn}", "--no-password", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=os.environ | ({"PGPASSWORD": info.password} if info.password else {}),
        ) as running,
    ):
        try:
            yield running
        except BaseException:
            running.kill()
            raise
        if running.wait():
            said.seek(0)
            text = said.read().decode(errors="replace").strip()
            raise Unfit(f"{program.name} failed:\n{text}")


def _server() -> psycopg.Connection:
    connection.ensure_connection()
    raw = connection.connection
    assert isinstance(raw, psycopg.Connection)  # noqa: S101  the only driver
    return raw


def _candidates(name: str) -> Iterator[Path]:
    """What PG_BIN names and no other; without it, the wheel's, then that of PATH."""
    if settings.PG_BIN:
        yield from filter(Path.is_file, [Path(settings.PG_BIN) / name])
        return
    with suppress(SystemExit):  # it is not installed
        yield embedded.wheel_binaries() / "bin" / name
    if found := shutil.which(name):
        yield Path(found)


def _version(path: Path) -> int:
    """The first number of its version; 0 where it does not start."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"(\d+)", said.stdout)
    return int(found[1]) if found else 0
