"""A notice on paper: A4, the city's order of parts, every word taken from the frozen facts."""

import io
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import qrcode
from django.conf import settings
from PIL import Image
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from reports.papers import fonts

rl_config.useA85 = 0  # streams stay binary: smaller and quicker
WIDTH, HEIGHT = A4
LEFT = RIGHT = 25 * mm
TOP, FOOT = HEIGHT - 30 * mm, 46 * mm
SIZE, LEADING = 10.5, 19.5
_NO_START = "、。，．）」』】々ー・？！：；"


def wrap(text: str, width: float, size: float = SIZE) -> list[str]:
    """Lines that fit `width` points; no line begins with a sign that may not stand there; ASCII words stay whole."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, taken = "", 0.0
        for piece in _pieces(paragraph):
            long = fonts.width(piece, size)
            if line and taken + long > width and piece not in _NO_START:
                lines.append(line)
                line, taken = "", 0.0
                piece = piece.lstrip(" ")
            if long > width:
                *whole, piece = _cut(line + piece, width, size)
                lines += whole
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


def _pieces(text: str) -> list[str]:
    """Single letters, but runs of ASCII letters and digits (with commas) as one piece."""
    pieces: list[str] = []
    for sign in text:
        if pieces and sign.isascii() and sign != " " and pieces[-1][-1:].isascii() and pieces[-1][-1:] != " ":
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


class Numbered(Canvas):  # type: ignore[misc]
    """A canvas that draws every page's foot at the end, when the number of pages is known."""

    def __init__(self, *args: Any, foot: Callable[[int, int], None], **options: Any) -> None:
        super().__init__(*args, **options)
        self._foot, self._kept = foot, []

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


class Paper:
    """A canvas with a pen that moves down and turns the page in time."""

    def __init__(self, notice: Any) -> None:
        fonts.register()
        self.notice, self.facts = notice, notice.facts
        self.out = io.BytesIO()
        self.canvas = Numbered(
            self.out, pagesize=A4, initialFontName=fonts.NAME, pageCompression=1, invariant=1, foot=self.foot
        )
        self.canvas.setTitle(fonts.check(f"{self.facts['title']} {notice.number}"))
        self.canvas.setAuthor("札幌市")
        self.y = TOP

    def text(
        self, x: float, line: str, *, size: float = SIZE, align: str = "left", bold: bool = False, spaced: float = 0
    ) -> None:
        drawn = fonts.check(line)
        width = fonts.width(drawn, size) + spaced * max(len(drawn) - 1, 0)
        start = {"left": x, "right": x - width, "center": x - width / 2}[align]
        pen = self.canvas.beginText(start, self.y)
        pen.setFont(fonts.NAME, size)
        pen.setCharSpace(spaced)
        pen.setTextRenderMode(2 if bold else 0)
        self.canvas.setLineWidth(0.35)
        pen.textOut(drawn)
        pen.setTextRenderMode(0)
        self.canvas.drawText(pen)

    def down(self, leading: float = LEADING) -> None:
        self.y -= leading
        if self.y < FOOT:
            self.turn()

    def turn(self) -> None:
        self.canvas.showPage()
        self.y = TOP

    def block(
        self, x: float, width: float, text: str, *, size: float = SIZE, leading: float = LEADING, bold: bool = False
    ) -> None:
        for line in wrap(text, width, size):
            self.text(x, line, size=size, bold=bold)
            self.down(leading)

    def foot(self, page: int, pages: int) -> None:
        """QR code, verification code, office, page n／m; drawn on every page."""
        canvas, keep = self.canvas, self.y
        canvas.setLineWidth(0.5)
        canvas.line(LEFT, 41 * mm, WIDTH - RIGHT, 41 * mm)
        self._qr(LEFT, 21 * mm, 18 * mm)
        rows = [
            "この通知書が本物かどうかは、次の番号で確かめられます。",
            f"確認番号　{self.notice.code}　　{settings.SITE_URL}/verify/",
            f"担当　{self.facts.get('office', '')}　電話 {self.facts.get('phone', '')}",
        ]
        for n, row in enumerate(rows):
            self.y = 36 * mm - n * 13
            self.text(LEFT + 22 * mm, row, size=8.5)
        self.y = 24 * mm
        self.text(WIDTH - RIGHT, f"{page}／{pages}", size=8.5, align="right")
        self.y = keep

    def _qr(self, x: float, y: float, side: float) -> None:
        image = _qr_image(f"{settings.SITE_URL}/verify/{self.notice.code}/")
        self.canvas.drawImage(image, x, y, side, side)

    def done(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.out.getvalue()


@lru_cache(maxsize=64)
def _qr_image(text: str) -> ImageReader:
    """A QR code, one pixel a cell; a fixed mask is as readable as the best one and eight times faster."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=0)
    code.add_data(text)
    rows = code.get_matrix()
    image = Image.new("L", (len(rows), len(rows)))
    image.putdata([0 if dark else 255 for cells in rows for dark in cells])
    return ImageReader(image.resize((len(rows) * 4, len(rows) * 4), Image.Resampling.NEAREST))  # crisp when smoothed


def draw(notice: Any) -> bytes:
    """The PDF of a notice. Raises fonts.MissingGlyph for a letter that cannot be drawn."""
    paper = Paper(notice)
    facts = paper.facts
    right = WIDTH - RIGHT
    paper.text(right, facts["number"], align="right")
    paper.down()
    paper.text(right, facts["date"], align="right")
    paper.down(LEADING * 2)
    for line in facts["to"]:
        for row in wrap(line, WIDTH - LEFT - RIGHT):
            paper.text(LEFT, row)
            paper.down()
    paper.down(LEADING * 0.5)
    paper.text(right - 19 * mm, facts["from"], align="right")
    paper.down()
    paper.text(right - 19 * mm, "（公印省略）", align="right", size=9)
    paper.down(LEADING * 1.8)
    paper.text(WIDTH / 2, facts["title"], size=14, align="center", bold=True, spaced=2.8)
    paper.down(LEADING * 1.8)
    paper.block(LEFT, WIDTH - LEFT - RIGHT, f"　{facts['body']}")
    paper.down(LEADING * 0.4)
    paper.text(WIDTH / 2, "記", align="center")
    paper.down(LEADING * 1.4)
    _items(paper, facts["items"])
    _files(paper, facts.get("files") or [])
    if facts.get("small"):
        paper.down(6)
        paper.block(LEFT, WIDTH - LEFT - RIGHT, facts["small"], size=9.5, leading=16)
    paper.text(right, "以上", align="right")
    if facts.get("annex"):
        _annex(paper, facts["annex"])
    return paper.done()


def _items(paper: Paper, items: list[list[str]]) -> None:
    """Numbered items in three columns: number, name, text."""
    label_x, text_x = LEFT + 1.8 * SIZE, LEFT + 12.3 * SIZE
    for n, (label, text) in enumerate(items, 1):
        labels, rows = wrap(label, 9.8 * SIZE), wrap(text, WIDTH - RIGHT - text_x)
        for k in range(max(len(labels), len(rows))):
            if k == 0:
                paper.text(LEFT, str(n))
            if k < len(labels):
                paper.text(label_x, labels[k])
            if k < len(rows):
                paper.text(text_x, rows[k], bold=rows[k].startswith("金　"))
            paper.down()


def _files(paper: Paper, files: list[list[Any]]) -> None:
    """The list of a receipt: each file with its size and SHA-256."""
    if not files:
        return
    paper.down(4)
    paper.text(LEFT, f"届いた書類（{len(files)}点）", bold=True)
    paper.down()
    for n, (name, size, digest) in enumerate(files, 1):
        paper.block(LEFT, WIDTH - LEFT - RIGHT, f"{n}　{name}（{size:,}バイト）", size=9.5, leading=14)
        paper.text(LEFT + 14, f"SHA-256 {digest}", size=7.5)
        paper.down(16)


def _annex(paper: Paper, rows: list[str]) -> None:
    paper.turn()
    paper.text(LEFT, "別紙")
    paper.down(LEADING * 1.5)
    paper.text(WIDTH / 2, "交付の条件", size=12, align="center", bold=True, spaced=2)
    paper.down(LEADING * 1.6)
    for n, row in enumerate(rows, 1):
        lines = wrap(row, WIDTH - LEFT - RIGHT - 2 * SIZE)
        for k, line in enumerate(lines):
            if k == 0:
                paper.text(LEFT, str(n))
            paper.text(LEFT + 2 * SIZE, line)
            paper.down()
