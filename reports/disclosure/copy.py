"""The copy that is handed out: text is masked before it is drawn, so that the file never held it."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from reportlab.lib.units import mm

from portal.documents import apart, store
from portal.documents.kinds import PDF
from portal.documents.models import StoredFile
from reports.disclosure.grounds import GROUNDS
from reports.disclosure.masking import BLACK, Marked, masked
from reports.papers import report
from reports.papers.sheet import LEFT, RIGHT, WIDTH, Sheet

TITLE = "公文書の写し"
LIST = "別紙　公開しない部分とその理由"
ABOUT = (
    f"「{BLACK}」は公開しない部分です。その長さは、もとの文字の数を表しません。"
    "どの部分をなぜ公開しないかは、末尾の別紙にあります。"
    "ポータルに記録された文字の写しで、届いた書類のファイルは含みません。"
)


class Copy(Sheet):
    """Sheets with the number of the request and of the page at the foot; nothing else names it."""

    low = 30 * mm

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(f"{TITLE} {number}")

    def foot(self, page: int, pages: int) -> None:
        keep, self.y = self.y, 12 * mm
        self.text(LEFT, f"{self.number}　{TITLE}", size=8)
        self.text(WIDTH - RIGHT, f"{page}／{pages}", size=8, align="right")
        self.y = keep


def draw(number: str, cover: Sequence[tuple[str, str]], lines: Sequence[Marked]) -> bytes:
    """`cover`: (label, text). The same lines give the same bytes."""
    sheet = Copy(number)
    _title(sheet, TITLE)
    report.write(sheet, {"rows": cover, "after": ABOUT})
    label = ""
    for kind, text, spans in lines:
        told = masked(text, spans)
        match kind:
            case "part":
                sheet.turn()
                _title(sheet, told)
            case "heading":
                report.write(sheet, {"heading": told, "rows": []})
            case "label":
                label = told
            case _:
                report.write(sheet, {"rows": [(label, told)]})
                label = ""
    sheet.turn()
    _title(sheet, LIST)
    rows = [(where, f"{times}か所　{why}") for where, times, why in withheld(lines)]
    report.write(sheet, {"rows": rows or [("なし", "すべて公開します。")]})
    return sheet.done()


def _title(sheet: Sheet, text: str) -> None:
    sheet.text(LEFT, text, size=15, bold=True)
    sheet.down(24)


def withheld(lines: Iterable[Marked]) -> Iterable[tuple[str, int, str]]:
    """(where, how often, what kind and why) of each line of which something is withheld, without
    what is.
    """
    reasons = {key: f"{name}。{why}" for key, name, why in GROUNDS}
    part = heading = label = ""
    for kind, text, spans in lines:
        told = masked(text, spans)
        match kind:
            case "part":
                part, heading, label = told, "", ""
            case "heading":
                heading, label = told, ""
            case "label":
                label = told
        where = "／".join(piece for piece in (part, heading, label) if piece)
        for key in dict.fromkeys(ground for _start, _end, ground in spans):
            times = sum(ground == key for _start, _end, ground in spans)
            yield where, times, reasons[key]


def kept(data: bytes) -> StoredFile:
    with tempfile.TemporaryDirectory(prefix=apart.PREFIX) as folder:
        path = Path(folder) / "copy"
        path.write_bytes(data)
        return store.put_made(path, PDF, prefix="disclosures")
