"""The copy that is handed out: text is masked before it is drawn, so that the file never held it."""

from collections.abc import Iterable, Sequence

from reportlab.lib.units import mm

from reports.disclosure.masking import BLACK, Marked, masked
from reports.disclosure.sheets import Enclosed, boxes_of
from reports.dossiers.volume import Drawn, head
from reports.papers import report
from reports.papers.sheet import LEFT, RIGHT, WIDTH, Sheet

TITLE = "公文書の写し"
LIST = "別紙　公開しない部分とその理由"
ABSENT = "この写しに含まないものとその理由"
ABOUT = (
    f"「{BLACK}」は公開しない部分です。その長さは、もとの文字の数を表しません。"
    "どの部分をなぜ公開しないかは、末尾の別紙にあります。"
    "ポータルに記録された文字の写しに、書類と通知書のページの画像を続けて綴じています。"
    "画像の黒い四角も、公開しない部分です。"
)


class Copy(Sheet):
    """Sheets with the number of the request and of the page at the foot; nothing else names it."""

    low = 30 * mm

    def __init__(self, number: str) -> None:
        self.number, self.page = number, 1
        super().__init__(f"{TITLE} {number}")

    def turn(self) -> None:
        self.page += 1
        super().turn()

    def foot(self, page: int, pages: int) -> None:
        keep, self.y = self.y, 12 * mm
        self.text(LEFT, f"{self.number}　{TITLE}", size=8)
        self.text(WIDTH - RIGHT, f"{page}／{pages}", size=8, align="right")
        self.y = keep


def draw(
    number: str,
    cover: Sequence[tuple[str, str]],
    lines: Sequence[Marked],
    files: Sequence[Enclosed] = (),
    absent: Sequence[tuple[str, str]] = (),
    listed: Sequence[tuple[str, int, str]] = (),
) -> Drawn:
    """`cover`: (label, text); `listed`: what is withheld in it, as `withheld` and
    `covered` find it; `absent`: what of the case is not in it, and why. A frame, named by the
    key of its file, stands for each page of `files`. The same values give the same bytes.
    """
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
    frames = [frame for file in files for frame in _frames(sheet, file)]
    sheet.turn()
    _title(sheet, LIST)
    rows = [(where, f"{times}か所　{why}") for where, times, why in listed]
    report.write(sheet, {"rows": rows or [("なし", "写しに含むものは、すべて公開します。")]})
    if absent:
        report.write(sheet, {"heading": ABSENT, "rows": absent})
    return Drawn(sheet.done(), frames)


def _frames(sheet: Copy, file: Enclosed) -> Iterable[tuple[str, int, int]]:
    pages = file["sheets"] or []
    for page in range(len(pages)):
        sheet.turn()
        head(sheet, file["label"], f"{page + 1}／{len(pages)}")
        yield file["key"], page, sheet.page - 1


def page_of(file: Enclosed, page: int) -> str:
    """How the copy names a page of a file, from 0."""
    return f"{file['label']}／{page + 1}ページ"


def covered(files: Iterable[Enclosed]) -> Iterable[tuple[str, int, str]]:
    """The same as `withheld` of each page of files on which something is covered."""
    for file in files:
        for n, page in enumerate(file["sheets"] or []):
            yield from _counted(page_of(file, n), [box.ground for box in boxes_of(page["boxes"])])


def _counted(where: str, found: Sequence[str]) -> Iterable[tuple[str, int, str]]:
    for code in dict.fromkeys(found):
        yield where, found.count(code), code


def _title(sheet: Sheet, text: str) -> None:
    sheet.text(LEFT, text, size=15, bold=True)
    sheet.down(24)


def withheld(lines: Iterable[Marked]) -> Iterable[tuple[str, int, str]]:
    """(where, how often, the code of its ground) of each line of which something is withheld, without
    what is.
    """
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
        yield from _counted(where, [ground for _start, _end, ground in spans])
