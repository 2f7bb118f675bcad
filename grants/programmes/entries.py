"""One entry of [[texts]] in a programme file, or who the programme is, written anew: every other sign of the
file stays as it is (`editing/document.py`).
"""

import re
from collections.abc import Iterable, Mapping

from grants.programmes.editing import document
from grants.programmes.editing.document import Unwritable

__all__ = ["Unwritable", "of_another", "of_nothing", "with_words"]


def with_words(text: str, paper: str, words: Mapping[str, str]) -> str:
    """The file with these words on papers of a kind, by the names of their parts; without its entry
    where all are empty. Raises Unwritable.
    """
    before = document.loads(text).get("texts", [])
    place = next((n for n, row in enumerate(before) if row.get("paper") == paper), None)
    said = {name: value for name, value in words.items() if value}
    if place is None:
        return document.with_row(text, ("texts",), {"paper": paper, **said}) if said else text
    if not said:
        return document.without_row(text, ("texts",), place)
    for name, value in words.items():
        if value != before[place].get(name, ""):
            text = document.with_value(text, ("texts", place, name), value or None)
    return text


def of_another(text: str, *, code: str, prefix: str, name: Mapping[str, str]) -> str:
    """The file as that of another programme, which no paper has published anything of yet: without its
    sources, and without the remark at its head. Raises Unwritable.
    """
    for path, value in (
        (("code",), code),
        (("prefix",), prefix),
        *((("name", language), said) for language, said in name.items()),
        (("sources",), None),
    ):
        text = document.with_value(text, path, value)
    return re.sub(r"\A(?:#[^\n]*\n)+", "", text)


def of_nothing(
    *, code: str, prefix: str, name: Mapping[str, str], municipalities: Iterable[str]
) -> str:
    """The file of a programme of which nothing but its names and towns is known yet."""
    text = ""
    for path, value in (
        (("code",), code),
        (("prefix",), prefix),
        (("municipalities",), list(municipalities)),
        (("name",), name),
    ):
        text = document.with_value(text, path, value)
    return text
