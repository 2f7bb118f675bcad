"""Files that an attacker would send, made here."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tools.demonstration.simulation import paper

Change = Callable[[pikepdf.Pdf], object]


# -- PDF ---------------------------------------------------------------------------------------------------------------
def pdf(change: Change | None = None, **options: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper("x"))) as document:
        if change:
            change(document)
        document.save(out, **options)
    return out.getvalue()


def _named(entries: dict[str, pikepdf.Object]) -> dict[str, pikepdf.Object]:
    return {f"/{name}": value for name, value in entries.items()}


def opens_with(**action: pikepdf.Object) -> bytes:
    """A PDF that does this as soon as it is opened."""
    return pdf(lambda document: document.Root.__setattr__("OpenAction", Dictionary(_named(action))))


def link(**action: pikepdf.Object) -> bytes:
    """A PDF with a place on its page that does this when it is pressed."""
    return annotated(Subtype=Name.Link, A=Dictionary(_named(action)))


def annotated(**annotation: pikepdf.Object) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        drawn = Dictionary(_named(annotation | {"Type": Name.Annot, "Rect": Array([0, 0, 90, 90])}))
        document.pages[0].Annots = Array([document.make_indirect(drawn)])

    return pdf(change)


def attach(document: pikepdf.Pdf) -> None:
    document.attachments["a.txt"] = pikepdf.AttachedFileSpec(  # type: ignore[call-arg]
        document, b"x"
    )


def script_by_name(document: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    document.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), document.make_indirect(action)]))
    )


def based_elsewhere(document: pikepdf.Pdf) -> None:
    document.Root.URI = Dictionary(Base=String("file://server/share/"))


def drawn_elsewhere(**entries: pikepdf.Object) -> Change:
    def change(document: pikepdf.Pdf) -> None:
        form = document.make_stream(b"", **{"Type": Name.XObject, "Subtype": Name.Form, **entries})
        document.pages[0].Resources = Dictionary(XObject=Dictionary(X=form))

    return change


def crowded(objects: int) -> bytes:
    out, document = io.BytesIO(), pikepdf.new()
    document.add_blank_page()
    rows = [document.make_indirect(Dictionary(N=n)) for n in range(objects)]
    document.Root.Rows = Array(rows)
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def written(body: bytes) -> bytes:
    """A PDF of one page with one more object, as it stands here."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/X 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        body,
    ]
    out, starts = b"%PDF-1.7\n", []
    for n, row in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, row)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return (
        out
        + b"xref\n0 5\n0000000000 65535 f \n%s" % table
        + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    )


def without_a_page() -> bytes:
    """A PDF that counts a page, which is none."""
    return written(b"null").replace(b"/Type/Page/Parent", b"/Type/Nada/Parent")


def of_size(wide: float, high: float) -> bytes:
    out, document = io.BytesIO(), pikepdf.new()
    document.add_blank_page(page_size=(wide, high))
    document.save(out)
    return out.getvalue()


def endless(lines: int, *, before: int = 0, **said: object) -> bytes:
    """A page of as many lines, all in one place, after as many empty ones: a few hundred kilobytes,
    whatever drawing them takes. `said`: what the lines say that they are.
    """
    packed = zlib.compress(b"0 0 m 9 9 l S\n" * lines, 9)
    out, document = io.BytesIO(), pikepdf.new()
    for _n in range(before):
        document.add_blank_page()
    page = document.add_blank_page()
    page.Contents = document.make_stream(packed, Filter=Name.FlateDecode, **said)
    document.save(out, compress_streams=False)
    return out.getvalue()


# -- pictures ----------------------------------------------------------------------------------------------------------
def png(wide: int, high: int) -> bytes:
    """A black picture: a few hundred kilobytes, whatever it becomes in memory."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    packer, line = zlib.compressobj(9), bytes(1 + 3 * wide)
    lines = b"".join(packer.compress(line) for _ in range(high)) + packer.flush()
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


# -- Office ------------------------------------------------------------------------------------------------------------
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def office(parts: dict[str, str], kind: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"[Content_Types].xml": "<Types/>", kind: "<w/>", **parts}.items():
            archive.writestr(name, text)
    return out.getvalue()


def relation(kind: str, target: str, mode: str = "External") -> str:
    row = (
        f'<Relationship Id="r1" Type="{_RELATIONS}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    )
    return f"<Relationships>{row}</Relationships>"


def defaulted(mode: str) -> str:
    """Relations whose relation says nothing of where it leads: a declaration says it instead."""
    declared = f'<!DOCTYPE Relationships [<!ATTLIST Relationship TargetMode CDATA "{mode}">]>'
    said = relation("attachedTemplate", "https://x.example/t.dotm", mode)
    return declared + said.replace(f' TargetMode="{mode}"', "")


def typed_as(part: str, kind: str) -> dict[str, str]:
    """The list of contents that calls `part` this."""
    return {
        "[Content_Types].xml": f'<Types><Override PartName="{part}" ContentType="{kind}"/></Types>'
    }


def word(*pieces: str) -> str:
    """The text of a Word file with one field, its instruction cut into these pieces."""
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    mark = '<w:fldChar w:fldCharType="{}"/>'
    return (
        f'<w:document xmlns:w="w"><w:p>{mark.format("begin")}{runs}'
        f"{mark.format('separate')}</w:p></w:document>"
    )


MARKS = {
    turn: f'<w:r><w:fldChar w:fldCharType="{turn}"/></w:r>' for turn in ("begin", "separate", "end")
}


def field(*pieces: str, says: str = "") -> str:
    """A field of Word: pieces of its instruction, or fields within it, and what it said last."""
    runs = "".join(
        piece if piece.startswith("<") else f"<w:r><w:instrText>{piece}</w:instrText></w:r>"
        for piece in pieces
    )
    result = says if says.startswith("<") else f"<w:r><w:t>{says}</w:t></w:r>"
    return f"{MARKS['begin']}{runs}{MARKS['separate']}{result}{MARKS['end']}"


def fields(*rows: str) -> dict[str, str]:
    """The part of a Word file in which these fields stand."""
    return {"word/document2.xml": f'<w:document xmlns:w="w">{"".join(rows)}</w:document>'}


def sheet(formula: str) -> str:
    return f'<worksheet xmlns="s"><sheetData><row><c><f>{formula}</f></c></row></sheetData></worksheet>'
