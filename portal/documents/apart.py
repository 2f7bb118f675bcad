"""Looking into a file in a child process: whatever the file does to it, the worker stays.

The child gets the file and nothing else: no environment, no open connection, no network, a folder
that is removed. It is ended at its limits.
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from portal import events, places
from portal.documents.inside.found import READY, Answer, Found
from portal.documents.kinds import OFFICE, PDF, Unfit
from portal.events import Event

MB = 1024 * 1024
EXAMINE = "portal.documents.inside.main:examine"
DRAW = "portal.documents.inside.main:draw"
FLATTEN = "portal.documents.inside.binding:flatten"
FILL = "portal.documents.inside.binding:fill"
READ = "portal.documents.inside.wording:read"
SHEET = "portal.documents.inside.sheet:read"
BURN = "portal.documents.inside.burning:burn"
START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    " from portal.documents.inside import main; main.main(*sys.argv[1:])"
)
PREFIX, FORGOTTEN_SECONDS = "portal-file-", 3600  # folders; nothing is looked at for so long
START_SECONDS = 30  # until it looks at its file; a loaded machine needs some of them
ENVIRONMENT = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Limits:
    """`memory` and `written` (one file) in bytes, `cpu` and `wall` in seconds."""

    memory: int = 1024 * MB
    cpu: int = 20
    wall: int = 120  # only for what waits: on a loaded machine, honest files wait too
    written: int = 64 * MB


LIMITS = {
    EXAMINE: Limits(),
    DRAW: Limits(cpu=60, wall=240),
    FLATTEN: Limits(cpu=60, wall=240),
    FILL: Limits(cpu=300, wall=900, written=512 * MB),
    READ: Limits(cpu=60, wall=240),
    # somebody waits for it before a page; on a slow machine Python and its libraries take seconds
    SHEET: Limits(cpu=5, wall=10, written=8 * MB),
    BURN: Limits(cpu=120, wall=480, written=256 * MB),
}
# of a file that somebody waits for before a page
AWAITED = Limits(cpu=10, wall=30)


# of a page that is bound: number of its file, its page there, its page in the volume; all from 0
Setting: TypeAlias = tuple[int, int, int]
# of a sign or of what is covered: thousandths of its page; left, top, and right, bottom or width, height
Place: TypeAlias = tuple[int, int, int, int]


class NotLooked(OSError):
    """The child did not come as far as the file: a fault of ours, to be tried again."""


def examined(data: bytes, kind: str, limits: Limits | None = None) -> Found:
    """What the file is. Raises Unfit, also for one that was too much; NotLooked."""
    with _folder(data) as folder:
        answer = _run(EXAMINE, kind, folder, limits)
        pages, made = answer.get("pages"), folder / "made"
        return Found(
            str(answer["content_type"]),
            int(pages) if pages is not None else None,
            made.read_bytes() if made.exists() else None,
        )


def drawn(data: bytes, content_type: str) -> Iterator[bytes]:
    """PNG of each page, as far as they could be drawn within the limits. Raises NotLooked."""
    with _folder(data) as folder:
        try:
            _run(DRAW, content_type, folder)
        except Unfit as unfit:
            events.log(Event.PAGES_UNDRAWN, code=unfit.code)
        n = 0
        while (picture := folder / f"{n}.png").exists():
            yield picture.read_bytes()
            n += 1


def flattened(data: bytes, content_type: str, to: Path) -> int:
    """Make a PDF or picture a plain PDF at `to`; its pages. Raises Unfit, NotLooked."""
    with _folder(data) as folder:
        answer = _run(FLATTEN, content_type, folder)
        shutil.move(folder / "made", to)
        return int(answer["pages"] or 0)


def filled(volume: bytes, files: Sequence[Path], plan: Sequence[Setting], to: Path) -> None:
    """Set pages of plain PDFs into the frames of a volume, as a PDF at `to`. Raises Unfit,
    NotLooked.
    """
    with _folder(volume) as folder:
        for n, file in enumerate(files):
            (folder / f"{n}.pdf").symlink_to(file)
        (folder / "plan.json").write_text(json.dumps(plan))
        _run(FILL, PDF, folder)
        shutil.move(folder / "made", to)


def written(data: bytes) -> tuple[int, list[tuple[str, list[Place]]]]:
    """How many pages a PDF has, and of the first ones what is written on each: its text, and (left,
    top, right, bottom) of each sign. Raises Unfit, NotLooked.
    """
    with _folder(data) as folder:
        pages = int(_run(READ, PDF, folder)["pages"] or 0)
        found: list[tuple[str, list[Place]]] = []
        while (page := folder / f"{len(found)}.json").exists():
            text, places = json.loads(page.read_text())
            found.append((str(text), [(int(a), int(b), int(c), int(d)) for a, b, c, d in places]))
        return pages, found


def sheet(data: bytes) -> list[list[str]]:
    """The rows of the first sheet of a workbook, as texts. Raises Unfit, NotLooked."""
    with _folder(data) as folder:
        _run(SHEET, OFFICE, folder)
        rows = json.loads((folder / "made").read_text())
        return [[str(cell) for cell in row] for row in rows]


def burnt(pages: Iterable[tuple[bytes, Sequence[Place]]], to: Path) -> int:
    """Make pictures, each with the (left, top, width, height) of what is covered on it, a PDF at `to`
    that never held what is covered; its pages. Raises Unfit, NotLooked.
    """
    with _folder(b"") as folder:
        covers = []
        for n, (picture, covered) in enumerate(pages):
            (folder / f"{n}.png").write_bytes(picture)
            covers.append(covered)
        (folder / "in").write_text(json.dumps(covers))
        answer = _run(BURN, PDF, folder)
        shutil.move(folder / "made", to)
        return int(answer["pages"] or 0)


@contextmanager
def _folder(data: bytes) -> Iterator[Path]:
    _sweep()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        (folder / "in").write_bytes(data)
        yield folder


def _sweep() -> None:
    """Remove what a worker left behind that was killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # another worker was quicker
            if time.time() - folder.stat().st_mtime > FORGOTTEN_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _run(task: str, kind: str, folder: Path, limits: Limits | None = None) -> Answer:
    """The child's answer. Raises Unfit, NotLooked."""
    limits = limits or LIMITS[task]
    command = [sys.executable, "-I", "-c", START, str(places.ROOT), task, kind]
    child = subprocess.Popen(  # noqa: S603  our own Python, with words of ours
        [*command, json.dumps(asdict(limits))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(timeout=START_SECONDS + limits.wall)
    except subprocess.TimeoutExpired:
        child.kill()
        said, _ = child.communicate()
    lines = said.decode().splitlines()
    if READY not in lines[:1]:
        raise NotLooked(f"a child ended with {child.returncode} before it looked at its file")
    answer: Answer = json.loads(lines[-1]) if not child.returncode else {"refused": _end(child)}
    if fault := answer.get("fault"):
        events.log(Event.CHECK_FAILED, code=str(fault))
    if refused := answer.get("refused"):
        if refused in ("slow", "heavy"):
            events.log(Event.CHECK_STOPPED, code=str(refused), ended=child.returncode)
        raise Unfit(str(refused))
    return answer


def _end(child: subprocess.Popen[bytes]) -> str:
    """What a child was ended for: its time, or else the memory that a library asked for in vain."""
    timed = (-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGALRM)
    return "slow" if child.returncode in timed else "heavy"
