"""What stands in which line, and what is left of it: pure functions over plain text.

A line is (kind, text) with kind part, heading, label or text, in the order of the paper; a span is
(start, end, ground) in signs of its line.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from portal.cases.ports import Private, Section
from reports.disclosure.grounds import PROPOSED
from reports.dossiers.contents import Piece

Line: TypeAlias = tuple[str, str]
Span: TypeAlias = tuple[int, int, str]
# a line with what of it is withheld
Marked: TypeAlias = tuple[str, str, list[Span]]

# as long for one sign as for a hundred: the length of what is withheld tells nothing
BLACK = "■■■■"
SHORTEST = 2  # signs of a text that is looked for
_ALSO = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII),
    # a fingerprint tells whether a guess of what is withheld is right
    re.compile(r"(?<![0-9a-f])[0-9a-f]{12,64}(?![0-9a-f])"),
    re.compile(r"(?<!\d)0\d{1,4}[-(]?\d{1,4}[-)]?\d{3,4}(?!\d)"),
)
# runs of one script, so that a name or a number is one word and no more than that
_WORDS = re.compile(
    r"[一-鿿々〆]+|[ァ-ヿー]+|[ぁ-ゖ]+|[0-9０-９,.，．-]+|[A-Za-zＡ-Ｚａ-ｚ]+|\s+|.", re.S
)


def lines_of(pieces: Iterable[Piece]) -> Iterator[Line]:
    """Everything that is written in the parts of a case, one after the other."""
    for piece in pieces:
        if piece.sections:
            yield "part", piece.label
        for section in piece.sections:
            yield from _section(section)


def _section(section: Section) -> Iterator[Line]:
    yield "heading", section.get("heading", "")
    if section.get("text"):
        yield "text", section["text"]
    for label, text in section.get("rows", []):
        yield "label", label
        yield "text", text
    if "table" in section:
        for row in [section["table"]["head"], *section["table"]["rows"]]:
            yield "text", "　".join(map(str, row))
    if section.get("after"):
        yield "text", section["after"]


def words(text: str) -> list[tuple[int, int]]:
    """Start and end of each word that can be chosen."""
    return [found.span() for found in _WORDS.finditer(text)]


def proposed(text: str, private: Iterable[Private]) -> list[Span]:
    """What of a line is withheld unless somebody decides otherwise."""
    folded, at = _folded(text)
    found: list[Span] = []
    for known in private:
        for needle in _needles(known):
            start = folded.find(needle)
            while start >= 0:
                end = at[start + len(needle) - 1] + 1
                found.append((at[start], end, PROPOSED[known.kind]))
                start = folded.find(needle, start + 1)
    plain = "".join(map(_plain, text))
    for pattern in _ALSO:
        found += [(*match.span(), "person") for match in pattern.finditer(plain)]
    return united(found)


def _needles(known: Private) -> set[str]:
    """The whole text, and each name of a person alone."""
    whole = {known.text, *(known.text.split() if known.kind in ("person", "reviewer") else [])}
    return {needle for text in whole if len(needle := _folded(text)[0]) >= SHORTEST}


def _plain(sign: str) -> str:
    """Half width for full width, one sign for one."""
    plain = unicodedata.normalize("NFKC", sign).lower()
    plain = "-" if plain in "‐‑‒–—−" else plain
    return plain if len(plain) == 1 else sign


def _folded(text: str) -> tuple[str, list[int]]:
    """Without spaces and hyphens, which differ from paper to paper; and where each sign stands."""
    kept = [
        (plain, n)
        for n, sign in enumerate(text)
        if not (plain := _plain(sign)).isspace() and plain != "-"
    ]
    return "".join(plain for plain, _n in kept), [n for _plain_sign, n in kept]


def united(spans: Iterable[Span]) -> list[Span]:
    """In order and apart: where two overlap, the ground of the first holds for both."""
    found: list[Span] = []
    for start, end, ground in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]), found[-1][2])
        else:
            found.append((start, end, ground))
    return found


def is_lifted(proposed: Iterable[Span], before: Iterable[Span], after: Iterable[Span]) -> bool:
    """Does a change open a sign that was proposed to be withheld, and was until then?"""
    return bool(_signs(proposed) & _signs(before) - _signs(after))


def _signs(spans: Iterable[Span]) -> set[int]:
    return {n for start, end, _ground in spans for n in range(start, end)}


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text as it is handed out: nothing of what is withheld, not even its length."""
    out, upto = [], 0
    for start, end, _ground in united(spans):
        out += [text[upto:start], BLACK]
        upto = end
    return "".join([*out, text[upto:]])
