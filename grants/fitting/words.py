"""Several names in one sentence, as the reader's language joins them."""

from collections.abc import Iterable

from portal.registry.models import in_english


def joined(names: Iterable[object]) -> str:
    return (", " if in_english() else "、").join(map(str, names))
