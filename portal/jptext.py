"""Japanese text: what may be normalised (numbers, kana, search keys) and what never is (names)."""

import re
import unicodedata

import jaconv

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー－ｰ"), "-")
_APART = re.compile("[\u3041-\u30ff][\u3099\u309a]")
_REFUSED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def digits(text: str) -> str:
    """Digits typed in full or half width, with hyphens, commas or spaces, as plain digits; other signs stay."""
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return re.sub(r"[\s,、，\-]", "", folded)


def whole(text: object, otherwise: int) -> int:
    """A whole number that nobody typed (a hidden field, an address); `otherwise` where it makes no sense."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else otherwise


def kana(text: str) -> str:
    """Full-width katakana from hiragana or half width."""
    return jaconv.hira2kata(jaconv.h2z(text.strip(), kana=True, ascii=True, digit=True))


def composed_kana(text: str) -> str:
    """か with a separate ゛, as some systems write file names, becomes が; other letters stay exactly as they are."""
    return _APART.sub(lambda pair: unicodedata.normalize("NFC", pair[0]), text)


def search_key(text: str) -> str:
    """The column beside a name that search compares with: folded width, case, kana and spaces. Never shown."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    return re.sub(r"\s+", "", jaconv.hira2kata(folded))


def has_refused_sign(text: str) -> bool:
    """True for control and bidirectional signs, which no name or answer needs (variation selectors are kept)."""
    return bool(_REFUSED.search(text))
