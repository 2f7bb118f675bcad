"""What jobs do with a file that has arrived: look into it, take it or refuse it, and draw its pages.

Each may run twice, or after the file was removed, and ends the same.
"""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext_noop

from portal import clock, events
from portal.accounts.models import User
from portal.documents import apart, names, scanner, store, turns
from portal.documents.inside.found import Found
from portal.documents.kinds import Unfit
from portal.documents.models import Document, Holder, StoredFile
from portal.documents.ports import holders
from portal.events import Event
from portal.workflow.door import defer, touch
from portal.workflow.jobs import enqueue


def check(file: StoredFile) -> None:
    """Take the file in or refuse it. Raises OSError where the storage fails or nothing could look
    into it: then it still waits.
    """
    if file.checked_at is not None:
        return
    try:
        data = store.read(file)
        scan = _scan(data)
        if scan == "infected":
            raise Unfit("virus")
        found = apart.examined(data, file.content_type)
    except FileNotFoundError:
        refuse(file, "lost")
    except Unfit as unfit:
        refuse(file, unfit.code)
    else:
        take(file, found, scan=scan)


def _scan(data: bytes) -> str:
    try:
        return scanner.scan(data)
    except scanner.ScannerDown:
        return "pending"


def take(file: StoredFile, found: Found, *, scan: str = "unscanned") -> None:
    """Keep a file as it was found to be. Raises OSError where the storage fails."""
    key, digest = file.key, file.sha256
    if found.made:
        key, digest = store.keep(found.made, found.content_type, prefix="u")
    with transaction.atomic():
        fresh = _locked(file)
        if fresh is None or fresh.checked_at is not None:  # another told it, or it is gone
            forgotten = [key] if found.made else []
            transaction.on_commit(partial(store.delete_objects, forgotten))
            return
        if found.made:
            transaction.on_commit(partial(store.delete_objects, [fresh.key]))
            fresh.key, fresh.sha256, fresh.size = key, digest, len(found.made)
        fresh.content_type, fresh.pages = found.content_type, found.pages
        fresh.scan, fresh.checked_at = scan, clock.now()
        fresh.save()
        rows = _holders(fresh)
        for row in rows:
            row.name = names.named(row.name, found.content_type)
            row.save(update_fields=["name"])
            if found.made and row.removed_at is None:
                row.note("convert", _nobody(), gettext_noop("写真を、向きをそろえて保存しました"))
        if scan == "pending":
            defer("scan_file", file_id=file.pk)
        if found.pages:
            drawn = turns.to_be_drawn([row.uploaded_by_id for row in rows])
            enqueue([("draw_pages", {"file_id": file.pk})], priority=drawn)


def refuse(file: StoredFile, code: str) -> None:
    """Do not take the file: whoever sent it reads why, and its object goes."""
    with transaction.atomic():
        fresh = _locked(file)
        if fresh is None or fresh.refusal or fresh.scan != "pending":
            return
        fresh.refusal, fresh.checked_at = code, clock.now()
        fresh.save(update_fields=["refusal", "checked_at"])
        transaction.on_commit(partial(store.delete_objects, store.objects_of(fresh)))
        event = Event.UPLOAD_INFECTED if code == "virus" else Event.UPLOAD_REFUSED
        for row in _holders(fresh):
            events.log(event, user=row.uploaded_by_id, of=row, code=code)
            if row.removed_at is None:
                label = gettext_noop("書類を受け付けませんでした")
                row.note("refuse", _nobody(), label, code=code)
                if isinstance(row, Document):
                    touch(row.case)  # somebody may be waiting for it again


def _holders(file: StoredFile) -> list[Holder]:
    """The rows that hold the file."""
    return [row for name in holders for row in getattr(file, name).all()]


def _locked(file: StoredFile) -> StoredFile | None:
    return StoredFile.objects.select_for_update(no_key=True).filter(pk=file.pk).first()


def _nobody() -> User:
    return User.objects.system()


def rescan(file: StoredFile) -> None:
    """Scan a file that could not be scanned when it came. Raises ScannerDown."""
    if file.scan != "pending" or not file.is_taken:
        return
    file.scan = scanner.scan(store.read(file))
    if file.scan == "infected":
        if not file.documents.filter(frozen=True).exists():
            refuse(file, "virus")
            return
        events.log(Event.UPLOAD_INFECTED, of=file, code="virus")  # what was handed in stays shut
    file.save(update_fields=["scan"])


def draw(file: StoredFile) -> None:
    """Draw and keep the image of every page, as far as they can be drawn. Raises OSError."""
    if file.pictured_at is None and file.is_taken and file.pages:
        store.keep_pictures(file, apart.drawn(store.read(file), file.content_type))
