"""Which kinds of files the portal takes, each known by its first bytes and never by its name."""

PDF, JPEG, PNG, HEIF = "application/pdf", "image/jpeg", "image/png", "image/heif"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFICE = "application/zip"  # one of the two above, or an archive: only its check opens it
PHOTOGRAPHS = "application/x-photographs"  # several that become one PDF, as we packed them

# what is kept → the endings of names that say it, the first one where a name says another
ENDINGS = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg"),
    PNG: ("png",),
    DOCX: ("docx",),
    XLSX: ("xlsx",),
}
ACCEPTED = ".pdf, .jpg, .jpeg, .png, .heic, .heif, .docx, .xlsx, image/*, application/pdf"
TYPES = "PDF・JPEG・PNG・HEIC・Word（docx）・Excel（xlsx）"
PICTURES = (JPEG, PNG, HEIF)
HEAD = 12  # bytes that tell the kind

_STARTS = {
    b"%PDF-": PDF,
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"PK\x03\x04": OFFICE,
}
_HEIF_BRANDS = (
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"hevc",
    b"hevx",
    b"hevm",
    b"hevs",
    b"mif1",
    b"msf1",
)


class Unfit(Exception):
    """The file is refused, for the reason of this code: `refusals` says it in words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def sniff(head: bytes) -> str:
    """The kind that the first HEAD bytes of a file say. Raises Unfit for what the portal never
    takes.
    """
    if not head:
        raise Unfit("empty")
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return HEIF
    raise Unfit("old_office" if head.startswith(b"\xd0\xcf\x11\xe0") else "kind")
