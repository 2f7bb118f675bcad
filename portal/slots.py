"""Texts with places for values: {amount} and such, from a fixed table; nothing else is ever looked up."""

import re
from collections.abc import Mapping

_SLOT = re.compile(r"\{([a-z_]+)\}")


class Misfit(ValueError):
    """A brace that names no value; its text is what stands there."""


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its values. Raises Misfit for a name that there is not, and for a stray brace."""
    if found := misfits(text, values):
        raise Misfit(found[0])
    return _SLOT.sub(lambda slot: values[slot[1]], text)


def misfits(text: str, values: Mapping[str, str]) -> list[str]:
    """What stands in braces and is no name of a value; braces that stand alone."""
    unknown = [slot[0] for slot in _SLOT.finditer(text) if slot[1] not in values]
    return unknown + re.findall(r"\{[^{}]*\}?|\}", _SLOT.sub("", text))
