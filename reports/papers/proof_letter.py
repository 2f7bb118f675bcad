"""The letter with a code to a firm's address, or to one of its people there by registered post, and the
letter that tells a firm that nobody signs in for of a claim on it: a sheet a letter, its address in the
window of a long envelope (長形3号, the sheet folded in three).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from reportlab.lib.units import mm

from portal.firms.ports import PrintedLetter
from reports.papers.sheet import HEIGHT, LEADING, LEFT, RIGHT, WIDTH, Sheet, wrap

WINDOW_LEFT, WINDOW_TOP, WINDOW_WIDTH = 22 * mm, HEIGHT - 22 * mm, 80 * mm
BODY_TOP = HEIGHT - 105 * mm


def draw(letters: Sequence[PrintedLetter]) -> bytes:
    """The PDF of all letters, each on its own sheet."""
    sheet = Sheet("事業者の確認の手紙")
    for n, letter in enumerate(letters):
        if n:
            sheet.turn()
        _one(sheet, letter)
    return sheet.done()


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True)
class Words:
    """What a letter says: above and below its code, where it has one. `%s`: its last day."""

    title: str
    opening: str
    rows: tuple[str, ...]


OF_FIRM = Words(
    "事業者の確認の番号をお知らせします",
    "　さっぽろ事業支援ポータルで、この所在地の事業者として登録した方がいます。登録した方がこの事業者の方であることを確かめるため、次の番号をお送りします。",
    (
        "%sまでに、ポータルにログインし、「事業者の確認」のページでこの番号を入力してください。",
        f"ポータルの住所　{settings.SITE_URL}/",
        "番号を5回まちがえるか、期限を過ぎると、使えなくなります。そのときは、もう一度手紙を頼んでください。",
        "番号を、電話やメールでおたずねすることはありません。ほかの方に教えないでください。",
        "心当たりがないときは、番号を入力せずに、札幌市 経済観光局にご連絡ください。",
    ),
)
OF_FACTOR = Words(
    "本人を確かめる番号をお知らせします",
    "　さっぽろ事業支援ポータルで、上記の方がログインの二つ目の本人確認（認証アプリなど）をなくしたと、申し出がありました。申し出た方がご本人であることを確かめるため、次の番号をお送りします。",
    (
        "%sまでに、ご本人が、申し出た窓口に電話をかけ、この番号を読み上げてください。",
        "番号をうかがってから一日ほどで、新しい本人確認を設定できるようになります。メールでお知らせします。",
        "番号を5回まちがえるか、期限を過ぎると、使えなくなります。そのときは、もう一度窓口に頼んでください。",
        "札幌市から電話をかけて、番号をおたずねすることはありません。ほかの方に教えないでください。",
        "申し出た覚えがないときは、番号をだれにも伝えず、札幌市 経済観光局にご連絡ください。",
    ),
)
ASK = "お尋ねは、この手紙の番号（右上の第…号）を添えて、札幌市 経済観光局の担当へ、電話か窓口でお願いします。"
UNKNOWN = "心当たりがないとき、または違うと思うときは、{}、下の担当にご連絡ください。"
NOBODY = "この事業者には、ポータルで手続きする方がいまいないため、所在地あてにお送りしています。"
BY_SOMEBODY = Words(
    "事業者の手続きをする方が登録されました",
    f"　さっぽろ事業支援ポータルの、この事業者についての申し出を確かめ、申し出た方を、この事業者の手続きをする方として登録しました。これからは、その方がポータルで申請し、通知を受け取ります。{NOBODY}",
    (
        UNKNOWN.format("すぐに"),
        "ご自分もポータルで手続きするときは、登録された方に招待してもらってください。",
        ASK,
    ),
)
# about a claim on a firm that nobody signs in for, by what it tells
OF_CLAIM = {
    "made": Words(
        "事業者について申し出がありました",
        f"　さっぽろ事業支援ポータルに登録されているこの事業者について、ほかの方から、自分の事業者である、または引き継ぎたいという申し出がありました。担当が確かめて決めるまで、登録は変わりません。{NOBODY}",
        (
            "申し出に心当たりがあるときは、することはありません。結果を手紙でお知らせします。",
            UNKNOWN.format("届いてから早めに"),
            ASK,
        ),
    ),
    "proposed": Words(
        "事業者をほかの方に移す提案があります",
        f"　さっぽろ事業支援ポータルに登録されているこの事業者について、申し出を認め、ほかの方に移す提案があります。別の担当が確認するまで、登録は変わりません。{NOBODY}",
        (
            UNKNOWN.format("%sまでに"),
            ASK,
        ),
    ),
    "hand_over": BY_SOMEBODY,
    "add": BY_SOMEBODY,
    "refuse": Words(
        "事業者についての申し出は終わりました",
        f"　さっぽろ事業支援ポータルに登録されているこの事業者についての申し出は、認められずに終わりました。登録はそのままで、することはありません。{NOBODY}",
        (ASK,),
    ),
}


def _words(letter: PrintedLetter) -> Words:
    if letter.tells:
        return OF_CLAIM[letter.tells]
    return OF_FACTOR if letter.person else OF_FIRM


def _one(sheet: Sheet, letter: PrintedLetter) -> None:
    words = _words(letter)
    last_day = _day(letter.last_day) if letter.last_day else ""
    _window(sheet, letter)
    sheet.y = HEIGHT - 30 * mm
    for line in (f"第{letter.number}号", _day(letter.printed_on), "札幌市 経済観光局"):
        sheet.text(WIDTH - RIGHT, line, align="right", size=9.5)
        sheet.y -= 14
    sheet.y = BODY_TOP
    sheet.text(WIDTH / 2, words.title, size=14, align="center", bold=True)
    sheet.down(LEADING * 2)
    width = WIDTH - LEFT - RIGHT
    sheet.block(LEFT, width, words.opening)
    sheet.down(LEADING)
    if letter.code:
        sheet.text(WIDTH / 2, letter.code, size=26, align="center", bold=True, spaced=3)
        sheet.down(LEADING * 2.2)
    for n, row in enumerate(words.rows, 1):
        sheet.text(LEFT, str(n))
        sheet.block(LEFT + 7 * mm, width - 7 * mm, row.replace("%s", last_day))


def _window(sheet: Sheet, letter: PrintedLetter) -> None:
    sheet.y = WINDOW_TOP
    if letter.postal_code:
        sheet.text(WINDOW_LEFT, f"〒{letter.postal_code[:3]}-{letter.postal_code[3:]}", size=10)
        sheet.y -= 16
    to = (letter.name, f"{letter.person}　様") if letter.person else (f"{letter.name}　御中",)
    for text in (letter.address, *to):
        for line in wrap(text, WINDOW_WIDTH, 10):
            sheet.text(WINDOW_LEFT, line, size=10)
            sheet.y -= 14
        sheet.y -= 3
