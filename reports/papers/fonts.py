"""The embedded typefaces, and mends of reportlab:
every letter is drawn, none is lost when copied, streams are written quicker.

A letter that the first typeface lacks is drawn with the next one that has it. What none has is
refused where it is typed (`missing`); in texts that came in another way 〓 stands in its place. So a
paper is drawn for every text, and there is never a box in the place of a letter.
"""

import re
import zlib
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Protocol

from reportlab.pdfbase import pdfdoc, pdfmetrics, ttfonts

NAME = "NotoSerifJP"
_FOLDER = Path(__file__).parent / "typeface"
_FILES = {  # asked in this order; typeface/README.md says what each one holds
    NAME: "NotoSerifJP_400Regular.ttf",
    "NotoSerif": "NotoSerif_rest.ttf",
    "NotoSerifSC": "NotoSerifSC_rest.ttf",
    "NotoSerifKR": "NotoSerifKR_rest.ttf",
    "NotoSerifCJK": "NotoSerifCJK_rest.ttf",
    "NotoSansMath": "NotoSansMath_rest.ttf",
    "NotoSansSymbols": "NotoSansSymbols_rest.ttf",
    "NotoSansSymbols2": "NotoSansSymbols2_rest.ttf",
    "NotoEmoji": "NotoEmoji_rest.ttf",
}
_GETA = "〓"  # as a printer sets it, where a letter is missing
_APART = re.compile("[\t\u2028\u2029]")  # drawn as a space
# controls, joiners, variation selectors, tags: they have no shape of their own
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef]"
)


def _to_unicode(fontname: str, subset: list[int]) -> str:
    """A ToUnicode map that also holds letters above U+FFFF (as UTF-16 pairs), such as 𠮷."""
    rows = [
        f"<{n:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>"
        for n, code in enumerate(subset)
    ]
    blocks = [rows[n : n + 100] for n in range(0, len(rows), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo\n<< /Registry ({fontname})\n/Ordering ({fontname})\n/Supplement 0\n>> def\n"
        f"/CMapName /{fontname} def\n/CMapType 2 def\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


class _Quick:
    """zlib at its quickest level: a paper is a fifteenth larger and drawn a sixth sooner."""

    decompress = staticmethod(zlib.decompress)

    @staticmethod
    def compress(data: bytes) -> bytes:
        return zlib.compress(data, 1)


class Face(Protocol):
    """A typeface of reportlab: its tables by code point."""

    charToGlyph: dict[int, int]
    charWidths: dict[int, float]
    defaultWidth: float


@cache
def register(name: str = NAME) -> Face:
    """Register a typeface once; returns its face,
    with the tables of glyphs and widths by code point.
    """
    ttfonts.makeToUnicodeCMap = _to_unicode
    pdfdoc.zlib = _Quick
    font = ttfonts.TTFont(name, str(_FOLDER / _FILES[name]))
    font.face.get_table = cache(
        font.face.get_table
    )  # each subset copies whole tables out of eight megabytes
    pdfmetrics.registerFont(font)
    face: Face = font.face
    return face


@lru_cache(maxsize=8192)
def _typeface(code: int) -> str | None:
    """The first typeface that has a glyph for the code point; None where no one has."""
    return next((name for name in _FILES if code in register(name).charToGlyph), None)


def _seen(text: str) -> str:
    return _UNSEEN.sub("", _APART.sub(" ", text))


def drawable(text: str) -> str:
    """The text, with 〓 for each letter that no typeface has, and without signs that are not seen."""
    seen = _seen(text)
    return seen.translate(dict.fromkeys(map(ord, missing(seen)), _GETA))


def missing(text: str) -> str:
    """The letters that no typeface has, each once."""
    glyphs = register().charToGlyph
    strange = dict.fromkeys(
        sign for sign in _seen(text) if sign != "\n" and ord(sign) not in glyphs
    )
    return "".join(sign for sign in strange if _typeface(ord(sign)) is None)


def runs(text: str) -> list[tuple[str, str]]:
    """A drawable text as (typeface, letters), in order."""
    return [
        (name or NAME, "".join(signs))
        for name, signs in groupby(text, key=lambda sign: _typeface(ord(sign)))
    ]


@lru_cache(maxsize=8192)
def _advance(code: int) -> float:
    face = register(_typeface(code) or NAME)
    return face.charWidths.get(code, face.defaultWidth)


@lru_cache(maxsize=8192)  # most pieces are single letters, and the same ones
def width(text: str, size: float) -> float:
    """The width of a line in points (a table look-up per letter;
    reportlab's own is many times slower).
    """
    return sum(_advance(ord(sign)) for sign in text) * size / 1000
