"""What somebody means who types a few words: the known words in them, longest first, and the rest."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TypeVar

from grants.programmes.finding.vocabulary import Meaning, Place, Topic, Trade
from portal import jptext

M = TypeVar("M", Topic, Trade, Place)

REST = 5  # words looked for in the texts themselves; further ones are left out
ALIKE = 0.75  # of 1: how much of a mistyped word agrees with the one that was meant
LONG = 4  # signs: of shorter words too many are alike
SHORT = 2  # signs: a word so short is one only where it stands alone
_SCRIPTS = ("[a-z]", "[0-9]", "[ァ-ヺー]", "[ぁ-ゖ]", "[一-鿿々〆]")
_AFTER = "をがにでのはもとへや"  # particles: what stands before one is a word
_LITTLE = frozenset(  # English words that stand in every text and name nothing
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "do",
        "for",
        "from",
        "get",
        "have",
        "how",
        "i",
        "in",
        "is",
        "it",
        "like",
        "my",
        "need",
        "of",
        "on",
        "or",
        "our",
        "some",
        "that",
        "the",
        "this",
        "to",
        "use",
        "want",
        "we",
        "with",
        "would",
    ]
)
_TOKEN = re.compile(r"[一-鿿々〆]{2,}|[ァ-ヺー]{2,}|[a-z0-9&+.]{2,}", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A known word as it was typed, and what it means."""

    typed: str
    meaning: Meaning


@dataclass(frozen=True)
class Understood:
    """`whole`: all that was typed, as texts are compared; `rest`: words that no table knows."""

    whole: str
    found: tuple[Found, ...]
    rest: tuple[str, ...]

    @cached_property
    def topics(self) -> dict[Topic, str]:
        """Each purpose once → the word that named it first."""
        return self._named(Topic)

    @cached_property
    def trades(self) -> dict[Trade, str]:
        return self._named(Trade)

    @cached_property
    def places(self) -> dict[Place, str]:
        return self._named(Place)

    @property
    def names_no_aim(self) -> bool:
        """Who asks or where, or words that fit every support, such as 補助金, and nothing else."""
        return bool(self.found) and not (self.topics or self.rest)

    def _named(self, kind: type[M]) -> dict[M, str]:
        named: dict[M, str] = {}
        for found in self.found:
            if isinstance(found.meaning, kind):
                named.setdefault(found.meaning, found.typed)
        return named


def understand(text: str, words: Mapping[str, Meaning]) -> Understood:
    """The words of `text` that the table knows (`vocabulary.words`), and what is left."""
    typed = unicodedata.normalize("NFKC", text)
    found = list(_known(typed, words))
    left = list(typed)
    for start, end, _meaning in found:
        left[start:end] = " " * (end - start)
    known = [Found(typed[start:end], meaning) for start, end, meaning in found]
    tokens = dict.fromkeys(_TOKEN.findall("".join(left)))
    rest = [token for token in tokens if token.casefold() not in _LITTLE][:REST]
    known += [close for token in rest if (close := _mistyped(token, words))]
    return Understood(jptext.loose_key(text), tuple(known), tuple(rest))


def _known(typed: str, words: Mapping[str, Meaning]) -> Iterator[tuple[int, int, Meaning]]:
    """(start, end, meaning) of the known words, from the left, at each place the longest."""
    longest = max(map(len, words), default=0) + 6  # long vowels and hyphens are typed, or not
    start = 0
    while start < len(typed):
        ends = range(min(len(typed), start + longest), start, -1)
        end = next((end for end in ends if _is_word(typed, start, end, words)), start)
        if end > start:
            yield start, end, words[jptext.loose_key(typed[start:end])]
        start = max(end, start + 1)


def _is_word(typed: str, start: int, end: int, words: Mapping[str, Meaning]) -> bool:
    piece = typed[start:end]
    if piece != piece.strip() or (key := jptext.loose_key(piece)) not in words:
        return False
    if key.isascii() or len(key) < SHORT or (len(key) == SHORT and not _is_kanji(piece)):
        return not (_goes_on(typed, start - 1, start) or _goes_on(typed, end - 1, end))
    # the vowel that the word ends with is not the beginning of the next
    return typed[end : end + 1] != "ー"


def _is_kanji(piece: str) -> bool:
    return bool(re.fullmatch(_SCRIPTS[4] + "+", piece))


def _goes_on(typed: str, left: int, right: int) -> bool:
    """Are these two neighbours signs of one word?"""
    if left < 0 or right >= len(typed) or typed[right] in _AFTER:
        return False
    one, other = typed[left].casefold(), typed[right].casefold()
    return any(re.match(script, one) and re.match(script, other) for script in _SCRIPTS)


def _mistyped(token: str, words: Mapping[str, Meaning]) -> Found | None:
    """The known word that a typed one nearly is."""
    key = jptext.loose_key(token)
    if len(key) < LONG:
        return None
    long = [word for word in words if len(word) >= LONG]
    close = get_close_matches(key, long, n=1, cutoff=ALIKE)
    return Found(token, words[close[0]]) if close else None
