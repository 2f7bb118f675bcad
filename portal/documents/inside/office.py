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
LINKING_FIELD = re.compile(
    r"\s*(DDE|DDEAUTO|LINK|IMPORT|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|DATABASE)\b", re.I
)
FORMULAS = ("f", "definedName", "formula", "formula1", "formula2")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
CHUNK = 1 << 16  # bytes


def examine(data: bytes) -> Found:
    """Raises Unfit."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = _names(archive)
            content_type = next((kind for main, kind in MAIN.items() if main in names), "")
            if not content_type:
                raise Unfit("archive")
            for name in names:
                if check := _check_of(name):
                    with archive.open(names[name]) as part:
                        _read(part, check)
            return Found(content_type)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, zlib.error, EOFError, RuntimeError) as error:
        raise Unfit("broken_zip") from error


def _names(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Its parts by their names in small letters. Raises Unfit for too much, and for what runs."""
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MAX_BYTES or len(entries) > MAX_ENTRIES:
        raise Unfit("zip_bomb")
    names = {entry.filename.lower().lstrip("/"): entry for entry in entries}
    if len(names) < len(entries):
        raise Unfit("broken_zip")  # two parts of one name: readers differ in which one they take
    for name in names:
        if any(active in name for active in ACTIVE_NAMES):
            raise Unfit("macros")
        if any(linked in name for linked in LINKED_NAMES):
            raise Unfit("linked_office")
    return names


class _Reading:
    """Reads XML as it comes and keeps none of it: what a check wants to see of it alone."""

    def __init__(self, check: "Check") -> None:
        self.check, self.text = check, ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
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
        if name != "Relationship" or attributes.get("TargetMode", "").lower() != "external":
            return
        kind = attributes.get("Type", "").rsplit("/", 1)[-1].lower()
        if kind != "hyperlink" or not is_plain(attributes.get("Target", "")):
            raise Unfit("linked_office")


class Contents(Check):
    def element(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").lower()
        if any(active in kind for active in ACTIVE_KINDS):
            raise Unfit("macros")


class Fields(Check):
    """Fields of Word, whose instruction may be cut into pieces."""

    instruction = ""

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("fldChar", ""):  # the end of a piece of instruction, or of all
            self._ask(self.instruction)
            self.instruction = ""
        self._ask(attributes.get("instr", ""))

    def text(self, name: str, text: str) -> None:
        if name == "instrText":
            self.instruction += text

    def _ask(self, instruction: str) -> None:
        if LINKING_FIELD.match(instruction):
            raise Unfit("linked_office")


class Formulas(Check):
    """Formulas of Excel: outside quotation marks, "|" asks another program (DDE)."""

    def text(self, name: str, text: str) -> None:
        if name in FORMULAS and "|" in QUOTED.sub("", text):
            raise Unfit("linked_office")


def _check_of(name: str) -> Check | None:
    if name.endswith(".rels"):
        return Relations()
    if name == "[content_types].xml":
        return Contents()
    if name.startswith("word/") and name.endswith(".xml"):
        return Fields()
    if name.startswith("xl/") and name.endswith(".xml"):
        return Formulas()
    return None


def _read(part: IO[bytes], check: Check) -> None:
    parser = etree.XMLParser(
        target=_Reading(check), resolve_entities=False, no_network=True, load_dtd=False
    )
    while chunk := part.read(CHUNK):
        parser.feed(chunk)
    parser.close()
