"""What a child of `apart` runs: one task on one file, confined, in a folder of its own.

The file lies there as `in`; what the task made lies there as `made` or as `0.png`, `1.png` …; the
last line of standard output is the answer, as JSON.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

from portal.documents.inside import drawing, office, pdf, pictures
from portal.documents.inside.confined import confine
from portal.documents.inside.found import READY, Answer, Found
from portal.documents.kinds import HEIF, JPEG, OFFICE, PDF, PHOTOGRAPHS, PNG, Unfit

EXAMINERS = {
    PDF: pdf.examine,
    JPEG: pictures.examine,
    PNG: pictures.examine,
    HEIF: pictures.examine,
    PHOTOGRAPHS: pictures.bound,
    OFFICE: office.examine,
}


def examined(data: bytes, kind: str) -> Found:
    """What a file of this sniffed kind is. Raises Unfit."""
    return EXAMINERS[kind](data)


def examine(data: bytes, kind: str) -> Answer:
    """What it is, where its first page can be drawn too: what nobody could look at is not taken."""
    found = examined(data, kind)
    if found.pages:
        drawing.demand_first(found.made or data, found.content_type)
    if found.made is not None:
        Path("made").write_bytes(found.made)
    return {"content_type": found.content_type, "pages": found.pages}


def draw(data: bytes, kind: str) -> Answer:
    drawn = 0
    for picture in drawing.pictures(data, kind):
        Path("unfinished").write_bytes(picture)
        os.replace("unfinished", f"{drawn}.png")  # whole, or not there
        drawn += 1
    return {"drawn": drawn}


def main(task: str, kind: str, limits: str) -> None:
    module, _, name = task.partition(":")
    run = getattr(import_module(module), name)
    confine(**json.loads(limits))
    _say(READY)
    try:
        answer: Answer = run(Path("in").read_bytes(), kind)
    except Unfit as unfit:
        answer = {"refused": unfit.code}
    except (MemoryError, RecursionError):
        answer = {"refused": "heavy"}
    except Exception as error:
        answer = {"refused": "broken", "fault": type(error).__name__}
    _say(json.dumps(answer))
    os._exit(0)  # nothing of the libraries' own ends matters any more


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
