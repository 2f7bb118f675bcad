"""What stands in which line, and what is left of it: pure functions over plain text.

A line is (kind, text) with kind part, heading, label or text, in the order of the paper; a span is
(start, end, ground) in signs of its line.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from portal.cases.ports import Private, Section
from portal.jptext import folded, names_of, occurrences
from reports.disclosure.grounds import PROPOSED
from reports.dossiers.contents import Piece

Line: TypeAlias = tuple[str, str]
Span: TypeAlias = tuple[int, int, str]
# a line with what of it is withheld
Marked: TypeAlias = tuple[str, str, list[Span]]

# as long for one sign as for a hundred: the length of what is withheld tells nothing
BLACK = "■■■■"
SHORTEST = 2  # signs of a text that is looked for
# lines that the beginnings of texts may lead on to, over one text: a page of one sign leads everywhere
MOST_LED_ON = 20_000
OFFICE = "office"  # the kind of what is open although its form is that of something private
_CODE = re.compile(r"(?<![0-9a-z-])[0-9a-z]{4}(?:-[0-9a-z]{4}){3}(?![0-9a-z-])")
# what is private by its form, and of which kind. Texts are those of others: each pattern begins once in a run of
# its signs and never goes back into it (possessive), so that a page of one letter takes no longer than another
_ALSO = (
    (re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++", re.ASCII), "person"),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{12,64}(?![0-9a-f])"), "fingerprint"),
    (
        re.compile(
            r"(?<!\d)(?:\+81[-. (]{0,2}0?[-. )]{0,2}|\(?0)\d{1,4}[-.() ]{0,2}\d{1,4}[-.() ]{0,2}\d{3,4}(?!\d)"
        ),
        "person",
    ),
    (_CODE, "code"),
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


def undecided(pieces: Iterable[Piece]) -> dict[int, str]:
    """By the number of a line: what is still being considered that it is part of."""
    found: dict[int, str] = {}
    n = 0
    for piece in pieces:
        n += bool(piece.sections)
        for section in piece.sections:
            size = len(list(_section(section)))
            if section.get("undecided"):
                found |= dict.fromkeys(range(n, n + size), section["undecided"])
            n += size
    return found


def words(text: str) -> list[tuple[int, int]]:
    """Start and end of each word that can be chosen."""
    return [found.span() for found in _WORDS.finditer(text)]


def proposed(text: str, private: Iterable[Private]) -> list[Span]:
    """What of a line is withheld unless somebody decides otherwise."""
    is_open: set[str] = set()
    needles: dict[str, set[str]] = {}  # by ground
    for known in private:
        if known.kind == OFFICE:
            is_open |= _needles(known)
        else:
            needles.setdefault(PROPOSED[known.kind], set()).update(_needles(known))
    found = [
        (start, end, ground)
        for ground, texts in needles.items()
        for start, end in _places(text, texts)
    ]
    opened = _signs((*place, OFFICE) for place in occurrences(text, is_open))
    for kind, start, end in _by_form(text):
        if not opened & {start, end - 1}:  # nor a part of it that the next line seems to go on
            found.append((start, end, PROPOSED[kind]))
    return united(found)


def codes(text: str) -> list[tuple[int, int]]:
    """Where a text says codes by which papers are verified."""
    return [(start, end) for kind, start, end in _by_form(text) if kind == "code"]


def _by_form(text: str) -> Iterator[tuple[str, int, int]]:
    """What is private by its form, on its line and where it goes on in the next one."""
    whole = [(_plain(sign), n) for n, sign in enumerate(text)]
    for signs in (whole, [(sign, n) for sign, n in whole if sign not in "\r\n"]):
        plain = "".join(sign for sign, _n in signs)
        for pattern, kind in _ALSO:
            for match in pattern.finditer(plain):
                yield kind, signs[match.start()][1], signs[match.end() - 1][1] + 1


def _places(text: str, needles: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where the needles stand: in one go, or over the ends of lines between which something else was
    written, as in two columns.
    """
    yield from occurrences(text, needles)
    if "\n" in text:
        lines, led_on = _folded_lines(text), 0
        for needle in needles:
            for first in range(len(lines) - 1):
                found, gone = _pieces(lines, first, needle)
                led_on += gone
                if led_on > MOST_LED_ON:  # nobody can tell what stands there: all of it is withheld
                    yield 0, len(text)
                    return
                yield from found


def _folded_lines(text: str) -> list[tuple[str, list[int]]]:
    """Of each line: its signs as they are compared, and where in the text each stands."""
    lines, begin = [], 0
    for line in text.splitlines(keepends=True):
        signs, at = folded(line)
        lines.append((signs, [begin + n for n in at]))
        begin += len(line)
    return lines


def _pieces(
    lines: Sequence[tuple[str, list[int]]], first: int, needle: str
) -> tuple[list[tuple[int, int]], int]:
    """Of a needle that begins at the end of the line `first` and ends in a later one: what of each
    line it takes, nothing where it does not; and over how many lines it led.
    """
    found: list[tuple[int, int]] = []
    rest = needle
    for n in range(first, len(lines)):
        line, at = lines[n]
        start = line.rfind(rest) if n > first else -1
        if start >= 0 and (len(rest) >= SHORTEST or line.endswith(rest)):
            return [*found, (at[start], at[start + len(rest) - 1] + 1)], n - first
        most = min(len(rest) - 1, len(line))
        size = next((k for k in range(most, SHORTEST - 1, -1) if line.endswith(rest[:k])), 0)
        if not size:
            return [], n - first
        found.append((at[-size], at[-1] + 1))
        rest = rest[size:]
    return [], len(lines) - first


def where(text: str, words: str) -> list[tuple[int, int]]:
    """Where the same words stand, however they are spaced; nowhere for what is too short to be looked
    for.
    """
    needle = folded(words)[0]
    if len(needle) < SHORTEST:
        return []
    return list(dict.fromkeys(_places(text, {needle})))


def _needles(known: Private) -> set[str]:
    """The whole text, and each name of a person alone, as they are compared."""
    texts = names_of(known.text) if known.kind in ("person", "reviewer") else {known.text}
    return {needle for text in texts if len(needle := folded(text)[0]) >= SHORTEST}


def _plain(sign: str) -> str:
    """Half width for full width, one sign for one; whatever bar stands between digits is one, the long
    mark of kana too.
    """
    plain = unicodedata.normalize("NFKC", sign).lower()
    plain = "-" if plain in "‐‑‒–—−ー" else plain
    return plain if len(plain) == 1 else sign


def united(spans: Iterable[Span]) -> list[Span]:
    """In order and apart: where two overlap, the ground of the first holds for both, and of two that
    begin together that of the longer one.
    """
    found: list[Span] = []
    for start, end, ground in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
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
