"""One entry of [[texts]] in a programme file, or who the programme is, written anew: every other sign of the
file stays as it is, comments included. What was written is read back and compared, so that a file in another
hand than ours is refused, never spoiled.
"""

import itertools
import json
import re
import tomllib
from collections.abc import Mapping

# strings and comments, in which nothing is a table or a name
_SHADED = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)
_HEAD = re.compile(r"^[ \t]*\[\[[ \t]*texts[ \t]*\]\][ \t]*$", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


class Unwritable(ValueError):
    """The file is laid out so that one entry cannot be written without the rest."""


def with_words(text: str, paper: str, words: Mapping[str, str]) -> str:
    """The file with these words on papers of a kind, by the names of their parts; without its entry
    where all are empty. Raises Unwritable.
    """
    text = text.replace("\r\n", "\n")
    stated = tomllib.loads(text)
    before: list[dict[str, str]] = stated.get("texts", [])
    spans, said = _spans(text), {name: value for name, value in words.items() if value}
    if len(spans) != len(before):
        raise Unwritable
    place = next((n for n, row in enumerate(before) if row.get("paper") == paper), None)
    after = [row for row in before if row.get("paper") != paper]
    if place is None:
        start = end = spans[-1][1] if spans else len(text.rstrip("\n"))
        entry = _with(f'[[texts]]\npaper = "{paper}"', said)
        new, place = f"{text[:start]}\n\n{entry}{text[end:] or chr(10)}", len(before)
    else:
        start, end = spans[place]
        changed = {n: words[n] for n in words if words[n] != before[place].get(n, "")}
        entry = _with(text[start:end], changed) if said else ""
        new = (text[:start] if said else text[:start].rstrip("\n")) + entry + text[end:]
    if said:
        after.insert(place, {"paper": paper, **said})
    if _read(new) != stated | {"texts": after}:
        raise Unwritable
    return new


def of_another(text: str, *, code: str, prefix: str, name: Mapping[str, str]) -> str:
    """The file as that of another programme, which no paper has published anything of yet: without its
    sources, and without the remark at its head. Raises Unwritable.
    """
    text = text.replace("\r\n", "\n")
    said = {"": {"code": code, "prefix": prefix}, "[name]": dict(name)}
    new = "".join(
        _with(part, said[head]) if head in said else part
        for head, part in _tables(text)
        if not head.strip("[]").startswith("sources")
    )
    new = re.sub(r"\A(?:#[^\n]*\n)+", "", new)
    stated = _read(text) | {"code": code, "prefix": prefix, "name": dict(name)}
    stated.pop("sources", None)
    if _read(new) != stated:
        raise Unwritable
    return new


def _tables(text: str) -> list[tuple[str, str]]:
    """(head, text from it to the next one); what stands before the first has none."""
    shaded = _shade(text)
    starts = [0, *(found.start() for found in _TABLE.finditer(shaded)), len(text)]
    parts = [text[start:end] for start, end in itertools.pairwise(starts)]
    return [("", parts[0]), *((part.partition("\n")[0].strip(), part) for part in parts[1:])]


def _read(text: str) -> dict[str, object]:
    try:
        return {"texts": [], **tomllib.loads(text)}
    except ValueError as error:
        raise Unwritable from error


def _shade(text: str) -> str:
    """The text in as many signs, its comments blank and its strings filled: only names and tables
    can be found in it.
    """
    return _SHADED.sub(
        lambda part: re.sub(r"[^\n]", " " if part[0][0] == "#" else "~", part[0]), text
    )


def _spans(text: str) -> list[tuple[int, int]]:
    """Where each entry begins and ends: from its head to the line of its last value."""
    shaded, found = _shade(text), []
    for head in _HEAD.finditer(shaded):
        following = _TABLE.search(shaded, head.end())
        inside = shaded[head.start() : following.start() if following else len(shaded)]
        end = text.find("\n", head.start() + len(inside.rstrip()))
        found.append((head.start(), len(text) if end < 0 else end))
    return found


def _with(entry: str, words: Mapping[str, str]) -> str:
    """The entry with each part as it is to be: what is empty goes, what is new comes last."""
    for name, value in words.items():
        shaded = _shade(entry)
        key = re.search(rf"^[ \t]*{name}[ \t]*=[ \t]*(?=~)", shaded, re.MULTILINE)
        if key is None:
            entry += f"\n{name} = {_quoted(value)}" if value else ""
            continue
        token = _SHADED.match(entry, key.end())
        if token is None:
            raise Unwritable
        rest = entry[token.end() :]
        if value:
            entry = entry[: key.end()] + _quoted(value) + rest
        else:
            entry = entry[: key.start()].rstrip("\n") + "\n" + rest.partition("\n")[2]
            entry = entry.rstrip("\n")
    return entry


def _quoted(value: str) -> str:
    """A string of TOML; one of several lines as it looks."""
    if "\n" not in value:
        return json.dumps(value, ensure_ascii=False)
    body = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"""\n{body}"""'
