"""The volume: cover, contents with page numbers, what is written, and a frame for every page that is
bound in. The child that holds the papers of others sets them into these frames.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from reportlab.lib.units import mm

from portal.cases.ports import DossierPaper
from reports.dossiers.contents import Piece
from reports.papers import report
from reports.papers.sheet import HEIGHT, LEADING, LEFT, RIGHT, WIDTH, Sheet, wrap

TITLE = "一件書類"
SMALL = 9.5
ACROSS = WIDTH - LEFT - RIGHT


@dataclass
class Drawn:
    """A volume with empty frames: (key of the paper, its page, the page of the volume) of each, all
    from 0.
    """

    data: bytes = b""
    frames: list[tuple[str, int, int]] = field(default_factory=list)


class Volume(Sheet):
    """`starts`: on which page each entry of the contents begins, as it was found so far."""

    low = 30 * mm

    def __init__(self, number: str, made: str) -> None:
        self.number, self.made = number, made
        self.page = 1
        self.starts: list[tuple[int, str, int]] = []
        super().__init__(f"{TITLE} {number}")

    def turn(self) -> None:
        self.page += 1
        super().turn()

    def begins(self, level: int, title: str) -> None:
        self.starts.append((level, title, self.page))

    def foot(self, page: int, pages: int) -> None:
        """Bookmarks are set here, where the page itself is written."""
        for n, (level, title, start) in enumerate(self.starts):
            if start == page:
                self.canvas.bookmarkPage(str(n))
                self.canvas.addOutlineEntry(title, str(n), level)
        keep, self.y = self.y, 12 * mm
        self.text(LEFT, f"{self.number}　{TITLE}　{self.made}", size=8)
        self.text(WIDTH - RIGHT, f"{page}／{pages}", size=8, align="right")
        self.y = keep


def draw(
    cover: Sequence[tuple[str, str]],
    pieces: Sequence[Piece],
    bound: Mapping[str, int | str],
    *,
    number: str,
    made: str,
) -> Drawn:
    """`cover`: (label, text); `bound`: by the key of each paper how many pages it has, or why it is
    not bound in. Drawn twice: the contents stand before what they count.
    """
    once = Volume(number, made)
    _write(once, cover, pieces, bound, [])
    twice = Volume(number, made)
    frames = _write(twice, cover, pieces, bound, [start for _l, _t, start in once.starts])
    return Drawn(twice.done(), frames)


def _write(
    sheet: Volume,
    cover: Sequence[tuple[str, str]],
    pieces: Sequence[Piece],
    bound: Mapping[str, int | str],
    starts: Sequence[int],
) -> list[tuple[str, int, int]]:
    sheet.text(WIDTH / 2, TITLE, size=20, align="center", bold=True, spaced=6)
    sheet.down(40)
    report.write(sheet, {"rows": cover})
    sheet.turn()
    _contents(sheet, pieces, starts)
    frames: list[tuple[str, int, int]] = []
    for n, piece in enumerate(pieces, 1):
        sheet.turn()
        sheet.begins(0, f"{n}　{piece.label}")
        sheet.text(LEFT, f"{n}　{piece.label}", size=15, bold=True)
        sheet.down(24)
        for section in piece.sections:
            report.write(sheet, cast("report.Part", section))
        for k, paper in enumerate(piece.papers, 1):
            frames += _bind(sheet, f"{n}-{k}　{paper.title}", paper, bound[paper.key])
    return frames


def _contents(sheet: Volume, pieces: Sequence[Piece], starts: Sequence[int]) -> None:
    sheet.text(LEFT, "目次", size=15, bold=True)
    sheet.down(28)
    rows = []
    for n, piece in enumerate(pieces, 1):
        rows.append((0, f"{n}　{piece.label}"))
        rows += [(1, f"{n}-{k}　{paper.title}") for k, paper in enumerate(piece.papers, 1)]
    for at, (level, title) in enumerate(rows):
        x, size = LEFT + level * 14, SMALL + 1 - level
        for k, line in enumerate(wrap(title, ACROSS - 60 - level * 14, size)):
            sheet.text(x, line, size=size)
            if k == 0 and starts:
                sheet.text(WIDTH - RIGHT, str(starts[at]), size=size, align="right")
            sheet.down(LEADING - 3)


def _bind(
    sheet: Volume, title: str, paper: DossierPaper, pages: int | str
) -> list[tuple[str, int, int]]:
    """A frame for each page, or one sheet that says why there is none."""
    frames = []
    for page in range(pages if isinstance(pages, int) else 1):
        sheet.turn()
        if page == 0:
            sheet.begins(1, title)
        head(sheet, title, f"{page + 1}／{pages}" if isinstance(pages, int) else "")
        if isinstance(pages, int):
            frames.append((paper.key, page, sheet.page - 1))
    if not isinstance(pages, int):
        hashed = [("SHA-256", paper.sha256)] if paper.sha256 else []
        report.write(sheet, {"text": pages, "rows": [("ファイル", paper.name), *hashed]})
    return frames


def head(sheet: Sheet, title: str, pages: str) -> None:
    """What the page is, above its frame."""
    sheet.y = HEIGHT - 32
    sheet.text(40, wrap(title, WIDTH - 160, 8)[0], size=8)
    sheet.text(WIDTH - 40, pages, size=8, align="right")
    sheet.y = HEIGHT - 80
