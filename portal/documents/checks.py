"""What an uploaded file may be.

Pure functions over bytes; each refusal is a sentence for the person.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from portal.types import Text

Image.MAX_IMAGE_PIXELS = 80_000_000
_ZIP_LIMIT = 200 * 1024 * 1024
_OFFICE = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    "xl/workbook.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
}
# the checked kind → the names' endings that say it, the first one where a name says another
_EXTENSIONS = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    **{content_type: (extension,) for content_type, extension in _OFFICE.values()},
}
_ENDING = re.compile(r"(.+)\.([A-Za-z][A-Za-z0-9]{0,7})")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1")
_HIDDEN_IN_ZIP = ("vbaproject.bin", "externallinks/", "embeddings/", "activex/")
_HIDDEN_IN_PDF = (
    "/JavaScript",
    "/JS",
    "/Launch",
    "/EmbeddedFile",
    "/EmbeddedFiles",
    "/XFA",
    "/RichMedia",
    "/AA",
)
TYPES = "PDF・JPEG・PNG・Word（docx）・Excel（xlsx）"


class Unfit(Exception):
    """The file is refused; the text says what to do, `code` tells the log what for."""

    def __init__(self, text: Text, code: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Sniffed:
    content_type: str
    extension: str
    pages: int | None = None

    @property
    def is_photograph(self) -> bool:
        return self.content_type.startswith("image/")


def sniff(data: bytes) -> Sniffed:
    """The type by content, never by name. Raises Unfit for anything the portal does not take."""
    if not data:
        raise Unfit(_("ファイルが空です。選び直してください。"), "empty")
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _image(data)
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unfit(
            _(
                "古い形式（.doc・.xls）か、パスワードのかかったファイルです。PDFにするか、パスワードを外して保存し直してください。"
            ),
            "old_office",
        )
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise Unfit(
            _(
                "iPhoneの写真の形式（HEIC）です。カメラで撮った画面のスクリーンショットを選ぶか、「設定」→「カメラ」→「フォーマット」を「互換性優先」にして撮り直してください。"
            ),
            "heic",
        )
    raise Unfit(
        _("この種類のファイルは受け付けられません。%(types)sのどれかにしてください。")
        % {"types": TYPES},
        "kind",
    )


def named(name: str, content_type: str) -> str:
    """The name with an ending that says what the file was found to be: 見積書.hta of a PDF becomes
    見積書.pdf.
    """
    endings = _EXTENSIONS[content_type]
    stem = name
    while found := _ENDING.fullmatch(stem):
        if found[2].lower() in endings:
            return stem
        stem = found[1]
    return f"{stem}.{endings[0]}"


def _pdf(data: bytes) -> Sniffed:
    """A PDF that opens without a password, also where printing or copying is restricted."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if _has_hidden(pdf):
                raise Unfit(
                    _(
                        "PDFの中に自動で動く仕掛けか添付ファイルがあります。「印刷」から新しいPDFとして保存し直してください。"
                    ),
                    "active_pdf",
                )
            if not len(pdf.pages):
                raise Unfit(_("ページのないPDFです。選び直してください。"), "no_pages")
            return Sniffed("application/pdf", "pdf", len(pdf.pages))
    except pikepdf.PasswordError as error:
        raise Unfit(
            _("パスワードのかかったPDFです。パスワードを外して保存し直してください。"), "password"
        ) from error
    except pikepdf.PdfError as error:
        raise Unfit(
            _("PDFが壊れているようです。もう一度保存するか、写真でお送りください。"), "broken_pdf"
        ) from error


def _has_hidden(pdf: pikepdf.Pdf) -> bool:
    if len(pdf.attachments) or isinstance(pdf.Root.get("/OpenAction"), pikepdf.Dictionary):
        return True
    return any(_is_hidden(item) for found in pdf.objects for item in _direct(found))


def _direct(item: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """A dictionary with every dictionary written directly inside it (the others come as objects of
    their own).
    """
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        yield item
        for key in item.keys():  # noqa: SIM118  a pikepdf object iterates values
            if not getattr(item[key], "is_indirect", False):
                yield from _direct(item[key])
    elif isinstance(item, pikepdf.Array):
        for entry in item:
            if not getattr(entry, "is_indirect", False):
                yield from _direct(entry)


def _is_hidden(item: pikepdf.Object) -> bool:
    names = {str(key) for key in item.keys()}  # noqa: SIM118  a pikepdf object iterates values
    action, kind = str(item.get("/S", "")), str(item.get("/Type", ""))
    return (
        bool(names.intersection(_HIDDEN_IN_PDF))
        or action in ("/JavaScript", "/Launch")
        or kind == "/EmbeddedFile"
    )


def _image(data: bytes) -> Sniffed:
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.verify()
            kind = str(image.format)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unfit(
            _("画像が壊れているか、大きすぎます。撮り直すか、小さくしてからお送りください。"),
            "broken_image",
        ) from error
    if kind == "PNG":
        return Sniffed("image/png", "png", 1)
    # JPEG, or several in one file (MPO) as cameras write them
    return Sniffed("image/jpeg", "jpg", 1)


def _office(data: bytes) -> Sniffed:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Unfit(
            _("ファイルが壊れているようです。もう一度保存してからお送りください。"), "broken_zip"
        ) from error
    if sum(entry.file_size for entry in entries) > _ZIP_LIMIT or len(entries) > 5000:
        raise Unfit(_("開くと大きくなりすぎるファイルです。PDFにしてお送りください。"), "zip_bomb")
    names = [entry.filename.lower() for entry in entries]
    if any(hidden in name for name in names for hidden in _HIDDEN_IN_ZIP):
        raise Unfit(
            _(
                "マクロか、ほかのファイルの埋込みがあります。マクロを外して保存し直すか、PDFにしてください。"
            ),
            "macros",
        )
    for member, (content_type, extension) in _OFFICE.items():
        if member in names:
            return Sniffed(content_type, extension)
    raise Unfit(
        _("圧縮ファイルは受け付けられません。中のファイルを1つずつお送りください。"), "archive"
    )


def photographs_to_pdf(photographs: list[bytes]) -> bytes:
    """Several photographs, in their order, as one PDF: turned upright, at most 2000 px a side,
    without camera data.
    """
    pages = []
    for data in photographs:
        _image(data)
        with Image.open(io.BytesIO(data)) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((2000, 2000))
            pages.append(upright)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()
