"""A case as a ZIP: what every room has of it, as far as the person may read it."""

import io
import zipfile
from typing import Any

from portal import ports
from portal.cases.models import Case


def build(case: Case, user: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        taken: set[str] = set()
        for room in ports.case_files.values():
            for name, data in room(case, user):
                archive.writestr(_free(name, taken), data)
    return out.getvalue()


def _free(name: str, taken: set[str]) -> str:
    stem, dot, extension = name.rpartition(".")
    n, free = 1, name
    while free in taken:
        n += 1
        free = f"{stem}_{n}{dot}{extension}"
    taken.add(free)
    return free
