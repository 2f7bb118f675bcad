"""The pages of the files of a copy: prepared to be looked at, and bound in with what is covered."""

import tempfile
from pathlib import Path

from django.db import transaction
from django.utils.translation import override

from portal.accounts.models import User
from portal.cases.ports import private_texts
from portal.documents import apart, store
from portal.documents.kinds import PDF, Unfit
from portal.documents.models import StoredFile
from portal.workflow.door import perform
from portal.workflow.errors import Stale, WrongState
from reports.disclosure.models import Disclosure
from reports.disclosure.sheets import Enclosed, Sheet, boxes_of, proposed_boxes, sheet
from reports.disclosure.states import DisclosureState


class Undrawn(OSError):
    """The pictures of a file are not there yet: to be tried again."""


def prepare(row: Disclosure, n: int) -> None:
    """Cover on each page of a file what its text says of people; nothing where it was done. Raises
    OSError.
    """
    if row.state != DisclosureState.RECEIVED or row.files[n]["sheets"] is not None:
        return
    file = StoredFile.objects.get(pk=row.files[n]["file"])
    _draw(file)
    pages, sheets = _sheets(row, file)
    try:
        perform(
            row,
            "prepare",
            by=User.objects.system(),
            n=n,
            pages=sheets,
            is_whole=bool(sheets) and len(sheets) == pages,
        )
    except WrongState:
        return  # withdrawn meanwhile


@transaction.atomic
def _draw(file: StoredFile) -> None:
    """A paper of the portal's own has no pictures yet; those of uploads are drawn as they arrive."""
    if file.is_being_drawn:
        raise Undrawn(file.pk)
    fresh = StoredFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    if fresh.content_type == PDF and fresh.pictured_at is None:
        store.keep_pictures(fresh, apart.drawn(store.read(fresh), PDF))
    file.pictures = fresh.pictures


def _sheets(row: Disclosure, file: StoredFile) -> tuple[int, list[Sheet]]:
    """How many pages the file has, and those that there are pictures of."""
    pages = file.pages or 0
    written: list[tuple[str, list[apart.Place]]] = []
    if file.content_type == PDF:
        try:
            pages, written = apart.written(store.read(file))
        except Unfit:  # its pages are looked at by people alone
            pages = file.pages or 0
    with override("ja"):
        known = [text for room in private_texts.values() for text in room(row.case)]
    proposed = [proposed_boxes(text, places, known) for text, places in written]
    blank: list[Sheet] = [sheet([]) for _n in range(file.pictures - len(proposed))]
    return pages, [sheet(boxes) for boxes in proposed[: file.pictures]] + blank


def bind(row: Disclosure) -> None:
    """Make the copy of a draft. Raises OSError where the storage fails."""
    if row.state != DisclosureState.DRAFTED or row.file_id:
        return
    try:
        file = _bound(row)
    except Unfit:
        file = None
    try:
        perform(row, "bind", by=User.objects.system(), seen=row.version, file=file)
    except (Stale, WrongState):  # it was sent back, and another is bound after it
        if file is not None:
            store.forget([file])


def _bound(row: Disclosure) -> StoredFile:
    drawn = row.drawn()
    with tempfile.TemporaryDirectory(prefix=apart.PREFIX) as name:
        folder = Path(name)
        whole = folder / "whole"
        kept = [file for _n, file in row.kept_files if file["sheets"]]
        burnt = [_burnt(file, folder / f"{n}.pdf") for n, file in enumerate(kept)]
        keys = [file["key"] for file in kept]
        plan = [(keys.index(key), page, place) for key, page, place in drawn.frames]
        if plan:
            apart.filled(drawn.data, burnt, plan, whole)
        else:
            whole.write_bytes(drawn.data)
        return store.put_made(whole, PDF, prefix="disclosures")


def _burnt(enclosed: Enclosed, to: Path) -> Path:
    """The pictures that were looked at, never the file itself."""
    file = StoredFile.objects.get(pk=enclosed["file"] or 0, sha256=enclosed["sha256"])
    covers = [[box[:4] for box in boxes_of(page["boxes"])] for page in enclosed["sheets"] or []]
    pictures = (store.page_image(file, n) for n in range(len(covers)))
    apart.burnt(zip(pictures, covers, strict=True), to)
    return to
