"""Looking into a PDF: it is taken where it opens without a password and does nothing but show its
pages and lead to places and addresses.
"""

import io
from collections.abc import Iterator

import pikepdf

from portal.documents.inside.found import Found
from portal.documents.inside.links import is_plain
from portal.documents.kinds import PDF, Unfit

MAX_PAGES = 1_000
MAX_OBJECTS = 100_000
MAX_PARTS = 500_000  # dictionaries and arrays written inside objects too
MAX_WRITTEN = 50_000_000  # bytes of a page's lines, a typeface, …
PLAIN_ACTIONS = {"/GoTo", "/URI", "/Named"}
PLAIN_COMMANDS = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/GoToE",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/RichMediaExecute",
}
ACTIVE_KEYS = {"/JavaScript", "/JS", "/Launch", "/XFA", "/AA"}
OUTSIDE_KEYS = {
    "/F",
    "/Ref",
    "/OPI",
}  # of a stream: its content, or the better picture, lies elsewhere
ATTACHED_KEYS = {"/EmbeddedFiles", "/EF", "/RichMedia", "/RichMediaContent", "/Collection"}
ATTACHED_KINDS = {
    "/EmbeddedFile",
    "/RichMedia",
    "/Screen",
    "/Movie",
    "/Sound",
    "/FileAttachment",
    "/3D",
}


def examine(data: bytes) -> Found:
    """Also where printing or copying is restricted. Raises Unfit."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _within_limits(pdf)
            _leads_within(pdf)
            for part in _parts(pdf):
                _harmless(part)
                if isinstance(part, pikepdf.Stream) and _name(part, "/Subtype") != "/Image":
                    _written_within(part)
            for page in pdf.pages:  # whatever its lines call themselves
                _written_within(*_lines(page))
            return Found(PDF, len(pdf.pages))
    except pikepdf.PasswordError as error:
        raise Unfit("password") from error
    except pikepdf.PdfError as error:
        raise Unfit("broken_pdf") from error


def _within_limits(pdf: pikepdf.Pdf) -> None:
    # what the file says of itself, before each object is read
    if int(pdf.trailer.get("/Size", 0)) > MAX_OBJECTS or len(pdf.objects) > MAX_OBJECTS:
        raise Unfit("complex_pdf")
    if not len(pdf.pages):
        raise Unfit("no_pages")
    if len(pdf.pages) > MAX_PAGES:
        raise Unfit("many_pages")


def _leads_within(pdf: pikepdf.Pdf) -> None:
    """Addresses that are no whole ones are not taken to stand under another."""
    addresses = pdf.Root.get("/URI")
    if isinstance(addresses, pikepdf.Dictionary) and "/Base" in addresses:
        raise Unfit("active_pdf")


def _parts(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary: the objects, and what is written inside them. Raises Unfit beyond
    MAX_PARTS.
    """
    seen = 0
    for found in pdf.objects:
        waiting = [found]
        while waiting:
            part = waiting.pop()
            seen += 1
            if seen > MAX_PARTS:
                raise Unfit("complex_pdf")
            if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
                yield part
                waiting += [value for _key, value in part.items() if _is_inside(value)]
            elif isinstance(part, pikepdf.Array):
                waiting += [value for value in part if _is_inside(value)]


def _is_inside(value: object) -> bool:
    """Written here: what stands elsewhere is an object of its own."""
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _harmless(part: pikepdf.Object) -> None:
    """Raises Unfit for a dictionary that does something, or brings something along."""
    keys = set(part.keys())
    if keys & ATTACHED_KEYS or {_name(part, "/Type"), _name(part, "/Subtype")} & ATTACHED_KINDS:
        raise Unfit("attached_pdf")
    if keys & ACTIVE_KEYS or (isinstance(part, pikepdf.Stream) and keys & OUTSIDE_KEYS):
        raise Unfit("active_pdf")
    if "/S" in keys:
        _plain_action(part)
    for key in ("/A", "/PA"):
        if key in keys and isinstance(part[key], pikepdf.Dictionary) and "/S" in part[key]:
            _plain_action(part[key], PLAIN_ACTIONS)
    opening = part.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary):
        _plain_action(opening, PLAIN_ACTIONS - {"/URI"})


def _lines(page: pikepdf.Page) -> list[pikepdf.Object]:
    """What draws a page: one stream, several or none."""
    written = page.get("/Contents")
    parts = list(written) if isinstance(written, pikepdf.Array) else [written]
    return [part for part in parts if isinstance(part, pikepdf.Stream)]


def _written_within(*parts: pikepdf.Object) -> None:
    """What is written to be drawn stays small once it is unpacked, on later pages as on the first:
    pictures alone are large. Raises Unfit.
    """
    written = 0
    for part in parts:
        try:
            written += len(part.read_bytes())
        except pikepdf.PdfError:
            continue  # packed in a way that only pictures are
    if written > MAX_WRITTEN:
        raise Unfit("heavy")


def _plain_action(action: pikepdf.Object, allowed: set[str] | None = None) -> None:
    """Raises Unfit for an action of ACTIONS or, where only some are `allowed`, for any other; `/S`
    stands in dictionaries that are no actions too.
    """
    kind = _name(action, "/S")
    if kind in ACTIONS or (allowed is not None and kind not in allowed):
        raise Unfit("active_pdf")
    if kind == "/URI" and not is_plain(str(action.get("/URI", ""))):
        raise Unfit("active_pdf")
    if kind == "/Named" and allowed and _name(action, "/N") not in PLAIN_COMMANDS:
        raise Unfit("active_pdf")


def _name(part: pikepdf.Object, key: str) -> str:
    value = part.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""
