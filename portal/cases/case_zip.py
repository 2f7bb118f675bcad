"""A case as a ZIP: what every room has of it, as far as the person may read it."""

import io
import zipfile

from django.utils.translation import gettext as _

from portal import events
from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.ports import case_files
from portal.events import Event


def build(case: Case, user: User) -> bytes:
    """The ZIP.

    What cannot be read or drawn is named in a list inside; it never takes the other files along.
    """
    out = io.BytesIO()
    absent: list[str] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        taken: set[str] = set()
        for room in case_files.values():
            for name, make in room(case, user):
                free = _free(name, taken)
                try:
                    archive.writestr(free, make())
                except Exception:  # whatever one file does, the others are handed out
                    events.log(Event.ARCHIVE_INCOMPLETE, of=case, fault=True)
                    absent.append(free)
        if absent:
            archive.writestr(_free(_("入れられなかったファイル.txt"), taken), _list(absent))
    return out.getvalue()


def _list(absent: list[str]) -> str:
    head = _(
        "次のファイルは、いま取り出せなかったため入っていません。時間をおいて、もう一度お試しください。"
    )
    return "\n".join([head, "", *absent, ""])


def _free(name: str, taken: set[str]) -> str:
    stem, dot, extension = name.rpartition(".")
    n, free = 1, name
    while free in taken:
        n += 1
        free = f"{stem}_{n}{dot}{extension}"
    taken.add(free)
    return free
