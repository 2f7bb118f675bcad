"""ことばの表: words as people say them → purposes, trades and places, from `vocabulary.toml`, the registry
and what the office added on screen.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from grants.programmes.parts import Bilingual
from portal import jptext
from portal.registry.models import Municipality, in_english

SHIPPED = Path(__file__).parent / "vocabulary.toml"


class Said(BaseModel):
    """What several words mean alike, and what it is called on pages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Bilingual
    words: tuple[str, ...]

    def __str__(self) -> str:
        return self.name.en if in_english() else self.name.ja


class Topic(Said):
    """A purpose that programmes state. `near`: those shown where no programme states this one."""

    key: str
    near: tuple[str, ...] = ()


class Trade(Said):
    """A trade: its middle groups of the industrial classification (日本標準産業分類)."""

    codes: tuple[str, ...] = Field(min_length=1)


class Vocabulary(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    generic: tuple[str, ...]
    topics: tuple[Topic, ...]
    trades: tuple[Trade, ...]


@dataclass(frozen=True)
class Place:
    """A municipality whose name was typed."""

    code: str
    ja: str
    en: str

    def __str__(self) -> str:
        return self.en if in_english() else self.ja


# what a word means; None: it says nothing about what one looks for
Meaning: TypeAlias = Topic | Trade | Place | None


@cache
def shipped() -> Vocabulary:
    return Vocabulary.model_validate(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


@cache
def topics() -> dict[str, Topic]:
    return {topic.key: topic for topic in shipped().topics}


def known_topic(key: str) -> str:
    """The key of a purpose, for a programme that states it. Raises ValueError for any other."""
    if key not in topics():
        raise ValueError(
            _("%(expected)sのどれかを書いてください。") % {"expected": "、".join(topics())}
        )
    return key


@cache
def _shipped_words() -> dict[str, Meaning]:
    words: dict[str, Meaning] = {jptext.loose_key(word): None for word in shipped().generic}
    meanings: tuple[Trade | Topic, ...] = (*shipped().trades, *shipped().topics)
    for meaning in meanings:
        words |= dict.fromkeys(map(jptext.loose_key, meaning.words), meaning)
    return words


def words(added: Mapping[str, str]) -> dict[str, Meaning]:
    """Word as `jptext.loose_key` writes it → what it means; `added`: word → topic, by the office."""
    own = {jptext.loose_key(word): topics()[key] for word, key in added.items() if key in topics()}
    return _shipped_words() | dict(_places()) | own


def _places() -> Iterator[tuple[str, Place]]:
    """The municipalities, with and without 市 or 町; the city of the portal itself says nothing."""
    for row in Municipality.objects.all():
        place = Place(row.code, row.name, row.name_en)
        for word in (row.name, row.name[:-1], row.name_en):
            if jptext.loose_key(word) not in _shipped_words():
                yield jptext.loose_key(word), place
