"""Looking into an Office file: it is taken where all it needs is in it, and none of it runs."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO

from lxml import etree

from portal.documents.inside.found import Found
from portal.documents.inside.links import is_plain
from portal.documents.kinds import DOCX, XLSX, Unfit

MAX_BYTES = 200 * 1024 * 1024  # of all parts, unpacked
MAX_ENTRIES = 5_000
MAX_ELEMENTS = 1_000_000  # of all parts: more takes longer to read than a file may
MAIN = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
ACTIVE_NAMES = (
    "vbaproject",
    "vbadata",
    "macrosheets/",
    "embeddings/",
    "activex/",
    "oleobject",
    "afchunk",
    "customui",
    "webextensions/",
)
LINKED_NAMES = ("externallinks/", "xl/connections.xml", "querytables/")
ACTIVE_KINDS = ("macroenabled", "vbaproject", "oleobject", "activex")  # in the list of contents
ACTIVE_RELATIONS = ("oleobject", "vbaproject", "afchunk", "control")
READ = (".xml", ".rels", ".vml")  # endings of the parts that programs read as XML
LINKING_FIELD = re.compile(
    r"\s*(?:(DDE|DDEAUTO|LINK|IMPORT|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|DATABASE)\b"
    r"|QUOTE(\s+\d+){2})",  # by the numbers of its letters, a field spells another's instruction
    re.I,
)
NAMED = re.compile(r"=|[A-Z]+[\s\"\\]", re.I)  # an instruction that says which field it is
BEGINNING = 200  # letters kept of an instruction
CALLING = re.compile(r"\b(WEBSERVICE|RTD|CALL|REGISTER(\.ID)?|HYPERLINK|IMAGE)\s*\(", re.I)
FORMULAS = ("f", "definedName", "formula", "formula1", "formula2")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
CHUNK = 1 << 16  # bytes


def examine(
    data: bytes, *, most_bytes: int = MAX_BYTES, most_elements: int = MAX_ELEMENTS
) -> Found:
    """Raises Unfit."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = _names(archive, most_bytes)
            content_type = next((kind for main, kind in MAIN.items() if main in names), "")
            if not content_type:
                raise Unfit("archive")
            elements = Count(most_elements)
            for name in names:
                for check in _checks_of(name, content_type):
                    with archive.open(names[name]) as part:
                        _read(part, check, elements)
            return Found(content_type)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, zlib.error, EOFError, RuntimeError) as error:
        raise Unfit("broken_zip") from error


def _names(archive: zipfile.ZipFile, most_bytes: int) -> dict[str, zipfile.ZipInfo]:
    """Its parts by their names in small letters. Raises Unfit for too much, and for what runs."""
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > most_bytes or len(entries) > MAX_ENTRIES:
        raise Unfit("zip_bomb")
    names = {entry.filename.lower().lstrip("/"): entry for entry in entries}
    if len(names) < len(entries):
        raise Unfit("broken_zip")  # two parts of one name: readers differ in which one they take
    for name in names:
        if ".." in name.replace("\\", "/").split("/"):
            raise Unfit("broken_zip")  # a part that lies outside its own folder
        if any(active in name for active in ACTIVE_NAMES):
            raise Unfit("macros")
        if any(linked in name for linked in LINKED_NAMES):
            raise Unfit("linked_office")
    return names


class Count:
    """Elements read so far."""

    def __init__(self, most: int) -> None:
        self.n, self.most = 0, most

    def one_more(self) -> None:
        self.n += 1
        if self.n > self.most:
            raise Unfit("zip_bomb")


class _Reading:
    """Reads XML as it comes and keeps none of it: what a check wants to see of it alone."""

    def __init__(self, check: "Check", elements: Count) -> None:
        self.check, self.elements, self.text = check, elements, ""

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        """It may give elements attributes that nobody wrote, and name other files; no Office
        program writes one.
        """
        raise Unfit("doctype")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.elements.one_more()
        self.check.element(_local(tag), {_local(key): v for key, v in attributes.items()})

    def data(self, text: str) -> None:
        self.text += text if len(self.text) < CHUNK else ""

    def end(self, tag: str) -> None:
        self.check.text(_local(tag), self.text)
        self.text = ""

    def close(self) -> None:
        self.check.element("", {})


def _local(name: str) -> str:
    return name.rpartition("}")[2]


class Check:
    """What is looked for in a part: its elements and the text before each end."""

    def element(self, name: str, attributes: dict[str, str]) -> None: ...

    def text(self, name: str, text: str) -> None: ...


class Relations(Check):
    """What a part refers to: outside the file, only links that somebody presses on."""

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rsplit("/", 1)[-1].strip().lower()
        if attributes.get("TargetMode", "Internal").strip().lower() == "internal":
            if kind in ACTIVE_RELATIONS:
                raise Unfit("macros")
        elif kind != "hyperlink" or not is_plain(attributes.get("Target", "")):
            raise Unfit("linked_office")


class Root(Check):
    """The part that the file begins with is the one that a reader of names takes for it."""

    def element(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rsplit("/", 1)[-1].strip().lower()
        target = attributes.get("Target", "").lower().lstrip("/")
        if name == "Relationship" and kind == "officedocument" and target not in MAIN:
            raise Unfit("broken_zip")


class Contents(Check):
    """What kind each part is: nothing that runs, and no XML under another ending."""

    def element(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").strip().lower()
        if any(active in kind for active in ACTIVE_KINDS):
            raise Unfit("macros")
        part = attributes.get("PartName") or f".{attributes.get('Extension', 'xml')}"
        is_read = kind.endswith("xml") and not kind.startswith("image/")
        if is_read and not part.lower().endswith(READ):
            raise Unfit("broken_zip")


class Fields(Check):
    """Fields of Word, whose instruction may be cut into pieces, and put together from what other
    fields say: which field it is stands there in plain letters before another begins within it.
    """

    def __init__(self) -> None:
        self.piece = ""
        # the beginning of the instruction of each field that is open; none where its result began
        self.open: list[str | None] = []

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("fldChar", ""):  # the end of a piece of instruction, or of all
            self._ask(self.piece)
            self.piece = ""
        self._ask(attributes.get("instr", ""))
        turn = attributes.get("fldCharType") if name == "fldChar" else ""
        outer = self.open[-1] if self.open else None
        if outer is not None:
            self._ask(outer)
            if (turn == "begin" or name == "fldSimple") and not NAMED.match(outer):
                raise Unfit("linked_office")
        if turn == "begin":
            self.open.append("")
        elif turn == "separate" and self.open:
            self.open[-1] = None
        elif turn == "end" and self.open:
            self.open.pop()

    def text(self, name: str, text: str) -> None:
        if name == "instrText":
            self.piece += text
        if name in ("instrText", "t") and self.open and self.open[-1] is not None:
            self.open[-1] = (self.open[-1] + text).lstrip()[:BEGINNING]

    def _ask(self, instruction: str) -> None:
        if LINKING_FIELD.match(instruction):
            raise Unfit("linked_office")


class Formulas(Check):
    """Formulas of Excel: outside quotation marks, "|" asks another program (DDE), and some functions
    reach outside; an address in a formula is a plain one.
    """

    def text(self, name: str, text: str) -> None:
        if name not in FORMULAS:
            return
        bare = QUOTED.sub("", text)
        calls = {found[1].upper() for found in CALLING.finditer(bare)}
        if "|" in bare or calls - {"HYPERLINK"}:
            raise Unfit("linked_office")
        if calls and not all(is_plain(quoted[1:-1]) for quoted in QUOTED.findall(text)):
            raise Unfit("linked_office")


def _checks_of(name: str, content_type: str) -> list[Check]:
    if name == "_rels/.rels":
        return [Root(), Relations()]
    if name.endswith(".rels"):
        return [Relations()]
    if name == "[content_types].xml":
        return [Contents()]
    if name.endswith(READ):
        return [Fields() if content_type == DOCX else Formulas()]
    return []


def _read(part: IO[bytes], check: Check, elements: Count) -> None:
    parser = etree.XMLParser(
        target=_Reading(check, elements), resolve_entities=False, no_network=True, load_dtd=False
    )
    while chunk := part.read(CHUNK):
        parser.feed(chunk)
    parser.close()
