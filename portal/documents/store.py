"""The one way in for files, and the one way out."""

import hashlib
import io
import secrets
import threading
import uuid
from collections.abc import Iterable, Iterator
from functools import partial

import pypdfium2
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from PIL import Image, ImageOps

from portal import clock, jptext
from portal.accounts.models import User
from portal.audit.record import record
from portal.cases.models import Case
from portal.documents import checks, scanner
from portal.documents.models import Document, StoredFile
from portal.documents.reach import reaching
from portal.outage import StorageAway
from portal.workflow.door import defer

MAX_PIXELS = 12_000_000  # of one page image, whatever the shape of the page
MAX_PICTURES = 50  # pages beyond are read in the original
INCOMING = "incoming/"  # what a browser sent straight to the storage and nobody has taken in yet
_PDFIUM = threading.Lock()  # the library is not safe in two threads at once


def put(data: bytes, *, prefix: str = "u") -> StoredFile:
    """Check, scan, store and read back one file.

    Raises checks.Unfit, or OSError where the storage fails.
    """
    check_size(len(data))
    sniffed = checks.sniff(data)
    try:
        scan = scanner.scan(data)
    except scanner.ScannerDown:
        scan = "pending"
    if scan == "infected":
        raise checks.Unfit(
            _("ウイルスが見つかったため、受け付けませんでした。別の端末で作り直してください。"),
            "virus",
        )
    digest = hashlib.sha256(data).hexdigest()
    key = f"{prefix}/{digest[:2]}/{uuid.uuid4().hex}.{sniffed.extension}"
    with reaching():
        stored_key = default_storage.save(key, ContentFile(data))
    if sha256_of(stored_key) != digest:
        raise StorageAway("the stored object differs from what was sent")
    return StoredFile.objects.create(
        key=stored_key,
        sha256=digest,
        size=len(data),
        content_type=sniffed.content_type,
        scan=scan,
        pages=sniffed.pages,
    )


def check_size(size: int) -> None:
    """Raises checks.Unfit for a file of more than UPLOAD_MAX_BYTES bytes."""
    if size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        raise checks.Unfit(
            _("1つのファイルは%(limit)sMBまでです。分けるか、小さくしてください。")
            % {"limit": limit},
            "too_large",
        )


def sha256_of(key: str) -> str:
    """SHA-256 of a stored object, read back; "" when it is not there."""
    digest = hashlib.sha256()
    try:
        with reaching(), default_storage.open(key, "rb") as stored:
            for chunk in iter(lambda: stored.read(1 << 20), b""):
                digest.update(chunk)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


def read(file: StoredFile) -> bytes:
    with reaching(), default_storage.open(file.key, "rb") as stored:
        data: bytes = stored.read()
    return data


def clean_name(name: str) -> str:
    """A file name that shows what was sent and can do no harm: no path, no control sign, at most
    120 letters.
    """
    base = jptext.composed_kana(name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(sign for sign in base if not jptext.has_refused_sign(sign)).strip() or "file"
    stem, dot, extension = plain.rpartition(".")
    return f"{stem[:112]}{dot}{extension[:8]}" if dot else plain[:120]


def add(
    case: Case,
    *,
    key: str,
    name: str,
    data: bytes,
    by: User,
    expected_sha256: str = "",
    internal: bool = False,
) -> Document:
    """Store a file and tie it to the case under requirement `key`.

    The stored object is verified before the row.
    """
    if expected_sha256 and hashlib.sha256(data).hexdigest() != expected_sha256.lower():
        raise checks.Unfit(
            _("送る途中でファイルが変わってしまいました。もう一度選んでください。"), "changed"
        )
    file = put(data)
    with transaction.atomic():
        document = Document.objects.create(
            case=case,
            key=key,
            name=checks.named(clean_name(name), file.content_type),
            file=file,
            internal=internal,
            uploaded_by=by,
            uploaded_at=clock.now(),
        )
        _record(document, "document.add", by, gettext_noop("書類を受け取りました"))
        if file.scan == "pending":
            defer("scan_file", file_id=file.pk)
        if file.pages:
            defer("draw_pages", file_id=file.pk)
    return document


def add_photographs(
    case: Case, *, key: str, photographs: list[bytes], name: str, by: User, internal: bool = False
) -> Document:
    return add(
        case,
        key=key,
        name=name,
        data=checks.photographs_to_pdf(photographs),
        by=by,
        internal=internal,
    )


@transaction.atomic
def remove(document: Document, *, by: User) -> None:
    """Take a document out of a draft. What a submission froze stays, only no longer current."""
    document.removed_at = clock.now()
    document.removed_by = by
    document.save()
    _record(document, "document.remove", by, gettext_noop("書類を外しました"))


def _record(document: Document, action: str, by: User, label: str) -> None:
    case = document.case
    record(
        chain=f"case:{case.pk}",
        action=action,
        subject=f"document:{document.pk}",
        by=by,
        capacity=by.capacity_for(case),
        label=label,
        name=document.name,
        sha256=document.file.sha256,
    )


def destroy(case: Case) -> None:
    """Remove the documents of a case whose time is over, and their objects; for retention alone."""
    files = list(StoredFile.objects.filter(documents__case=case).distinct())
    Document.objects.filter(case=case).delete()
    forget(files)


def forget(files: Iterable[StoredFile]) -> None:
    """Remove stored files that nothing else refers to; their objects go once the transaction is
    through.
    """
    for file in files:
        keys = [
            file.key,
            *[
                _picture_key(file, n)
                for n in range(min(file.pages or 0, MAX_PICTURES))
                if file.pictured_at
            ],
        ]
        try:
            with transaction.atomic():
                file.delete()
        except ProtectedError:
            continue  # another case has the same file
        transaction.on_commit(partial(_delete_objects, keys))


def _delete_objects(keys: list[str]) -> None:
    with reaching():
        for key in keys:
            default_storage.delete(key)


def page_image(file: StoredFile, page: int) -> bytes:
    """PNG of one page (0-based) of a PDF or photograph, never the original: as drawn by the job, or
    now where it has not run yet. Raises IndexError beyond the last.
    """
    if file.pictured_at is not None and page < MAX_PICTURES:
        with reaching(), default_storage.open(_picture_key(file, page), "rb") as stored:
            data: bytes = stored.read()
        return data
    return _png(file, read(file), page)


def draw_pages(file: StoredFile) -> None:
    """Draw and keep the image of every page; a second call, or one after a killed one, ends the
    same.
    """
    if file.pictured_at is not None or not file.pages:
        return
    data = read(file)
    for page in range(min(file.pages, MAX_PICTURES)):
        key, picture = _picture_key(file, page), ContentFile(_png(file, data, page))
        with reaching():
            default_storage.delete(key)
            default_storage.save(key, picture)
    file.pictured_at = clock.now()
    file.save(update_fields=["pictured_at"])


def _picture_key(file: StoredFile, page: int) -> str:
    return f"pages/{file.pk}/{page}.png"


def _png(file: StoredFile, data: bytes, page: int, *, width: int = 1100) -> bytes:
    if file.content_type != "application/pdf":
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
        image.thumbnail((width, width * 2))
    else:
        with _PDFIUM:
            pdf = pypdfium2.PdfDocument(data)
            try:
                sheet = pdf[page]
                wide, high = sheet.get_size()
                image = sheet.render(scale=_scale(wide, high, width)).to_pil()
            finally:
                pdf.close()
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()


def _scale(points_wide: float, points_high: float, width: int) -> float:
    """Pixels a point: the picture `width` pixels wide, or as large as MAX_PIXELS allow where the
    page is long and thin.
    """
    area = max(points_wide, 1) * max(points_high, 1)
    return min(width / max(points_wide, 1), float((MAX_PIXELS / area) ** 0.5))


def missing(documents: list[Document]) -> list[Document]:
    """Those whose stored object is gone or is not the one verified at upload.

    Slow: reads every object.
    """
    return [
        document for document in documents if sha256_of(document.file.key) != document.file.sha256
    ]


def faults() -> list[str]:
    """`reconcile_documents`: rows without their object, and objects without a row, as sentences."""
    found = []
    there = set(_objects(""))
    known: set[str] = set()
    for file in StoredFile.objects.iterator():
        digest = sha256_of(file.key)
        if digest != file.sha256:
            found.append(f"{file.key}: {'changed' if digest else 'missing'}")
        pictures = {_picture_key(file, page) for page in range(min(file.pages or 0, MAX_PICTURES))}
        known |= {file.key} | pictures
        if file.pictured_at is not None:
            found += [f"{key}: missing" for key in sorted(pictures - there)]
    found += [f"{key}: no row" for key in sorted(there - known) if not key.startswith(INCOMING)]
    return found


def _objects(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}".lstrip("/")
    for name in folders:
        if name:
            yield from _objects(f"{folder}/{name}".lstrip("/"))


def verification_code() -> str:
    """Sixteen letters without look-alikes, 80 bits, in groups of four."""
    letters = "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(16))
    return "-".join(letters[n : n + 4] for n in range(0, 16, 4))
