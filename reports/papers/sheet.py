"""A4 sheets and a pen: lines that break as Japanese does,
pages that turn in time and know how many they are.
"""

import io
import unicodedata
from collections.abc import Callable

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from reports.papers import fonts

rl_config.useA85 = 0  # streams stay binary: smaller and quicker
WIDTH, HEIGHT = A4
LEFT = RIGHT = 25 * mm
TOP, FOOT = HEIGHT - 30 * mm, 46 * mm
SIZE, LEADING = 10.5, 19.5
_NO_START = "、。，．）」』】々ー・？！：；"
_NO_END = "（「『【〔〈《"


def wrap(text: str, width: float, size: float = SIZE) -> list[str]:
    """Lines that fit `width` points; no line begins or ends with a sign that may not stand there;
    ASCII words stay whole.
    """
    lines: list[str] = []
    for paragraph in fonts.drawable(text).split("\n"):
        line, taken = "", 0.0
        for piece in _pieces(paragraph):
            long = fonts.width(piece, size)
            if line and taken + long > width and piece not in _NO_START:
                whole = line.rstrip(_NO_END) or line
                lines.append(whole)
                line = line[len(whole) :]
                taken = fonts.width(line, size)
                piece = piece.lstrip(" ")
            if long > width:
                *full, piece = _cut(line + piece, width, size)
                lines += full
                line, taken = "", 0.0
            line, taken = line + piece, taken + fonts.width(piece, size)
        lines.append(line)
    return lines


def _cut(text: str, width: float, size: float) -> list[str]:
    """A word longer than a line, cut where the line ends."""
    rows = [""]
    for sign in text:
        if fonts.width(rows[-1] + sign, size) > width:
            rows.append("")
        rows[-1] += sign
    return rows


def _stays_whole(sign: str) -> bool:
    """True for what makes up words and numbers of alphabets: ASCII, and letters such as Ł or Ж."""
    return (sign.isascii() and sign != " ") or (
        sign.isalpha() and unicodedata.east_asian_width(sign) not in "WFH"
    )


def _pieces(text: str) -> list[str]:
    """Single letters, but words of alphabets and numbers (with commas) as one piece."""
    pieces: list[str] = []
    for sign in text:
        if pieces and _stays_whole(sign) and _stays_whole(pieces[-1][-1]):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


class Numbered(Canvas):  # type: ignore[misc]
    """A canvas that draws every page's foot at the end, when the number of pages is known."""

    def __init__(self, *args: object, foot: Callable[[int, int], None], **options: object) -> None:
        super().__init__(*args, **options)
        self._foot = foot
        self._kept: list[dict[str, object]] = []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        kept = self._kept
        for n, state in enumerate(kept, 1):
            self.__dict__.update(state)
            self._foot(n, len(kept))
            super().showPage()
        super().save()


class Sheet:
    """A canvas with a pen that moves down and turns the page in time.

    Subclasses draw the foot of each page.
    """

    low = FOOT

    def __init__(self, title: str, *, leading: float = LEADING) -> None:
        fonts.register()
        self.leading = leading
        self.out = io.BytesIO()
        self.canvas = Numbered(
            self.out,
            pagesize=A4,
            initialFontName=fonts.NAME,
            pageCompression=1,
            invariant=1,
            foot=self.foot,
        )
        self.canvas.setTitle(title)
        self.canvas.setAuthor("札幌市")
        self.y = TOP

    def foot(self, page: int, pages: int) -> None:
        """Drawn on every page at the end."""

    def text(
        self,
        x: float,
        line: str,
        *,
        size: float = SIZE,
        align: str = "left",
        bold: bool = False,
        spaced: float = 0,
    ) -> None:
        drawn = fonts.drawable(line.replace("\n", " "))
        width = fonts.width(drawn, size) + spaced * max(len(drawn) - 1, 0)
        start = {"left": x, "right": x - width, "center": x - width / 2}[align]
        pen = self.canvas.beginText(start, self.y)
        pen.setCharSpace(spaced)
        pen.setTextRenderMode(2 if bold else 0)
        self.canvas.setLineWidth(0.35)
        for typeface, letters in fonts.runs(drawn):
            pen.setFont(typeface, size)
            pen.textOut(letters)
        pen.setTextRenderMode(0)
        self.canvas.drawText(pen)

    def down(self, leading: float | None = None) -> None:
        self.y -= self.leading if leading is None else leading
        if self.y < self.low:
            self.turn()

    def room(self, points: float) -> None:
        """Turn the page unless `points` are left on this one."""
        if self.y - points < self.low:
            self.turn()

    def together(self, lines: int, leading: float | None = None) -> None:
        """Turn the page where so many lines would be torn apart by its end, though they fit on one."""
        points = (lines - 1) * (self.leading if leading is None else leading)
        if TOP - points >= self.low:
            self.room(points)

    def turn(self) -> None:
        self.canvas.showPage()
        self.y = TOP

    def block(
        self,
        x: float,
        width: float,
        text: str,
        *,
        size: float = SIZE,
        leading: float | None = None,
        bold: bool = False,
    ) -> None:
        for line in wrap(text, width, size):
            self.text(x, line, size=size, bold=bold)
            self.down(leading)

    def done(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.out.getvalue()
