"""The letter that answers a request about one's own data (個人情報の保護に関する法律 82条, 93条, 101条)."""

from portal import fiscal
from portal.privacy.models import DataRequest
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


def draw(request: DataRequest) -> bytes:
    """One sheet, or more where the reason is long."""
    sheet = Sheet(TITLES[request.kind])
    sheet.y = HEIGHT - 62
    day = request.decided_on
    for line in (request.number, fiscal.era(day) if day else "", "札幌市 経済観光局"):
        sheet.text(WIDTH - RIGHT, line, align="right", size=9.5)
        sheet.y -= 14
    sheet.down()
    sheet.text(LEFT, f"{request.name}　様")
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
    return sheet.done()
