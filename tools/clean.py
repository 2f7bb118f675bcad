"""What `make clean` does: stop this clone's PostgreSQL and remove everything that was made here.

Needs nothing but Python.
"""

import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.dont_write_bytecode = True

from portal import places  # noqa: E402  the line above makes it known

MADE = (
    ".venv",
    "static",
    ".data",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".ruff_cache",
)
PATIENCE = 20  # seconds for a cluster to stop


def clusters() -> Iterator[Path]:
    for place in (places.DATA, places.of_root()):
        yield from (path.parent.parent for path in place.glob("*/data/PG_VERSION"))


def in_use(cluster: Path) -> bool:
    """Does a `make run` hold this cluster?"""
    try:
        with (cluster / "in_use").open() as users:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def is_running(cluster: Path) -> int:
    """The process of the cluster's postmaster;
    0 where none is running, whatever an old pid file says.
    """
    try:
        number, folder = (cluster / "data" / "postmaster.pid").read_text().splitlines()[:2]
        os.kill(int(number), 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return 0
    started = Path(f"/proc/{number}/cmdline")
    if started.exists() and folder.encode() not in started.read_bytes():
        return 0
    return int(number)


def stop(cluster: Path) -> None:
    """PostgreSQL's fast shutdown (SIGINT)."""
    number = is_running(cluster)
    if number:
        os.kill(number, signal.SIGINT)
    until = time.monotonic() + PATIENCE
    while is_running(cluster) and time.monotonic() < until:
        time.sleep(0.1)


def remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def main() -> int:
    found = list(clusters())
    if any(in_use(cluster) for cluster in found):
        print(
            "`make run` is running in this folder. Stop it first (Ctrl-C where it was started), then clean."
        )
        return 1
    for cluster in found:
        stop(cluster)
    for name in MADE:
        remove(ROOT / name)
    remove(places.of_root())
    if places.SHARED.exists() and not any(places.SHARED.iterdir()):
        places.SHARED.rmdir()
    for folder in list(ROOT.rglob("__pycache__")):
        remove(folder)
    for catalogue in ROOT.glob("locale/*/LC_MESSAGES/*.mo"):
        catalogue.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
