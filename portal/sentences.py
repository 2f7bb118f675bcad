"""Sentences one after another: Japanese has no space between them, other languages have one."""

from collections.abc import Iterable

from django.utils.translation import get_language

from portal.types import Text


def joined(sentences: Iterable[Text]) -> str:
    return ("" if get_language() == "ja" else " ").join(filter(None, map(str, sentences)))
