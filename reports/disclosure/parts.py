"""Which parts of a case belong to a copy: each is in it, or left out with a reason that the copy
says.
"""

from collections.abc import Iterator, Mapping, Sequence

from reports.disclosure.masking import Marked, masked


def key_of(n: int) -> str:
    """How the part that begins with line `n` is named where it is left out."""
    return f"part:{n}"


def parts(lines: Sequence[Marked]) -> list[tuple[str, str]]:
    """(key, label as it is handed out) of each part."""
    return [
        (key_of(n), masked(text, spans))
        for n, (kind, text, spans) in enumerate(lines)
        if kind == "part"
    ]


def belonging(lines: Sequence[Marked], left_out: Mapping[str, str]) -> Iterator[tuple[int, Marked]]:
    """The lines of the copy, with their numbers among all."""
    is_out = False
    for n, line in enumerate(lines):
        if line[0] == "part":
            is_out = key_of(n) in left_out
        if not is_out:
            yield n, line


def absent(lines: Sequence[Marked], left_out: Mapping[str, str]) -> list[tuple[str, str]]:
    """(what, why) of each part that is not in the copy."""
    return [(label, left_out[key]) for key, label in parts(lines) if key in left_out]
