"""The letter that answers a request about one's own data (個人情報の保護に関する法律 82条, 93条, 101条)."""

from portal import clock, fiscal
from portal.notices import letterheads
from portal.privacy.models import DataRequest
from portal.registry.codes import SAPPORO
from reports.papers.sheet import HEIGHT, LEADING, LEFT, RIGHT, WIDTH, Sheet

SAID = {
    "whole": "請求のとおり{what}することに決定しました。",
    "part": "請求の一部について{what}することに決定しました。",
    "none": "{what}しないことに決定しました。",
}
WHAT = {"disclose": "開示", "correct": "訂正", "stop": "利用を停止"}
TITLES = {
    "disclose": "保有個人情報の開示請求についての決定通知書",
    "correct": "保有個人情報の訂正請求についての決定通知書",
    "stop": "保有個人情報の利用停止請求についての決定通知書",
}

# 行政不服審査法 18条, 82条; 行政事件訴訟法 11条, 14条, 46条
REMEDY = (
    "1　この決定に不服があるときは、この決定があったことを知った日の翌日から起算して3か月以内に、"
    "札幌市長に対して審査請求をすることができます"
    "（決定の日の翌日から起算して1年を経過したときは、できません。）。",
    "2　この決定の取消しの訴えは、この決定があったことを知った日の翌日から起算して6か月以内に、"
    "札幌市を被告として（札幌市を代表する者は、札幌市長となります。）提起することができます"
    "（決定の日の翌日から起算して1年を経過したときは、できません。）。"
    "審査請求をしたときは、その裁決があったことを知った日の翌日から起算して6か月以内に提起することができます"
    "（裁決の日の翌日から起算して1年を経過したときは、できません。）。",
)


def draw(request: DataRequest) -> bytes:
    """One sheet, or more where the reason is long."""
    sheet = Sheet(TITLES[request.kind])
    sheet.y = HEIGHT - 62
    day = request.decided_on
    for line in (request.number, fiscal.era(day) if day else ""):
        sheet.text(WIDTH - RIGHT, line, align="right")
        sheet.down()
    sheet.text(LEFT, f"{request.name}　様")
    sheet.down(LEADING * 1.5)
    sheet.text(WIDTH - RIGHT, _signed(request), align="right")
    sheet.down(LEADING * 2)
    sheet.text(WIDTH / 2, TITLES[request.kind], size=14, align="center", bold=True)
    sheet.down(LEADING * 2)
    width = WIDTH - LEFT - RIGHT
    said = SAID[request.outcome].format(what=WHAT[request.kind])
    sheet.block(
        LEFT,
        width,
        f"　{fiscal.era(request.received_on)}に受け付けた請求について、個人情報の保護に関する法律に基づき、{said}",
    )
    for head, text in (
        ("請求の対象", request.about),
        ("求められたこと", request.wanted),
        ("理由", request.reason),
    ):
        if text:
            sheet.down()
            sheet.text(LEFT, head, bold=True)
            sheet.down()
            for line in text.splitlines():
                sheet.block(LEFT, width, line)
    if request.outcome != "whole":
        _remedy(sheet, width)
    return sheet.done()


def _signed(request: DataRequest) -> str:
    """Whoever held the office on the day of the decision."""
    day = request.decided_on or clock.today()
    return letterheads.holding([SAPPORO], day)[SAPPORO].signed


def _remedy(sheet: Sheet, width: float) -> None:
    sheet.down()
    sheet.text(LEFT, "教示", bold=True, size=9.5)
    sheet.down(16)
    for line in REMEDY:
        sheet.block(LEFT, width, line, size=9.5, leading=15)
