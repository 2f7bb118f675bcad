"""The pages of files that belong to a copy, and what is covered on each: pure functions over plain
values, as they are kept with a request.

A place on a page is told in thousandths of its width and height, from its upper left corner.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypedDict

from portal.cases.ports import DossierPaper, Private
from portal.documents.apart import Place
from reports.disclosure.grounds import PROPOSED
from reports.disclosure.masking import codes, lines_of, proposed
from reports.disclosure.parts import key_of
from reports.dossiers.contents import Piece
from reports.papers.notice import PICTURE

FULL = 1_000
MOST = 200  # boxes of one page; where more are proposed, the whole page is


class Box(NamedTuple):
    """What is covered on a page, and its ground."""

    left: int
    top: int
    width: int
    height: int
    ground: str

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.left + self.width >= other.left + other.width
            and self.top + self.height >= other.top + other.height
        )


class Sheet(TypedDict):
    """A page: what is covered, what of it was proposed, and who looked at it (a name; "" = nobody)."""

    boxes: list[Box]
    proposed: list[Box]
    looked_by: str


class Enclosed(TypedDict):
    """A file of the copy. `label`: how the copy names it, since titles are typed by people; `part`:
    the key of the part it stands in; `file`: the number of the stored file, which had this `sha256`;
    `sheets`: None until its pages are prepared; `is_whole`: is there a picture of each page?
    """

    key: str
    label: str
    title: str
    part: str
    file: int | None
    sha256: str
    sheets: list[Sheet] | None
    is_whole: bool


def enclosed(pieces: Sequence[Piece]) -> list[Enclosed]:
    """Every file that is bound into the case, before its pages are prepared. The parts are counted as
    `masking.lines_of` writes them.
    """
    found: list[Enclosed] = []
    for piece, part in zip(pieces, _parts(pieces), strict=True):
        found += [
            _enclosed(paper, f"{piece.label}{n}", part) for n, paper in enumerate(piece.papers, 1)
        ]
    return found


def _parts(pieces: Sequence[Piece]) -> list[str]:
    found, lines = [], 0
    for piece in pieces:
        found.append(key_of(lines) if piece.sections else "")
        lines += len(list(lines_of([piece])))
    return found


def _enclosed(paper: DossierPaper, label: str, part: str) -> Enclosed:
    return Enclosed(
        key=paper.key,
        label=label,
        title=paper.title,
        part=part,
        file=paper.file_id,
        sha256=paper.sha256,
        sheets=None if paper.file_id else [],
        is_whole=False,
    )


def kept(files: Iterable[Enclosed], left_out: Mapping[str, str]) -> list[tuple[int, Enclosed]]:
    """The files of the copy, with their numbers among all."""
    return [
        (n, file)
        for n, file in enumerate(files)
        if file["key"] not in left_out and file["part"] not in left_out
    ]


def sheet(covered: list[Box]) -> Sheet:
    """A page as it is proposed, which nobody has looked at."""
    return Sheet(boxes=covered, proposed=list(covered), looked_by="")


def proposed_boxes(text: str, places: Sequence[Place], private: Iterable[Private]) -> list[Box]:
    """What of a page is covered unless somebody decides otherwise: where the signs stand that are
    withheld in a text, and the picture beside a code, which says the same.
    """
    found: list[Box] = []
    text = text[: len(places)]
    for start, end, ground in proposed(text, private):
        found += [_box(row, ground) for row in _rows(places[start:end])]
    if codes(text):
        found.append(Box(*PICTURE, PROPOSED["code"]))
    if len(found) > MOST:
        return [Box(0, 0, FULL, FULL, PROPOSED["person"])]
    return list(dict.fromkeys(found))


def _rows(places: Sequence[Place]) -> list[Place]:
    """One place for the signs that stand beside each other; signs without extent are none."""
    found: list[Place] = []
    for left, top, right, bottom in places:
        if right <= left or bottom <= top:
            continue
        if found and _is_beside(found[-1], (left, top, right, bottom)):
            a, b, c, d = found[-1]
            found[-1] = (min(a, left), min(b, top), max(c, right), max(d, bottom))
        else:
            found.append((left, top, right, bottom))
    return found


def _is_beside(row: Place, sign: Place) -> bool:
    """Does a sign stand on the line of `row`? By more than half of its height."""
    shared = min(row[3], sign[3]) - max(row[1], sign[1])
    return 2 * shared > min(row[3] - row[1], sign[3] - sign[1])


def _box(place: Place, ground: str) -> Box:
    left, top, right, bottom = place
    return Box(left, top, right - left, bottom - top, ground)


def is_uncovered(proposed_: Iterable[Box], before: Sequence[Box], after: Sequence[Box]) -> bool:
    """Does a change open what was proposed to be covered, and was until then?"""
    return any(
        any(box.holds(each) for box in before) and not any(box.holds(each) for box in after)
        for each in proposed_
    )


def missing(files: Sequence[Enclosed], left_out: Mapping[str, str]) -> tuple[list[str], ...]:
    """Of the files of the copy, by label: those being prepared, those that have no picture of each
    page, and those of which pages were not looked at.
    """
    here = [file for _n, file in kept(files, left_out)]
    prepared = [file for file in here if file["sheets"] is not None]
    return (
        [file["label"] for file in here if file["sheets"] is None],
        [file["label"] for file in prepared if not file["is_whole"]],
        [file["label"] for file in prepared if file["is_whole"] and unlooked(file)],
    )


def unlooked(file: Enclosed) -> list[int]:
    """The pages that nobody has looked at, from 0."""
    return [n for n, each in enumerate(file["sheets"] or []) if not each["looked_by"]]


def boxes_of(raw: Iterable[tuple[int, int, int, int, str]]) -> list[Box]:
    """As they come back from the database, where they are plain lists."""
    return [Box(*each) for each in raw]
