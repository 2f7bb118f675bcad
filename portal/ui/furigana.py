"""Readings above the kanji of the portal's own texts, for whoever asks for them.

The words and their readings are a table (`readings.txt`, decision 0133): what stands in it is right, and
a row of kanji that it does not know as a whole, as a name of a firm, gets none. A first sign `0` in the
table means behind a figure, `か` behind that sign.
"""

import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import timedelta
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from portal import jptext

COOKIE = f"{settings.COOKIE_PREFIX}furigana"
KANJI = "\u3400-\u9fff々〆"
_RUN = re.compile(rf"(?P<n>[0-9０-９○]*)(?P<ka>か?)(?P<run>[{KANJI}]+)")
_ONE = re.compile(f"[{KANJI}]")
# signs of a page that are read anew; what was read before is kept, as the portal's own texts are
MOST = 20_000
_read_anew: ContextVar[int] = ContextVar("_read_anew", default=0)
_PARTS = re.compile(rf"[{KANJI}]+|[^{KANJI}]+")
# what is shown as it is: what was typed, chosen, drawn or quoted; then a tag, then text
_HTML = re.compile(
    r"<(script|style|textarea|select|title|svg|code|pre|ruby|datalist|as-typed)\b.*?</\1\s*>"
    r"""|<!--.*?-->|<(?:"[^"]*"|'[^']*'|[^'">])*>|(?P<text>[^<]+)""",
    re.DOTALL | re.IGNORECASE,
)
# a word of one kanji is that word only before a particle or a sign: 人の, and not 人々 or 後れる
_ALONE = re.compile(r"[のをにへもとで、。（）「」：・／\s0-9&]|は|が|から|まで|より|や|など|$")
DAYS = {
    2: "ふつか",
    3: "みっか",
    4: "よっか",
    5: "いつか",
    6: "むいか",
    7: "なのか",
    8: "ようか",
    9: "ここのか",
    10: "とおか",
    14: "じゅうよっか",
    20: "はつか",
    24: "にじゅうよっか",
}
TAILS = {
    "": "",
    "以内": "いない",
    "以上": "いじょう",
    "以下": "いか",
    "前": "まえ",
    "後": "ご",
    "間": "かん",
    "目": "め",
    "分": "ぶん",
}


ROWS = (
    "あいうえおわ",
    "かきくけこ",
    "がぎぐげご",
    "さしすせそ",
    "たちつてと",
    "なにぬねの",
    "ばびぶべぼ",
    "まみむめも",
    "らりるれろ",
)
# what one kanji in brackets is: a day of the week, or what is counted
IN_BRACKETS = {
    "月": "げつ",
    "火": "か",
    "水": "すい",
    "木": "もく",
    "金": "きん",
    "土": "ど",
    "日": "にち",
    "祝": "しゅく",
    "人": "にん",
    "円": "えん",
    "件": "けん",
}


@cache
def _readings() -> dict[str, str]:
    lines = Path(__file__).with_name("readings.txt").read_text("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)


def _above(word: str, reading: str) -> str:
    return f"<ruby>{word}<rt>{reading}</rt></ruby>"


def _ruby(word: str, reading: str) -> str:
    """The word with its reading above its kanji alone: what it has in kana stands beside them."""
    return "".join(
        part if part == said else _above(part, said) for part, said in _aligned(word, reading)
    )


def _aligned(word: str, reading: str) -> list[tuple[str, str]]:
    """The parts of a word, in kanji and in kana, each with what is read."""
    parts = _PARTS.findall(word)
    pattern = "".join("(.+?)" if re.match(f"[{KANJI}]", p) else f"({re.escape(p)})" for p in parts)
    found = re.fullmatch(pattern, reading)
    return list(zip(parts, found.groups(), strict=True)) if found else [(word, word)]


@cache
def _stems() -> dict[tuple[str, str], str]:
    """(kanji, row of the kana behind them) → reading, where all words of the table agree: other forms of
    a verb or an adjective are read alike (待つ, 待たない; but 出す, 出る).
    """
    found: dict[tuple[str, str], set[str]] = {}
    for word, reading in _readings().items():
        (kanji, said), (kana, _same) = [("", ""), *_aligned(word, reading)][-2:]
        if re.match(f"[{KANJI}]", kanji) and (row := _row(kana)):
            found.setdefault((kanji, row), set()).add(said)
    return {key: said.pop() for key, said in found.items() if len(said) == 1}


def _row(kana: str) -> str:
    """The row of the table of fifty sounds; what a verb may have of several rows stands alone."""
    first = kana[:1]
    if first in ("い", "っ", "ん"):
        return first
    return next((row for row in ROWS if first and first in row), "")


def _behind_figure(number: str, run: str) -> str:
    """Days, people and minutes are read otherwise behind each figure; "" where that is not known."""
    tail = TAILS.get(run[1:])
    if tail is None:
        return ""
    n = jptext.whole(number, -1)
    rest = _ruby(run[1:], tail) if tail else ""
    match run[0]:
        case "日" if n in DAYS:
            return _above(f"{number}日", DAYS[n]) + rest
        case "日" if n != 1:  # the first of a month, or one day
            return number + _ruby("日", "にち") + rest
        case "人" if n in (1, 2):
            return _above(f"{number}人", ("ひとり", "ふたり")[n - 1]) + rest
        case "人":
            return number + _ruby("人", "にん") + rest
        case "分":
            return number + _ruby("分", "ふん" if n % 10 in (2, 5, 7, 9) else "ぷん") + rest
    return ""


def _longest(text: str, start: int, stop: int, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Words of the table that begin at `start`, the longest first; one that ends in kana may go on
    beyond the row of kanji, which ends at `stop`.
    """
    readings = _readings()
    for end in range(min(len(text), start + 24), start, -1):
        word = text[start:end]
        reading = readings.get(prefix + word)
        is_cut = end > stop and re.match(f"[{KANJI}]{{2}}", text[end - 1 : end + 1])
        if reading is None or is_cut:
            continue
        yield word, reading


def _words(text: str, start: int, stop: int, prefix: str = "") -> list[tuple[str, str]]:
    """The row of kanji as words of the table, at most two; [] where it is not known as a whole."""
    before = text[start - 1 : start]
    if before + text[stop : stop + 1] == "（）" and stop - start == 1:
        return [(text[start], IN_BRACKETS[text[start]])] if text[start] in IN_BRACKETS else []
    for word, reading in _longest(text, start, stop, prefix):
        end = start + len(word)
        if end < stop:
            rest = [one for one in _longest(text, end, stop) if end + len(one[0]) >= stop]
            if len(word) > 1 and rest and len(rest[0][0]) > 1:
                return [(word, reading), rest[0]]
        elif len(word) > 1 or prefix or _is_alone(text, start, end):
            return [(word, reading)]
    run = text[start:stop]
    stem = _stems().get((run, _row(text[stop : stop + 1])))
    return [(run, stem)] if stem else []


def _is_alone(text: str, start: int, end: int) -> bool:
    """Is the kanji a word by itself: no unit under a field (人), nor one of several (年・月・日)?"""
    before = text[start - 1 : start]
    return before != "・" and len(text.strip()) > 1 and _ALONE.match(text, end) is not None


@lru_cache(4096)
def read(text: str) -> str:
    """The text, which is HTML without tags, with readings."""
    _read_anew.set(_read_anew.get() + len(text))
    done, out = 0, []
    for found in _RUN.finditer(text):
        start, stop = found.span("run")
        if start < done:
            continue  # the word before reached into this row of kanji
        number, run = found["n"], found["run"]
        if number and not found["ka"] and run[0] in "日人分":
            is_share = run == "分" and text[stop : stop + 1] == "の"
            said = number + _ruby("分", "ぶん") if is_share else _behind_figure(number, run)
            if said:
                out += [text[done : found.start()], said]
                done = stop
            continue
        prefix = (
            "か" if found["ka"] and run[0] in "月所" else "0" if number and not found["ka"] else ""
        )
        words = _words(text, start, stop, prefix) or (
            _words(text, start, stop) if prefix == "0" and len(run) > 1 else []
        )
        if words:
            out.append(text[done:start])
            out += [_ruby(word, reading) for word, reading in words]
            done = start + sum(len(word) for word, _reading in words)
    # one element: where a line is laid out part by part, its words stay together
    return f"<furi-gana>{''.join([*out, text[done:]])}</furi-gana>" if out else text


def above(page: str) -> str:
    """A page with readings in its texts; fields, lists to choose from, drawings and what people typed
    (`as-typed`) stay as they are. Whatever else they wrote, a page costs no more than `MOST` signs.
    """
    _read_anew.set(0)
    head, body, rest = page.partition("<body")
    if not body:
        return page
    return head + _HTML.sub(lambda m: _of_page(m["text"]) if m["text"] else m[0], body + rest)


def _of_page(text: str) -> str:
    """One text of a page, as it is where it has no kanji or the page has had its readings."""
    is_read = _ONE.search(text) is not None and _read_anew.get() + len(text) <= MOST
    return read(text) if is_read else text


def wanted(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) == "on"


class Furigana:
    """`?furigana=on` or `off` on any page is kept for the browser, and leads to the page without it.
    The office's pages are shown without readings.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and (use := request.GET.get("furigana")) in ("on", "off"):
            return _kept(request, use)
        response = self.get_response(request)
        if not response.get("Content-Type", "").startswith("text/html") or response.streaming:
            return response
        patch_vary_headers(response, ["Cookie"])
        if _is_shown(request) or getattr(response, "has_furigana", False):
            response.content = above(response.content.decode()).encode()
        return response


def _is_shown(request: HttpRequest) -> bool:
    # as the page read it: no question to the database from here
    user = getattr(request, "_cached_user", None)
    is_office = user is not None and user.is_authenticated and user.is_office
    return get_language() == "ja" and wanted(request) and not is_office


def _kept(request: HttpRequest, use: str) -> HttpResponse:
    left = request.GET.copy()
    del left["furigana"]
    answer = HttpResponseRedirect(f"?{left.urlencode()}")  # of the same page, whatever its path
    answer.set_cookie(
        COOKIE,
        use,
        max_age=timedelta(days=365),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer
