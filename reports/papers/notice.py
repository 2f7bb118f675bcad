"""A notice on paper: A4, the city's order of parts, every word taken from the frozen facts."""

import re
from functools import lru_cache
from math import ceil

import qrcode
from django.conf import settings
from PIL import Image
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader

from portal.notices.issue import Unissued
from portal.notices.models import Notice
from portal.types import Given
from reports.papers.ruled import table
from reports.papers.sheet import HEIGHT, LEADING, LEFT, RIGHT, SIZE, WIDTH, Sheet, wrap

# the QR code at the foot: its left and lower edge and its side, in points
QR_LEFT, QR_LOW, QR_SIDE = LEFT, 21 * mm, 18 * mm
# left, top, width and height of it with a little around, in thousandths of the page
_AROUND = 2 * mm
REMEDY_SIZE, REMEDY_LEADING = 9.5, 15
CLOSE = 16.0
SHORT = 6  # lines of an item that stay on one page; a longer one may go on on the next
# lines of a reckoning: what, and yen; these stand below one another, their end so far from the left
SUM = re.compile(r"(.+)　(▲?[\d,]+円)")
SUMS_END = 26 * SIZE
PICTURE = (
    int((QR_LEFT - _AROUND) * 1_000 / WIDTH),
    int((HEIGHT - QR_LOW - QR_SIDE - _AROUND) * 1_000 / HEIGHT),
    ceil((QR_SIDE + 2 * _AROUND) * 1_000 / WIDTH) + 1,
    ceil((QR_SIDE + 2 * _AROUND) * 1_000 / HEIGHT) + 1,
)


class Paper(Sheet):
    """The sheets of one notice, with the code by which it can be verified at the foot of each."""

    def __init__(self, notice: Notice | Unissued, leading: float) -> None:
        self.notice, self.facts = notice, notice.facts
        super().__init__(f"{self.facts['title']} {notice.number}", leading=leading)
        self.canvas.setAuthor(self.facts["from"].replace("\n", "、"))

    @property
    def is_one_page(self) -> bool:
        return bool(self.canvas.getPageNumber() == 1)

    def foot(self, page: int, pages: int) -> None:
        """QR code, verification code, office, page n／m; drawn on every page."""
        canvas, keep = self.canvas, self.y
        canvas.setLineWidth(0.5)
        canvas.line(LEFT, 41 * mm, WIDTH - RIGHT, 41 * mm)
        office = f"担当　{self.facts.get('office', '')}　電話 {self.facts.get('phone', '')}"
        if isinstance(self.notice, Unissued):
            self._mark(self.notice.mark)
            rows = [self.notice.warns, "", office]
        else:
            self._qr(QR_LEFT, QR_LOW, QR_SIDE)
            rows = [
                "この通知書が本物かどうかは、次の番号で確かめられます。",
                f"確認番号　{self.notice.code}　　{settings.SITE_URL}/verify/",
                office,
            ]
        for n, row in enumerate(rows):
            self.y = 36 * mm - n * 13
            self.text(LEFT + 22 * mm, row, size=8.5)
        self.y = 24 * mm
        self.text(WIDTH - RIGHT, f"{page}／{pages}", size=8.5, align="right")
        self.y = keep

    def _mark(self, mark: str) -> None:
        """In a box of its own: what this is, which is no notice."""
        self.canvas.rect(LEFT, 27 * mm, 18 * mm, 12 * mm)
        self.y = 31 * mm
        self.text(LEFT + 9 * mm, mark, size=18, align="center", bold=True)

    def _qr(self, x: float, y: float, side: float) -> None:
        image = _qr_image(f"{settings.SITE_URL}/verify/{self.notice.code}/")
        self.canvas.drawImage(image, x, y, side, side)


@lru_cache(maxsize=64)
def _qr_image(text: str) -> ImageReader:
    """A QR code, one pixel a cell; a fixed mask is as readable as the best one and eight times
    faster.
    """
    code = qrcode.QRCode(
        border=0, error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=0
    )
    code.add_data(text)
    rows = code.get_matrix()
    image = Image.new("L", (len(rows), len(rows)))
    image.putdata([0 if dark else 255 for cells in rows for dark in cells])
    return ImageReader(
        image.resize((len(rows) * 4, len(rows) * 4), Image.Resampling.NEAREST)
    )  # crisp when smoothed


def draw(notice: Notice | Unissued) -> bytes:
    """The PDF of a notice. A letter a little too long for one page is written closer, if it then fits."""
    wide = _letter(notice, LEADING)
    if wide.is_one_page:
        return _annexes(wide)
    close = _letter(notice, CLOSE)
    return _annexes(close if close.is_one_page else wide)


def _letter(notice: Notice | Unissued, leading: float) -> Paper:
    """The letter itself, without what goes with it."""
    paper = Paper(notice, leading)
    facts = paper.facts
    right = WIDTH - RIGHT
    if facts.get("form"):
        paper.text(LEFT, facts["form"])
    paper.text(right, facts["number"], align="right")
    paper.down()
    paper.text(right, facts["date"], align="right")
    paper.down(leading * 2)
    for line in facts["to"]:
        for row in wrap(line, WIDTH - LEFT - RIGHT):
            paper.text(LEFT, row)
            paper.down()
    paper.down(leading * 0.5)
    for line in facts["from"].splitlines():
        paper.text(right - 19 * mm, line, align="right")
        paper.down()
    paper.text(right - 19 * mm, "（公印省略）", align="right", size=9)
    paper.down(leading * 1.8)
    paper.text(WIDTH / 2, facts["title"], size=14, align="center", bold=True, spaced=2.8)
    paper.down(leading * 1.8 if not facts.get("subject") else leading * 1.2)
    _subject(paper, facts.get("subject", ""))
    paper.block(LEFT, WIDTH - LEFT - RIGHT, f"　{facts['body']}")
    paper.down(leading * 0.4)
    paper.text(WIDTH / 2, "記", align="center")
    paper.down(leading * 1.4)
    _items(paper, facts["items"])
    _files(paper, facts.get("files") or [])
    if facts.get("small"):
        paper.down(6)
        paper.block(LEFT, WIDTH - LEFT - RIGHT, facts["small"], size=9.5, leading=16)
    paper.text(right, "以上", align="right")
    _remedy(paper, facts.get("remedy") or [])
    return paper


def _annexes(paper: Paper) -> bytes:
    facts = paper.facts
    both = bool(facts.get("annex") and facts.get("table"))
    if facts.get("annex"):
        _heading(paper, "別紙1" if both else "別紙", facts.get("annex_title", "交付の条件"))
        parties = _parties(facts)
        _annex(paper, facts["annex"], below=sum(len(lines) + 1 for _name, lines in parties))
        _signed(paper, parties)
    if facts.get("table"):
        _heading(paper, "別紙2" if both else "別紙", facts["table"]["title"])
        table(paper, facts["table"])
    return paper.done()


def _subject(paper: Paper, subject: str) -> None:
    """What the letter is about, below its title and in the middle."""
    if not subject:
        return
    for row in wrap(subject, WIDTH - LEFT - RIGHT):
        paper.text(WIDTH / 2, row, align="center")
        paper.down()
    paper.down(paper.leading * 0.6)


def _remedy(paper: Paper, remedy: list[str]) -> None:
    """教示, or why there is none: kept together below the end."""
    if not remedy:
        return
    heading, text = remedy
    width = WIDTH - LEFT - RIGHT
    paper.down(paper.leading)
    paper.room(REMEDY_LEADING * len(wrap(text, width, REMEDY_SIZE)))
    paper.text(LEFT, heading, size=REMEDY_SIZE, bold=True)
    for row in wrap(text, width, REMEDY_SIZE):  # nothing follows: the pen stays below the last one
        paper.down(REMEDY_LEADING)
        paper.text(LEFT, row, size=REMEDY_SIZE)


def _items(paper: Paper, items: list[list[str]]) -> None:
    """Numbered items in three columns: number, name, text."""
    label_x, text_x = LEFT + 1.8 * SIZE, LEFT + 12.3 * SIZE
    for n, (label, text) in enumerate(items, 1):
        labels, rows = wrap(label, 9.8 * SIZE), wrap(text, WIDTH - RIGHT - text_x)
        sums = [SUM.fullmatch(row) for row in rows] if len(rows) > 1 else []
        if (lines := max(len(labels), len(rows))) <= SHORT:
            paper.together(lines)
        for k in range(lines):
            if k == 0:
                paper.text(LEFT, str(n))
            if k < len(labels):
                paper.text(label_x, labels[k])
            if all(sums) and k < len(sums) and (found := sums[k]):
                paper.text(text_x, found[1])
                paper.text(text_x + SUMS_END, found[2], align="right")
            elif k < len(rows):
                paper.text(text_x, rows[k], bold=rows[k].startswith("金　"))
            paper.down()


def _files(paper: Paper, files: list[tuple[str, int, str]]) -> None:
    """The list of a receipt: each file with its size and SHA-256."""
    if not files:
        return
    paper.down(4)
    paper.text(LEFT, f"届いた書類（{len(files)}点）", bold=True)
    paper.down()
    for n, (name, size, digest) in enumerate(files, 1):
        paper.block(
            LEFT, WIDTH - LEFT - RIGHT, f"{n}　{name}（{size:,}バイト）", size=9.5, leading=14
        )
        paper.text(LEFT + 14, f"SHA-256 {digest}", size=7.5)
        paper.down(16)


def _heading(paper: Paper, name: str, title: str) -> None:
    """Begin a sheet that goes with the letter."""
    paper.turn()
    paper.text(LEFT, name)
    paper.down(LEADING * 1.5)
    paper.text(WIDTH / 2, title, size=12, align="center", bold=True, spaced=2)
    paper.down(LEADING * 1.6)


def _parties(facts: Given) -> list[tuple[str, list[str]]]:
    """甲 as it signs, and 乙, of an agreement; of what one side decides nobody."""
    if not facts.get("other_party"):
        return []
    return [("甲", facts["from"].splitlines()), ("乙", facts["other_party"])]


def _signed(paper: Paper, parties: list[tuple[str, list[str]]]) -> None:
    """Who agreed, below the articles, with the day."""
    if not parties:
        return
    paper.together(sum(len(lines) + 1 for _name, lines in parties))
    paper.down()
    paper.text(LEFT, paper.facts["date"])
    paper.down()
    for name, lines in parties:
        paper.down(paper.leading * 0.5)
        for k, line in enumerate(lines):
            if k == 0:
                paper.text(LEFT + 12 * SIZE, name)
            paper.text(LEFT + 15 * SIZE, line)
            paper.down()


def _annex(paper: Paper, rows: list[str], *, below: int = 0) -> None:
    """Numbered sentences, each whole on its page; written closer, if all then fit on this one, with as
    many lines `below`.
    """
    wrapped = [wrap(row, WIDTH - LEFT - RIGHT - 2 * SIZE) for row in rows]
    lines, space = sum(map(len, wrapped)) - 1, paper.y - paper.low - below * paper.leading
    leading = CLOSE if lines * CLOSE <= space < lines * paper.leading else paper.leading
    for n, part in enumerate(wrapped, 1):
        paper.together(len(part), leading)
        for k, line in enumerate(part):
            if k == 0:
                paper.text(LEFT, str(n))
            paper.text(LEFT + 2 * SIZE, line)
            paper.down(leading)
