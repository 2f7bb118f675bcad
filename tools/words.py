"""The word list: one spelling and one word for each thing in the portal's Japanese. `words.py` reads every
message of code and templates and every Japanese text of the programme files, and names what is not so.

Public writing follows 「公用文作成の考え方」 (文化審議会, 2022) and 「公用文における漢字使用等について」 (2010) but where a
shop owner reads more easily otherwise; then the row says the portal's own choice.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.messages import found  # noqa: E402

# texts of the law, quoted as they stand
QUOTED = ("事務又は事業", "又は個人の権利利益", "器具及び備品", "販売費及び一般管理費")


@dataclass(frozen=True)
class Word:
    """What is not written (a pattern), and what is written instead."""

    refused: str
    written: str


SPELLING = [
    Word("下さい", "ください"),
    Word("出来る|出来ま", "できる"),
    Word("致しま", "いたします"),
    Word("御(?=覧|連絡|相談|確認|案内|用意)", "ご"),
    Word("ごらん", "ご覧"),
    Word("全て", "すべて"),
    Word("又は", "または"),
    Word("及び(?![まう])", "と、および"),
    Word("(?<!分)わか(?=[るらりれっ])", "分かる"),
    Word("いっしょ", "一緒"),
    Word("予め", "あらかじめ"),
    Word("例えば", "たとえば"),
    Word("既に", "すでに"),
    Word("(?<!変)更に", "さらに"),
    Word("[ヶヵカ]月", "か月"),
    Word("手続(?=[をはがの、。])", "手続き"),
    Word("問合せ|問合わせ", "問い合わせ"),
    Word("申込(?=[をはがの、。])", "申込み"),
    Word("振込み|振り込み(?!ま|直)", "振込"),
    Word("見積(?=[のがはをで、。）])", "見積り"),
    Word("見積り書", "見積書"),
    Word("取り消し(?=[をはがの。])", "取消し"),
    Word("繰り越し(?=[をはがの。])", "繰越し"),
    Word("事故繰越(?!し)", "事故繰越し"),
    Word("差戻しま|差戻す|取下げま(?!で)|取下げる", "差し戻す、取り下げる"),
    Word("引継ぎま|引継い", "引き継ぐ"),
    Word("締切り", "締切"),
    Word("WEB|ＷＥＢ|(?<![A-Za-z])web", "ウェブ"),
    Word("Eメール|e-mail|E-mail", "メール"),
    Word("ユーザ|サインイン", "利用者、ログイン"),
    Word("サーバ(?!ー)|フォルダ(?!ー)", "サーバー、フォルダー"),
    Word("みなさま|皆様", "みなさん"),
]
MEANING = [
    Word("うそや間違い", "虚偽や誤り"),
    Word("返還のお願い", "返還命令"),
    Word("予算の異動|異動の帳簿", "予算の増減、予算差引簿"),
    Word("まだ来ていない日", "今日より後の日"),
    Word("予算の線|採択の線", "予算の範囲の境目、採択の境界"),
    Word("代理人の机|一つの机", "代理人のページ、1つの画面"),
    Word("組になる職務", "兼ねられない職務"),
    Word("気づき", "確認が必要な点"),
    Word("いまの手ごたえ", "進捗の評価"),
    Word("めざす値", "目標値"),
    Word("この役で入る", "この役割でログイン"),
    Word("(?<!の)市の番|申請者の番", "市が対応中、申請者の対応待ち"),
    Word("会社の大きさ", "企業の規模"),
    Word("道のり", "道すじ"),
    Word("できごと", "出来事"),
    Word("種のハッシュ", "事前に公表した確認値"),
]


def texts() -> Iterator[tuple[str, str]]:
    """(where, text): the messages, then what the programme files say in Japanese."""
    for text, message in found().items():
        yield min(message.files), text
        if message.plural:
            yield min(message.files), message.plural
    for path in sorted((ROOT / "grants" / "programmes" / "data").glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for text in said(content):
            yield str(path.relative_to(ROOT)), text


def said(value: object) -> Iterator[str]:
    if isinstance(value, str) and re.search("[ぁ-ん]", value):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from said(part)
    elif isinstance(value, list):
        for part in value:
            yield from said(part)


def faults(text: str) -> list[str]:
    """What of the list a text breaks: 「ごらん」 → ご覧."""
    for quoted in QUOTED:
        text = text.replace(quoted, "")
    return [
        f"「{hit[0]}」 → {word.written}"
        for word in (*SPELLING, *MEANING)
        if (hit := re.search(word.refused, text))
    ]


def main() -> int:
    wrong = [(where, text, fault) for where, text in texts() for fault in faults(text)]
    for where, text, fault in wrong:
        print(f"{where}: {fault}: {text[:60]}")
    print(f"{len(wrong)} words to mend" if wrong else "The words are those of the word list.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
