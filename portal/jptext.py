"""Japanese text: what may be normalised (numbers, kana, search keys) and what never is (names)."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import jaconv

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー－ｰ"), "-")
_APART = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_REFUSED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def digits(text: str) -> str:
    """Digits typed in full or half width, with hyphens, commas or spaces, as plain digits; other
    signs stay.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return re.sub(r"[\s,、，\-]", "", folded)


def whole(text: object, otherwise: int) -> int:
    """A whole number that nobody typed (a hidden field, an address); `otherwise` where it makes no
    sense.
    """
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else otherwise


def kana(text: str) -> str:
    """Full-width katakana from hiragana or half width."""
    return jaconv.hira2kata(jaconv.h2z(text.strip(), kana=True, ascii=True, digit=True))


def composed_kana(text: str) -> str:
    """か with a separate ゛, as some systems write file names, becomes が; other letters stay exactly
    as they are.
    """
    return _APART.sub(lambda pair: unicodedata.normalize("NFC", pair[0]), text)


def search_key(text: str) -> str:
    """The column beside a name that search compares with: folded width, case, kana and spaces.

    Never shown.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    return re.sub(r"\s+", "", jaconv.hira2kata(folded))


_LARGE_KANA = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_OLD_FORMS = str.maketrans(
    "會經營實驗藥學廣圖應發傳萬國澤邊齋濱髙﨑眞德櫻圓賣假勞區單嚴團壓屬廳據擔數條樣氣淺點當禮稅竝總續聲與舊處變轉輕遲醫鐵關體齒",
    "会経営実験薬学広図応発伝万国沢辺斎浜高崎真徳桜円売仮労区単厳団圧属庁拠担数条様気浅点当礼税並総続声与旧処変転軽遅医鉄関体歯",
)
_SPOKEN = re.compile("[-・]")  # after `_DASHES`: long vowels and hyphens, which people leave out
_SPACE = re.compile("(?<![a-z0-9]) | (?![a-z0-9])")


def loose_key(text: str) -> str:
    """A text as people's own words are compared with it: `search_key`, and besides large for small kana,
    new for old kanji, without long vowels, hyphens and middle dots; Latin words stay apart.

    Never shown.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    kana_alike = jaconv.hira2kata(folded).translate(_LARGE_KANA).translate(_OLD_FORMS)
    return _SPACE.sub("", re.sub(r"\s+", " ", _SPOKEN.sub("", kana_alike)))


# one writing of what differs in names alone, from family register to family register
_ONE_WRITING = str.maketrans(
    "髙﨑濵濱邊邉齋齊斎澤櫻德廣國龍眞惠桒栁槗嶋嶌", "高崎浜浜辺辺斉斉斉沢桜徳広国竜真恵桑柳橋島島"
)


def found_key(text: str) -> str:
    """A text as cases are searched by it: `search_key`, and besides large for small kana (ヶ as ケ), new
    for old kanji and one writing of what differs in names (髙 as 高). Never shown.
    """
    alike = search_key(text).translate(_LARGE_KANA).translate(_OLD_FORMS)
    return alike.translate(_ONE_WRITING)


_NO_LETTERS = str.maketrans("", "", "-().・")
_PHONE = re.compile("0[0-9]{8,10}")
_KANJI_NAME = re.compile("[一-鿿々〆ヶ𠀀-𪛟]{3,5}")


@lru_cache(maxsize=8192)
def _letters(sign: str) -> str:
    plain = unicodedata.normalize("NFD", search_key(sign).translate(_ONE_WRITING))
    return plain.translate(_NO_LETTERS)


def folded(text: str) -> tuple[str, list[int]]:
    """A text as it is compared with others, and where each of its signs stands."""
    at = [(letter, n) for n, sign in enumerate(text) for letter in _letters(sign)]
    return "".join(letter for letter, _n in at), [n for _letter, n in at]


def names_of(person: str) -> set[str]:
    """By what a person would be known: the whole name, and the names it is written of. Of one that is
    written without a space, the first two signs, as most family names are.
    """
    parts = person.split()
    if len(parts) == 1 and _KANJI_NAME.fullmatch(person.strip()):
        parts.append(person.strip()[:2])
    return {person, *parts}


def _also_abroad(needle: str) -> set[str]:
    """A telephone number also as it is dialled from abroad, with its zero or without."""
    if not _PHONE.fullmatch(needle):
        return {needle}
    return {needle, f"+81{needle}", f"+81{needle[1:]}"}


def occurrences(text: str, needles: Iterable[str]) -> list[tuple[int, int]]:
    """Where in `text` (start, end) one of the needles stands, in order and apart: in any width, case,
    kana and spacing, with or without hyphens, brackets, dots and long vowels, in either form of a
    name's kanji, a telephone number also with +81.
    """
    signs, at = folded(text)
    found: list[tuple[int, int]] = []
    plain = {folded(needle)[0] for needle in needles} - {""}
    for needle in set().union(*map(_also_abroad, plain)):
        start = signs.find(needle)
        while start >= 0:
            found.append((at[start], at[start + len(needle) - 1] + 1))
            start = signs.find(needle, start + 1)
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


_NUMERALS = {sign: n for n, sign in enumerate("〇一二三四五六七八九")}
_COUNTED = re.compile("([〇一二三四五六七八九十百]+)(?=条|丁目|番|号|線)")
_PARTS = re.compile("丁目|番地|番|号|(?<=[0-9地])ノ(?=[0-9])")  # after `search_key`: の is ノ


def _number(written: str) -> str:
    """二十三 as 23."""
    if not set(written) & set("十百"):
        return "".join(str(_NUMERALS[sign]) for sign in written)
    total, digit = 0, 0
    for sign in written:
        if sign in _NUMERALS:
            digit = _NUMERALS[sign]
        else:
            total, digit = total + max(digit, 1) * (100 if sign == "百" else 10), 0
    return str(total + digit)


def address_key(text: str) -> str:
    """An address for comparison, however its numbers are written: 北一条西２丁目１番地 and 北1条西2-1 are the
    same.
    """
    folded = _COUNTED.sub(lambda found: _number(found[1]), search_key(text))
    return re.sub("-+", "-", _PARTS.sub("-", folded)).strip("-")


def same_address(one: str, other: str) -> bool:
    """True where both name one place; either may go on with the building or stop at the block."""
    short, long = sorted((address_key(one), address_key(other)), key=len)
    return long.startswith(short) and not long[len(short) :][:1].isdecimal()


def has_refused_sign(text: str) -> bool:
    """True for control and bidirectional signs, which no name or answer needs (variation selectors
    are kept).
    """
    return bool(_REFUSED.search(text))
