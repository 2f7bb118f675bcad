"""Japanese text: what may be normalised (numbers, kana, search keys) and what never is (names)."""

import re
import unicodedata
from decimal import Decimal

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


def yen(text: str) -> int:
    """A sum typed as ３，２００，０００円 or 3200000. Raises ValueError for anything else."""
    plain = re.sub(r"^[¥￥\\]|円$", "", digits(text))
    if unicodedata.normalize("NFKC", text).translate(_DASHES).strip().startswith("-"):
        raise ValueError(text)
    if not re.fullmatch(r"[0-9]{1,15}", plain):
        raise ValueError(text)
    return int(plain)


def decimal(text: str) -> Decimal:
    """A number with decimals typed in any width, with or without commas. Raises ValueError for anything else."""
    plain = re.sub(r"[\s,、，]", "", unicodedata.normalize("NFKC", text).translate(_DASHES))
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", plain):
        raise ValueError(text)
    return Decimal(plain)


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
