"""A case as a ZIP: what every room has of it, as far as the person may read it."""

import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal import events
from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.ports import case_files
from portal.events import Event


class _Passing:
    """A file that is only written to, whose bytes are taken away as they come."""

    def __init__(self) -> None:
        self._come: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._come.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """There is nothing to close."""

    def take(self) -> bytes:
        come, self._come = b"".join(self._come), []
        return come


def stream(case: Case, user: User) -> Iterator[bytes]:
    """The ZIP, one file after the other: never more than one of them is in memory, and none is
    compressed again, since PDFs and pictures are already.

    What cannot be read or drawn is named in a list inside; it never takes the other files along.
    """
    out, absent, taken = _Passing(), [], set[str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for room in case_files.values():
            for name, make in room(case, user):
                free = _free(name, taken)
                try:
                    archive.writestr(free, make())
                except Exception:  # whatever one file does, the others are handed out
                    events.log(Event.ARCHIVE_INCOMPLETE, of=case, fault=True)
                    absent.append(free)
                yield out.take()
        if absent:
            archive.writestr(_free(_("入れられなかったファイル.txt"), taken), _list(absent))
    yield out.take()


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
